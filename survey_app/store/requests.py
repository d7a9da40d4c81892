"""What is, was or will be asked of whom: requests, their links, and the decisions on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from survey_app.store.base import Base, OfService
from survey_app.store.cases import Case
from survey_app.store.sealed import SealedJson


class SurveyRequest(OfService, Base):
    """The ask for one case and wave: one lifecycle, ever."""

    __tablename__ = "requests"
    __table_args__ = (
        UniqueConstraint("case_id", "wave"),
        Index("ix_requests_due", "state", "due_at"),
        Index("ix_requests_expiring", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    wave: Mapped[str]
    tier: Mapped[str | None]
    """Closure only; `1 2 3`."""
    programme_version_id: Mapped[int] = mapped_column(ForeignKey("programme_versions.id"))
    instruments: Mapped[list[Any]]
    """`[key, version]` pairs in the order asked."""
    channels: Mapped[list[str]]
    """In the programme's order."""
    channel: Mapped[str | None]
    """The one in use; None when no channel is left."""
    reminder_days: Mapped[list[Any]]
    """Days after the first text."""
    state: Mapped[str]
    end_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    deferred_until: Mapped[datetime | None]
    """When the contact rule asked to wait: not before this instant."""
    refusal: Mapped[str | None]
    """Why the contact rule refused the first channel when it was last asked; None when it did not.

    `channel` tells whether another one is in use instead."""

    is_contactable: Mapped[bool] = mapped_column(default=False)
    """The rule said yes at least once, or another channel could be used."""
    first_text_accepted_at: Mapped[datetime | None]
    call_made_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    """When the person asked for no more texts while this request was open."""
    language: Mapped[str | None]
    """Chosen by the person, on the first page."""
    trial_id: Mapped[int | None] = mapped_column(ForeignKey("trials.id"), index=True)
    """The trial that ran when its first text was first queued; never changed later."""
    trial_arm: Mapped[str | None]
    """The arm of that trial, `first` or `second`; None where the person was left out."""
    trial_left_out: Mapped[str | None]
    """Why the person was left out of it: see `domain.trials.LeftOut`."""

    case: Mapped[Case] = relationship(lazy="raise")

    @property
    def was_asked(self) -> bool:
        """Whether a text was accepted, a call made, a form handed over, or answering begun."""
        marks = (self.first_text_accepted_at, self.call_made_at, self.handed_over_at)
        return any(mark is not None for mark in (*marks, self.started_at))


class LinkToken(Base):
    """One link to a request, found by the keyed hash of its token."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ContactDecision(OfService, Base):
    """What the contact rule said, on which facts. Append-only; written when either changes."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_request", "request_id", "channel", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    channel: Mapped[str]
    outcome: Mapped[str]
    """`yes`, `no` or `later`."""
    reason: Mapped[str | None]
    until: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    decided_at: Mapped[datetime]


class RequestNotFound(Exception):
    """No request that this session may see has this id."""


def get_request(session: Session, request_id: int) -> SurveyRequest:
    """The request with this id within the session's scope, or `RequestNotFound`."""
    request = session.scalar(select(SurveyRequest).where(SurveyRequest.id == request_id))
    if request is None:
        raise RequestNotFound(request_id)
    return request
