"""Which texts are to be sent, were sent, and what became of them: the outbox is the truth."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedText


class OutboxMessage(OfService, Base):
    """One text. `pending -> sending -> accepted / failed / unknown`, or `cancelled`."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_due", "state", "due_at"),
        Index("ix_messages_listed", "service_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"))
    kind: Mapped[str]
    ordinal: Mapped[int] = mapped_column(default=0)
    """0 for the invitation, then 1, 2 ... for reminders."""
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    """`REQUEST:KIND:ORDINAL`, so that no text can be queued twice."""
    state: Mapped[str]
    reason: Mapped[str | None]
    """Why it was cancelled, failed or deferred."""
    due_at: Mapped[datetime]
    """Not to be sent before; moves when the contact rule defers."""
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    provider: Mapped[str]
    provider_message_id: Mapped[str | None] = mapped_column(index=True)
    to: Mapped[str | None] = mapped_column(SealedText)
    """E.164; erased once settled."""
    body: Mapped[str | None] = mapped_column(SealedText)
    """Holds the token in clear: sealed, and erased once settled."""
    language: Mapped[str]
    wording: Mapped[str | None]
    """The `InvitationWording` in which it was written; None is the usual one."""
    segments: Mapped[int]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When it was accepted, failed or cancelled: from then on its number and words are gone."""
    failure_code: Mapped[str | None]


class MessageEvent(Base):
    """What a provider said about a text: all kept, however late, repeated or early."""

    __tablename__ = "message_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    provider: Mapped[str]
    provider_message_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    code: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Never a number or a body."""
    received_at: Mapped[datetime]


class SimulatedText(Base):
    """What the simulated provider "sent", as the phone at the far end would keep it."""

    __tablename__ = "simulated_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_message_id: Mapped[str] = mapped_column(unique=True)
    to: Mapped[str] = mapped_column(SealedText)
    sender: Mapped[str]
    body: Mapped[str] = mapped_column(SealedText)
    status: Mapped[str]
    received_at: Mapped[datetime]
