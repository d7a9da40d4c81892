"""Where do the links of a page on the phone lead?"""

from urllib.parse import quote

LEAVE = "/leave"
UNDER = "/s/"
ACCESSIBILITY = "/accessibility"


def addresses(token: str | None) -> dict[str, str | None]:
    """A way to leave and, under a link, to stop the texts, to see who asks, and to the start.

    Written out, not looked up: a page needs them all, and the router takes longer than the page.
    """
    start = f"{UNDER}{quote(token, safe='')}" if token else None
    return {
        "leave_url": LEAVE,
        "token": token,
        "start_url": start,
        "stop_url": f"{start}/stop" if start else None,
        "about_url": f"{start}/about" if start else None,
        "access_url": f"{start or ''}{ACCESSIBILITY}",
    }
