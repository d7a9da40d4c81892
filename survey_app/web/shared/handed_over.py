"""Is this tablet in the hands of the person who answers? Then nobody is signed in on it.

The worker's session is not covered up but put away: the cookie says who may take the tablet back,
and holds their session as it was, signed as all of it is. Until then every staff page finds nobody
signed in and leads to the page that asks for the PIN. "Leave this page" ends all of it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import session

from survey_app.web.shared.identity import SEEN_AT

_KEY = "handed"


@dataclass(frozen=True)
class HandOver:
    """Whose tablet it is, what was opened on it, and where to go once it is given back."""

    account_id: int
    request_id: int
    token_id: int
    back: str


def put_away(hand_over: HandOver) -> None:
    """Take the worker's session out of use, to be had back with their PIN."""
    kept = dict(session)
    session.clear()
    session[_KEY] = [
        hand_over.account_id,
        hand_over.request_id,
        hand_over.token_id,
        hand_over.back,
        kept,
    ]


def find_hand_over() -> HandOver | None:
    """The hand-over under way in this browser."""
    found = session.get(_KEY)
    return HandOver(*found[:4]) if found else None


def is_handed_over(request_id: int) -> bool:
    """Whether this request is answered on the worker's tablet."""
    found = find_hand_over()
    return found is not None and found.request_id == request_id


def take_back(now: datetime) -> None:
    """Let the worker go on where they were. Their session's own limits still hold, but for the idle
    time: they have just said who they are."""
    kept = session[_KEY][4]
    session.clear()
    session.update(kept)
    session[SEEN_AT] = int(now.timestamp())
