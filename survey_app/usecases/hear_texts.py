"""A text came in: keep it in one transaction, handle it in a second; what failed is tried again.

Providers do not repeat a text that we failed to take, so nothing that may fail stands between its
arrival and its being kept. It opens its own transactions, like everything that `run_due` runs.
"""

import structlog

from survey_app.messaging.providers.callbacks import IncomingText
from survey_app.store.received_texts import unhandled_ids
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.usecases.callback_repeats import Heard
from survey_app.usecases.incoming_text import handle_text, heard_before, keep_text

BATCH = 200

log = structlog.get_logger()


def hear_text(runtime: Runtime, text: IncomingText) -> Heard:
    """Keep and handle a text; one that is known already changes nothing."""
    with runtime.database.write(Scope.worker()) as session:
        now = runtime.now()
        heard = heard_before(session, text, now)
        if heard is not Heard.NEW:
            return heard
        kept = keep_text(session, text, runtime.settings, now)
    _handle(runtime, kept.id)
    return Heard.NEW


def hear_kept_texts(runtime: Runtime) -> int:
    """Handle what was kept and not handled, because a process died or a fault stood in the way; how
    many could be."""
    with runtime.database.read(Scope.worker()) as session:
        waiting = unhandled_ids(session, BATCH)
    return sum(_handle(runtime, text_id) for text_id in waiting)


def _handle(runtime: Runtime, text_id: int) -> bool:
    try:
        with runtime.database.write(Scope.worker()) as session:
            handle_text(session, text_id, runtime.now())
    except Exception as error:
        # Only the fault's class: its words might carry the number. One text's fault stops no other.
        log.error("incoming-text-not-handled", text=text_id, fault=type(error).__name__)
        return False
    return True
