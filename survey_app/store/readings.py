"""What stands beside a reading: its notes, why it was corrected, and what is not yet recorded?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedJson, SealedText


class ReadingNote(OfService, Base):
    """What was written beside one area of one reading."""

    __tablename__ = "reading_notes"
    __table_args__ = (UniqueConstraint("response_id", "area"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"))
    area: Mapped[str]
    """The item's id."""
    is_priority: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(SealedText)
    action: Mapped[str | None] = mapped_column(SealedText)


class ReadingCorrection(OfService, Base):
    """Why one reading took another's place. Append-only; the former one stays as it was."""

    __tablename__ = "reading_corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), unique=True)
    corrected_id: Mapped[int] = mapped_column(ForeignKey("responses.id"), unique=True)
    reason: Mapped[str] = mapped_column(SealedText)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    corrected_at: Mapped[datetime]


class ReadingDraft(OfService, Base):
    """What somebody has filled in of a reading so far; gone once it is recorded."""

    __tablename__ = "reading_drafts"
    __table_args__ = (
        UniqueConstraint("account_id", "case_id", "wave"),
        Index("ix_reading_drafts_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    wave: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    """Field names and values as they stood in the form."""
    changed_at: Mapped[datetime]
