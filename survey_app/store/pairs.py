"""Per case, instrument and area: where did it start, and where did it end?

Made only by `usecases.refresh_pairs`; always rebuildable from the answers.
"""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService


class Pair(OfService, Base):
    """One row per case, instrument and area that has a reading of any wave that can pair."""

    __tablename__ = "pairs"
    __table_args__ = (
        UniqueConstraint("case_id", "instrument", "area"),
        # Everything that figures are counted from, found by case: the table itself is not touched
        # (docs/decisions/figures-over-many-cases.md).
        Index(
            "ix_pairs_counted",
            "case_id",
            "service_id",
            "kind",
            "status",
            "instrument",
            "area",
            "outcome",
            "has_room",
            "is_review_last",
            "first_value",
            "last_value",
            "first_mode",
            "last_mode",
            "last_language",
            "last_on",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    """`self-assessment` or `star`."""
    instrument: Mapped[str]
    area: Mapped[str]
    status: Mapped[str]
    """`paired`, `baseline-only`, `closure-only`, `one-reading`, or `review-only`."""
    first_value: Mapped[int | None]
    last_value: Mapped[int | None]
    outcome: Mapped[str | None]
    """`improved sustained-well sustained-low declined`; stars: `increased maintained decreased`."""
    has_room: Mapped[bool] = mapped_column(default=False)
    is_review_last: Mapped[bool] = mapped_column(default=False)
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    """Day of the last reading: decides the period on the basis `answered`."""
    first_mode: Mapped[str | None]
    last_mode: Mapped[str | None]
    last_language: Mapped[str | None]
