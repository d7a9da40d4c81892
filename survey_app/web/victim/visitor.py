"""What does the one session cookie know? Which links this phone began, and a word to say next.

It holds ids of requests, and the codes to take answers back; never a token, a name or an answer.
It ends with the browser, or with "Leave this page".
"""

import secrets
from enum import StrEnum

from flask import session

from survey_app.usecases.respond.links import Link

_BEGUN = "r"
_EXIT = "x"
_NOTE = "n"
_FORM = "t"
_CODES = "c"
LINKS_KEPT = 3
"""Someone may have a baseline and a closure link; no more are kept, so the cookie stays small."""


class Note(StrEnum):
    """Something that the next page says once."""

    LOST = "lost"
    """What was sent last did not reach us."""
    DROPPED = "dropped"
    """Answers that no longer apply were taken out."""
    NOT_ASKED = "not-asked"
    """The question no longer applies; its answer was not kept."""
    OUT_OF_DATE = "out-of-date"
    """The page was for another question."""
    UNSAFE = "unsafe"
    """An answer says that the person does not feel safe."""
    TIMES_KEPT = "times-kept"
    """When they may be contacted was kept."""
    DESCRIBED = "described"
    """What they said about themself was kept."""


def remember(link: Link) -> None:
    """This phone pressed start on this link."""
    begun = [begun for begun in session.get(_BEGUN, []) if begun != link.request_id]
    session[_BEGUN] = [*begun, link.request_id][-LINKS_KEPT:]


def has_begun(link: Link) -> bool:
    """Whether this phone pressed start on this link, in this session."""
    return link.request_id in session.get(_BEGUN, [])


def form_token() -> str:
    """What this session's forms carry, so that no other site can send one in its name.

    As it stands in the cookie, which no page can read: our pages repeat nothing that is sent to
    them, so a new disguise for each page would protect from nothing and cost every tap.
    """
    if _FORM not in session:
        session[_FORM] = secrets.token_urlsafe(16)
    return str(session[_FORM])


def sent_form_token(sent: str) -> bool:
    """Whether a form came from a page of this session."""
    ours = session.get(_FORM)
    return ours is not None and secrets.compare_digest(sent.encode(), ours.encode())


def leave_to(url: str) -> None:
    """Where "Leave this page" goes from now on."""
    if session.get(_EXIT) != url:
        session[_EXIT] = url


def way_out() -> str | None:
    """Where "Leave this page" goes; kept here, so that leaving needs no database."""
    return session.get(_EXIT)


def say(note: Note, count: int = 0) -> None:
    """Say this on the next page."""
    session[_NOTE] = [note.value, count]


def hear() -> tuple[Note, int] | None:
    """What this page was to say; said once."""
    said = session.pop(_NOTE, None)
    return (Note(said[0]), said[1]) if said else None


def will_say(note: Note) -> bool:
    """Whether the next page says this, without having said it."""
    return bool((session.get(_NOTE) or ("",))[0] == note)


def keep_reference(link: Link, code: str) -> None:
    """The code with which these answers may be taken back, for as long as this session lasts."""
    kept = {name: old for name, old in session.get(_CODES, {}).items() if name in _begun_names()}
    session[_CODES] = {**kept, str(link.request_id): code}


def reference_of(link: Link) -> str | None:
    """The code that was given to this phone in this session."""
    code = session.get(_CODES, {}).get(str(link.request_id))
    return code if isinstance(code, str) else None


def drop_reference(request_id: int) -> None:
    """The code was used: nothing leads there any more."""
    session[_CODES] = {k: v for k, v in session.get(_CODES, {}).items() if k != str(request_id)}
    session[_BEGUN] = [begun for begun in session.get(_BEGUN, []) if begun != request_id]


def _begun_names() -> set[str]:
    return {str(request_id) for request_id in session.get(_BEGUN, [])}


def forget() -> None:
    """End the session: the cookie is taken back."""
    session.clear()
