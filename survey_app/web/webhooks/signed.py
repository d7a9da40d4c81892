"""How is a callback let in? Size first, then its signature; only then is anything of it used.

It fails closed: a view of this audience that names no verifier is reached by nobody. Refusals have
no words: whoever forges callbacks learns nothing, and a provider's own log shows the status.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from survey_app.messaging.providers.callbacks import LONGEST, Malformed
from survey_app.messaging.providers.interface import Receipt
from survey_app.store.scope import Scope
from survey_app.usecases.callback_repeats import Heard
from survey_app.usecases.incoming_receipt import take_receipt
from survey_app.web.shared.runtime import runtime

STATUS = {Heard.NEW: 204, Heard.RETRIED: 204, Heard.REPLAYED: 403}
"""A provider that tries again is told what it did not hear: all is well."""
View = TypeVar("View", bound=Callable[..., Response])
Verifier = Callable[[], bool]

MALFORMED = 400
REFUSED = 403
TAKEN = 204


def answer(status: int) -> Response:
    """An answer without words."""
    return Response(status=status, headers={"Cache-Control": "no-store"})


def take(read: Callable[[], Receipt]) -> Response:
    """Take the receipt that a signed callback holds, in one transaction."""
    try:
        receipt = read()
    except Malformed:
        return answer(MALFORMED)
    with runtime().database.write(Scope.worker()) as session:
        heard = take_receipt(session, receipt, runtime().now())
    return answer(STATUS[heard])


def verified_by(verifier: Verifier) -> Callable[[View], View]:
    """Name what must hold before a view of this audience is called."""

    def declare(view: View) -> View:
        view.verifier = verifier  # type: ignore[attr-defined]
        return view

    return declare


def verifier_of(endpoint: str | None) -> Verifier | None:
    """What a view named, if anything."""
    found: Verifier | None = getattr(
        current_app.view_functions.get(endpoint or ""), "verifier", None
    )
    return found


def refuse_unread() -> Response | None:
    """Before every callback: refuse what is too long (400) or not signed (403)."""
    request.max_content_length = LONGEST
    request.max_form_memory_size = LONGEST
    if (request.content_length or 0) > LONGEST:
        return answer(MALFORMED)
    verifier = verifier_of(request.endpoint)
    try:
        is_let_in = verifier is not None and verifier()
    except (HTTPException, UnicodeError, ValueError):
        # A body longer than it said, or one that is no form at all.
        return answer(MALFORMED)
    return None if is_let_in else answer(REFUSED)
