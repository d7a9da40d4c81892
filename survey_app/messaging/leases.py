"""How long does a claim on a text hold, and what becomes of one that never came to its end?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState
from survey_app.messaging.progress import doubt
from survey_app.store.messages import OutboxMessage
from survey_app.store.services import Service, ServiceMode

LEASE = timedelta(minutes=2)
"""How long a claim is believed. Far longer than any provider call: what is still `sending` after
it belonged to a process that died, and may or may not have left."""


@dataclass(frozen=True)
class Claim:
    """One text that may leave now. `attempt` tells this claim from later ones.

    `leave_until`: when the person's safe time, or the request, ends; None when not within a day.
    """

    message_id: int
    request_id: int
    attempt: int
    provider: str
    sender: str
    to: str = field(repr=False)
    body: str = field(repr=False)
    leave_until: datetime | None = None


def give_back(session: Session, claims: Sequence[Claim]) -> None:
    """Return texts whose provider was never called, because time ran out or the worker stops."""
    for claim in claims:
        session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.id == claim.message_id,
                OutboxMessage.state == MessageState.SENDING,
                OutboxMessage.attempts == claim.attempt,
            )
            .values(
                state=MessageState.PENDING, lease_until=None, attempts=OutboxMessage.attempts - 1
            )
        )


def is_still_live(session: Session, claim: Claim) -> bool:
    """Whether the claim's service still sends: a pause holds before the next text, not after the
    rest of a batch."""
    mode = session.scalar(
        select(Service.mode)
        .join(OutboxMessage, OutboxMessage.service_id == Service.id)
        .where(OutboxMessage.id == claim.message_id)
    )
    return mode == ServiceMode.LIVE


def expire_leases(session: Session, now: datetime, *, limit: int = 500) -> int:
    """Doubt what is still `sending` though its lease has run out; how many."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == MessageState.SENDING, OutboxMessage.lease_until < now)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for message in rows:
        doubt(message, "lease-expired")
    return len(rows)
