"""What was checked, confirmed and waived before a service went live, and who owns its alerts?"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.gate import ConditionId
from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedText

WAIVERS_SHOWN = timedelta(days=30)


class ProviderCheck(Base):
    """One run of `messages check-provider`, whether it passed or not. Append-only."""

    __tablename__ = "provider_checks"
    __table_args__ = (Index("ix_provider_checks_carrier", "provider", "sender", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    sender: Mapped[str]
    """What a text would appear to come from, wherever that is set."""
    at: Mapped[datetime]
    is_passed: Mapped[bool]


class GateConfirmation(OfService, Base):
    """A manager confirmed what a condition asks people to look at. Append-only."""

    __tablename__ = "gate_confirmations"
    __table_args__ = (Index("ix_gate_confirmations_newest", "service_id", "condition", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    condition: Mapped[str]
    """A `domain.gate.ConditionId`."""
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    at: Mapped[datetime]
    seen: Mapped[dict[str, Any]]
    """What stood there: counts of the shadow, or the hash of each language's text."""


class GateWaiver(OfService, Base):
    """A condition was waived for one going live. Append-only."""

    __tablename__ = "gate_waivers"

    id: Mapped[int] = mapped_column(primary_key=True)
    condition: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    """None: on the command line."""
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(SealedText)


class AlertCover(OfService, Base):
    """Who sees to it that a service's alerts are looked at, since its due hours were set."""

    __tablename__ = "alert_covers"
    __table_args__ = (UniqueConstraint("service_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    at: Mapped[datetime]


def find_last_check(session: Session, provider: str, sender: str) -> ProviderCheck | None:
    """The latest check of this provider with this sender."""
    return session.scalar(
        select(ProviderCheck)
        .where(ProviderCheck.provider == provider, ProviderCheck.sender == sender)
        .order_by(ProviderCheck.id.desc())
        .limit(1)
    )


def find_last_confirmation(
    session: Session, service_id: int, condition: ConditionId
) -> GateConfirmation | None:
    """What a manager confirmed last of this condition."""
    return session.scalar(
        select(GateConfirmation)
        .where(GateConfirmation.service_id == service_id, GateConfirmation.condition == condition)
        .order_by(GateConfirmation.id.desc())
        .limit(1)
    )


def waivers_since(session: Session, service_id: int, since: datetime) -> list[GateWaiver]:
    """The waivers of a service from an instant on, newest first."""
    return list(
        session.scalars(
            select(GateWaiver)
            .where(GateWaiver.service_id == service_id, GateWaiver.at >= since)
            .order_by(GateWaiver.id.desc())
        )
    )


def find_alert_cover(session: Session, service_id: int) -> AlertCover | None:
    """Who owns the alerts of a service."""
    return session.scalar(select(AlertCover).where(AlertCover.service_id == service_id))
