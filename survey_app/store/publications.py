"""Which quarters were published, and exactly what did they say?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base, OfService


class Publication(OfService, Base):
    """A quarter's suppressed tables as published; the newest per period is what is shown."""

    __tablename__ = "publications"
    __table_args__ = (Index("ix_publications_shown", "service_id", "period", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    report: Mapped[dict[str, Any]]
    """Report JSON (FORMATS.md) for the commissioner's audience, as suppressed then."""
    tables: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    """The same split by each dimension, by its name; suppressed jointly with it."""
    told: Mapped[dict[str, int | None]] = mapped_column(default=dict, deferred=True)
    """Every count other than nought by its name: the number that was told, None where hidden."""


def find_publication(session: Session, service_id: int, period: str) -> Publication | None:
    """What was last published for the quarter, if anything."""
    return session.scalar(
        select(Publication)
        .where(Publication.service_id == service_id, Publication.period == period)
        .order_by(Publication.id.desc())
        .limit(1)
    )


def find_told(session: Session, service_id: int, period: str) -> list[dict[str, int | None]]:
    """What every publication of the quarter told, oldest first."""
    return list(
        session.scalars(
            select(Publication.told)
            .where(Publication.service_id == service_id, Publication.period == period)
            .order_by(Publication.id)
        )
    )
