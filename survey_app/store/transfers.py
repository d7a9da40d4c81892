"""Where did a case go, or where did it come from?"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedText


class Direction(StrEnum):
    """Seen from this service."""

    IN = "in"
    OUT = "out"


class Transfer(OfService, Base):
    """One move of a case. Both ends stay counted: the earlier case as it closed, the later anew."""

    __tablename__ = "transfers"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    direction: Mapped[str]
    on: Mapped[date]
    place: Mapped[str | None] = mapped_column(SealedText)
    """The other service or organisation, as written."""
    other_ref: Mapped[str | None]
    """The reference that the case has, or had, there."""
    other_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case of that reference, where it is one of this service."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
