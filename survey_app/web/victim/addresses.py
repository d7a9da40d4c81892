"""Where do the links of a page on the phone lead?"""

from urllib.parse import quote

from flask import url_for

from survey_app.web.shared.handed_over import find_hand_over

LEAVE = "/leave"
UNDER = "/s/"
ACCESSIBILITY = "/accessibility"


def addresses(token: str | None) -> dict[str, str | None]:
    """A way to leave and, under a link, to stop the texts, to see who asks, and to the start.

    Written out, not looked up: a page needs them all, and the router takes longer than the page.
    """
    start = start_address(token) if token else None
    return {
        "leave_url": LEAVE,
        "token": token,
        "start_url": start,
        "stop_url": f"{start}/stop" if start else None,
        "about_url": f"{start}/about" if start else None,
        "access_url": f"{start or ''}{ACCESSIBILITY}",
    }


def give_back_address() -> str | None:
    """Where a tablet that a worker handed over is given back; None on a person's own phone."""
    return url_for("caseworker.give_back") if find_hand_over() else None


def start_address(token: str) -> str:
    """The first page of this link, which is its last as well."""
    return f"{UNDER}{quote(token, safe='')}"


def question_address(token: str, number: int) -> str:
    """The question of this number under this link."""
    return f"{start_address(token)}/{number}"


def finish_address(token: str) -> str:
    """Where to end before the last question."""
    return f"{start_address(token)}/finish"
