"""Did a text whose answer never came leave, or not? The provider is asked; nothing is guessed.

Only after a grace period, because a text may show up in the provider's list late. Found: accepted.
Not there: pending again, and the contact rule decides again; after `MOST_DOUBTS` attempts a person
decides. Cannot tell: it stays `unknown` until a receipt comes or a person decides. One that cannot
be read, so that nobody can be asked for it, is left to a person; no text's fault stops another.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import (
    A_PERSON_DECIDES,
    IDS_DISAGREE,
    LEFT_TO_A_PERSON,
    UNREADABLE,
    MessageState,
)
from survey_app.messaging.one_by_one import each_alone, set_aside_by_fault
from survey_app.messaging.progress import accept, put_back, set_aside
from survey_app.messaging.provider_ids import known_ids
from survey_app.messaging.providers.choose import ProviderNotAvailable, Providers
from survey_app.messaging.providers.interface import CannotTell, Found, Lookup, NotThere
from survey_app.messaging.receipts import settle_early
from survey_app.messaging.records import backoff
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.unreadable import is_unreadable

GRACE = timedelta(minutes=3)
"""Longer than a lease: whoever sent it has certainly stopped trying."""
LOOK_BACK = timedelta(minutes=5)
"""How much earlier than our claim the provider's clock may date a text."""
PATIENCE = timedelta(days=1)
"""How long a receipt may still settle what the provider's list cannot."""
MOST_DOUBTS = 5
"""Attempts after which a text that the provider does not know is not sent again by itself."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Doubt:
    """One text of which nobody knows whether it left."""

    message_id: int
    request_id: int
    attempt: int
    provider: str
    claimed_at: datetime
    to: str = field(repr=False)
    body: str = field(repr=False)


def reconcile_due(runtime: Runtime, providers: Providers, *, limit: int = 500) -> Counter[str]:
    """Ask about every doubtful text past its grace; counts by outcome."""
    counts: Counter[str] = Counter()
    with runtime.database.read(Scope.worker()) as session:
        doubts = _doubts(session, runtime.now(), limit)

    def settle(together: Sequence[Doubt]) -> None:
        for doubt in together:
            lookup = _look_up(providers, doubt)
            with runtime.database.write(Scope.worker()) as session:
                settled = _settle(session, doubt, lookup, runtime.now())
            counts[settled] += 1

    for doubt in doubts:
        for failed, fault in each_alone([doubt], settle):
            set_aside_by_fault(runtime, failed.message_id, MessageState.UNKNOWN, fault)
            counts["left-to-a-person"] += 1
    return counts


def _look_up(providers: Providers, doubt: Doubt) -> Lookup:
    if is_unreadable(doubt.to, doubt.body):
        return CannotTell(UNREADABLE)
    try:
        provider = providers.get_provider(doubt.provider)
    except ProviderNotAvailable:
        # Taken out of the settings since. It must not keep other texts from being settled.
        return CannotTell("not-set-up")
    since = doubt.claimed_at - LOOK_BACK
    try:
        return provider.find_by_body(doubt.to, doubt.body, since, message_id=doubt.message_id)
    except Exception as fault:
        # Inside the provider's client. Only the fault's class is logged, as in `dispatch`.
        log.error("provider-fault", message=doubt.message_id, fault=type(fault).__name__)
        return CannotTell("provider-fault")


def _doubts(session: Session, now: datetime, limit: int) -> list[Doubt]:
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.state == MessageState.UNKNOWN,
            OutboxMessage.claimed_at <= now - GRACE,
            or_(OutboxMessage.reason.is_(None), OutboxMessage.reason.not_in(LEFT_TO_A_PERSON)),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    return [
        Doubt(m.id, m.request_id, m.attempts, m.provider, m.claimed_at, m.to, m.body)
        for m in rows
        if m.to is not None and m.body is not None and m.claimed_at is not None
    ]


def _settle(session: Session, doubt: Doubt, lookup: Lookup, now: datetime) -> str:
    request = session.get_one(SurveyRequest, doubt.request_id, with_for_update={"key_share": True})
    message = session.get_one(OutboxMessage, doubt.message_id, with_for_update={"key_share": True})
    if message.state != MessageState.UNKNOWN or message.attempts != doubt.attempt:
        return "settled-meanwhile"
    match lookup:
        case Found(provider_message_id):
            # Its link, which no other text has, proves that it left. An id that another text of
            # ours has proves nothing, and is not taken over.
            owner = known_ids(session, [provider_message_id]).get(
                (doubt.provider, provider_message_id), message.id
            )
            found_id = provider_message_id if owner == message.id else None
            accept(message, request, found_id, sent_at=doubt.claimed_at, now=now)
            settle_early(session, [(message, request)])
            return "found"
        case CannotTell(reason) if reason == UNREADABLE:
            set_aside(message, UNREADABLE)
            return "left-to-a-person"
        case NotThere() if message.attempts < MOST_DOUBTS and message.reason != IDS_DISAGREE:
            put_back(message, "not-with-provider", now + backoff(message.attempts, None, 0.5))
            return "put-back"
        case CannotTell() if now - doubt.claimed_at < PATIENCE:
            return "waiting"
        case NotThere() | CannotTell():
            message.reason = A_PERSON_DECIDES
            return "left-to-a-person"
