"""A provider says what became of a text: keep it once, and hear a stop that it carries."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.messaging.error_codes import OPTED_OUT_CODES
from survey_app.messaging.providers.interface import Receipt
from survey_app.messaging.receipts import receive
from survey_app.store.messages import MessageEvent, OutboxMessage
from survey_app.usecases.callback_repeats import Heard, heard_again
from survey_app.usecases.opt_out import OptOutSource, opt_out


def take_receipt(session: Session, receipt: Receipt, now: datetime) -> Heard:
    """Keep a receipt and let its text move forward, unless it repeats, word for word, one that is
    kept: that changes nothing.

    One that comes before its text is known is kept, and matched once the text's id is.
    """
    kept = _find_kept(session, receipt)
    if kept is not None:
        kept_token = kept.details.get("retry_token")
        return heard_again(kept_token, kept.received_at, receipt.retry_token, now)
    if receipt.code in OPTED_OUT_CODES:
        # Ahead of the receipt, because whoever changes a person locks the person first.
        for person_id in _people(session, receipt):
            opt_out(session, person_id, OptOutSource.PROVIDER, now)
    receive(session, receipt, now)
    return Heard.NEW


def _find_kept(session: Session, receipt: Receipt) -> MessageEvent | None:
    """The first that says the same of the same text. One with the same id of the provider's, but of
    another text of ours, is no repetition: it disagrees (`messaging/receipts`)."""
    same = select(MessageEvent).where(
        MessageEvent.provider == receipt.provider,
        MessageEvent.provider_message_id == receipt.provider_message_id,
        MessageEvent.status == receipt.said,
        MessageEvent.code.is_not_distinct_from(receipt.code),
    )
    for kept in session.scalars(same.order_by(MessageEvent.id)):
        if kept.details.get("message_id", receipt.message_id) == receipt.message_id:
            return kept
    return None


def _people(session: Session, receipt: Receipt) -> list[int]:
    """Whose text the receipt speaks of: by our id where it carries one of a text, else by the
    provider's."""
    ours = OutboxMessage.provider_message_id == receipt.provider_message_id
    named = OutboxMessage.id == receipt.message_id
    if session.scalar(select(OutboxMessage.id).where(named)) is not None:
        ours = named & (OutboxMessage.attempts > 0)
    return list(
        session.scalars(
            select(OutboxMessage.person_id)
            .where(ours, OutboxMessage.provider == receipt.provider)
            .distinct()
        )
    )
