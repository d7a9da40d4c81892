"""What did a provider tell us about a text? One function for webhooks and the simulated far end.

Receipts repeat, come out of order, or come before their message is known (the process that sent it
died before writing the provider's id down). Each is kept; a state only moves forward; what came too
early is matched by `settle_early` as soon as the id is known.

Our own id, where a receipt carries it (the address that the provider signed), says of which text it
speaks, and the provider's id only where ours is missing or nobody's. Where both are known and name
two texts, nothing is believed of either: the receipt is kept, and the text that it was addressed to
is in doubt unless it is known to have left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import IDS_DISAGREE, MessageState
from survey_app.messaging.progress import accept, deliver, doubt, fail
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
        found, is_agreed = _match(known, receipt)
        events.append(_event(receipt, found, now))
        if found is not None and is_agreed:
            _move(found, receipt.provider_message_id, receipt.status, receipt.code, now)
        elif found is not None:
            _dispute(found[0])
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
    events = events.all()
    named = _existing(session, {_named(event) for event in events})
    for event in events:
        message, request = by_id[event.provider_message_id]
        is_theirs = _named(event) == message.id or _named(event) not in named
        if event.provider == message.provider and is_theirs:
            event.message_id = message.id
            status = ReceiptStatus(event.details["status"])
            _move(
                (message, request), event.provider_message_id, status, event.code, event.received_at
            )


def _named(event: MessageEvent) -> int | None:
    """The id of ours that the receipt carried."""
    named: int | None = event.details.get("message_id")
    return named


def _existing(session: Session, ids: set[int | None]) -> set[int | None]:
    """Which of these are texts of ours: an id that is nobody's takes no receipt from anybody."""
    asked = ids - {None}
    if not asked:
        return set()
    return set(session.scalars(select(OutboxMessage.id).where(OutboxMessage.id.in_(asked))))


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


def _match(known: _Known, receipt: Receipt) -> tuple[Known | None, bool]:
    """The text that a receipt speaks of, and whether both ids agree on it. Our own id counts only
    for a text that did leave."""
    by_provider = known.by_provider_id.get((receipt.provider, receipt.provider_message_id))
    found = None if receipt.message_id is None else known.by_id.get(receipt.message_id)
    if found is None:
        return by_provider, True
    if found[0].provider != receipt.provider or found[0].attempts == 0:
        return None, False
    is_anothers = by_provider is not None and by_provider[0].id != found[0].id
    is_new = found[0].provider_message_id in (None, receipt.provider_message_id)
    return found, is_new and not is_anothers


def _dispute(message: OutboxMessage) -> None:
    """Something was sent under this text's address, and nobody knows what."""
    if message.state == MessageState.SENDING:
        message.reason = IDS_DISAGREE
    elif message.state in (MessageState.PENDING, MessageState.UNKNOWN):
        doubt(message, IDS_DISAGREE)


def _event(receipt: Receipt, found: Known | None, now: datetime) -> MessageEvent:
    return MessageEvent(
        message_id=None if found is None else found[0].id,
        provider=receipt.provider,
        provider_message_id=receipt.provider_message_id,
        status=receipt.said,
        code=receipt.code,
        details={
            "status": str(receipt.status),
            "retry_token": receipt.retry_token,
            "message_id": receipt.message_id,
        },
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
