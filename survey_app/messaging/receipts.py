"""What did a provider tell us about a text? One function for webhooks and the simulated far end.

Receipts repeat, come out of order, or come before their message is known (the process that sent it
died before writing the provider's id down). Each is kept; a state only moves forward; what came too
early is matched by `settle_early` as soon as the id is known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.messaging.progress import accept, deliver, fail
from survey_app.messaging.providers.interface import Receipt, ReceiptStatus
from survey_app.store.messages import MessageEvent, OutboxMessage
from survey_app.store.requests import SurveyRequest

Known = tuple[OutboxMessage, SurveyRequest]
"""A text and its request."""


@dataclass(frozen=True)
class _Known:
    by_provider_id: dict[tuple[str, str | None], Known]
    by_id: dict[int, Known]


def receive(session: Session, receipt: Receipt, now: datetime) -> MessageEvent:
    """Keep one receipt and let its text move forward."""
    return receive_all(session, [receipt], now)[0]


def receive_all(session: Session, receipts: Sequence[Receipt], now: datetime) -> list[MessageEvent]:
    """Keep receipts, in the order in which they came, and let their texts move forward."""
    known = _known(session, receipts)
    events = []
    for receipt in receipts:
        found = _match(known, receipt)
        events.append(_event(receipt, found, now))
        if found is not None:
            _move(found, receipt.provider_message_id, receipt.status, receipt.code, now)
    session.add_all(events)
    session.flush()
    return events


def settle_early(session: Session, texts: Iterable[Known]) -> None:
    """Give texts whose provider id has just become known the receipts that came before it."""
    by_id = {m.provider_message_id: (m, r) for m, r in texts if m.provider_message_id}
    if not by_id:
        return
    events = session.scalars(
        select(MessageEvent)
        .where(
            MessageEvent.message_id.is_(None),
            MessageEvent.provider_message_id.in_(by_id),
        )
        .order_by(MessageEvent.id)
        .with_for_update(key_share=True)
    )
    for event in events:
        message, request = by_id[event.provider_message_id]
        if event.provider == message.provider:
            event.message_id = message.id
            status = ReceiptStatus(event.details["status"])
            _move(
                (message, request), event.provider_message_id, status, event.code, event.received_at
            )


def _known(session: Session, receipts: Sequence[Receipt]) -> _Known:
    """The texts that these receipts may speak of. Requests are locked before their texts."""
    provider_ids = {receipt.provider_message_id for receipt in receipts}
    ids = {receipt.message_id for receipt in receipts if receipt.message_id is not None}
    speaks_of = OutboxMessage.provider_message_id.in_(provider_ids) | OutboxMessage.id.in_(ids)
    requests = {
        request.id: request
        for request in session.scalars(
            select(SurveyRequest)
            .where(SurveyRequest.id.in_(select(OutboxMessage.request_id).where(speaks_of)))
            .order_by(SurveyRequest.id)
            .with_for_update(key_share=True)
        )
    }
    messages = session.scalars(
        select(OutboxMessage)
        .where(speaks_of)
        .order_by(OutboxMessage.id)
        .with_for_update(key_share=True)
    )
    texts = [(m, requests[m.request_id]) for m in messages if m.request_id in requests]
    return _Known(
        by_provider_id={(m.provider, m.provider_message_id): (m, r) for m, r in texts},
        by_id={m.id: (m, r) for m, r in texts},
    )


def _match(known: _Known, receipt: Receipt) -> Known | None:
    """The text that a receipt speaks of; our own id counts only for a text that did leave."""
    found = known.by_provider_id.get((receipt.provider, receipt.provider_message_id))
    if found is not None or receipt.message_id is None:
        return found
    found = known.by_id.get(receipt.message_id)
    if found is None:
        return None
    message, _ = found
    is_ours = message.provider == receipt.provider and message.attempts > 0
    return found if is_ours and message.provider_message_id is None else None


def _event(receipt: Receipt, found: Known | None, now: datetime) -> MessageEvent:
    return MessageEvent(
        message_id=None if found is None else found[0].id,
        provider=receipt.provider,
        provider_message_id=receipt.provider_message_id,
        status=receipt.said,
        code=receipt.code,
        details={"status": str(receipt.status), "retry_token": receipt.retry_token},
        received_at=now,
    )


def _move(
    found: Known, provider_message_id: str, status: ReceiptStatus, code: str | None, now: datetime
) -> None:
    """Any receipt proves that the provider had the text; the last two also say how it ended."""
    message, request = found
    sent_at = message.claimed_at or now
    accept(message, request, provider_message_id, sent_at=sent_at, now=now)
    if status is ReceiptStatus.DELIVERED:
        deliver(message, request, now)
    elif status is ReceiptStatus.FAILED:
        fail(message, code or "unknown", "undelivered", now)
