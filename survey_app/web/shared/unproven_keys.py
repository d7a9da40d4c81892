"""What do pages say while this process's keys are not the database's?

Nothing but that they cannot be shown: whoever said STOP would not be found, and what is written
could not be read. No page is laid out, no session looked at, nothing read.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from survey_app.store.proof import AGAIN_SECONDS
from survey_app.web.shared.errors import page_without_surroundings
from survey_app.web.shared.runtime import runtime

STILL_ANSWERED = frozenset({"health.alive", "health.ready", "victim.leave"})
"""None of them is a page of ours: whoever presses "Leave this page" leaves."""


def hold_pages_until_keys_are_proven(app: Flask) -> None:
    """Install it ahead of everything that a request meets: that may read or write already."""
    app.before_request(_hold_page)


def _hold_page() -> ResponseReturnValue | None:
    # Without a database nothing can be compared: the fault is shown and logged as any other.
    if request.endpoint in STILL_ANSWERED or not runtime().keys.faults():
        return None
    page, code, headers = page_without_surroundings(503)
    return page, code, headers | {"Retry-After": str(int(AGAIN_SECONDS))}
