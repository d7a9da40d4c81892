"""Which months of a service's figures are kept as counted, and which of their cases are not?

A month is kept without the cases that time alone may move. Whatever moves a figure of another case
marks that case in the same transaction (`store/move_marks`). A page takes all cases as kept but
these two kinds, which it counts as they stand (docs/decisions/figures-over-many-cases.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.moved_cases import EVERY_CASE, find_moved

MANY_APART = 1_000
"""With so many cases to be counted apart, a month is counted whole."""


class KeptMonth(OfService, Base):
    """A closing month of a service that was looked at, and as what it is kept, if it is."""

    __tablename__ = "kept_months"
    __table_args__ = (UniqueConstraint("service_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str]
    """`2018-04`."""
    version: Mapped[int]
    """Goes up with every look, so that of two who look at once only one may say what they saw."""
    kept_as: Mapped[str | None]
    """The way of counting; None while the month is not kept."""
    kept_at: Mapped[datetime]
    left_out: Mapped[list[Any]]
    """The ids of the cases that are not: time alone may move them."""
    has_open: Mapped[bool]
    """Whether a request of a kept case is open: answers may still come in."""
    look_again_at: Mapped[datetime | None]
    """When time will first have moved a case that is left out."""


class KeptTally(OfService, Base):
    """One tally of a kept month, as of one look and of the one before it.

    A page that has begun with a month finds all of it as it was, though it be looked at meanwhile.
    """

    __tablename__ = "kept_tallies"
    __table_args__ = (UniqueConstraint("kept_month_id", "version", "tally"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_month_id: Mapped[int] = mapped_column(ForeignKey("kept_months.id"))
    version: Mapped[int]
    tally: Mapped[str]
    totals: Mapped[bytes]
    """The rows of all kept cases together; packed by `reporting.tallies`."""
    members: Mapped[bytes]
    """Which cases are in each row; packed by `reporting.members`."""


@dataclass(frozen=True)
class MonthKept:
    """A kept month as a page may take it: without the cases `apart`, which it counts itself."""

    id: int
    version: int
    has_open: bool
    apart: frozenset[int] = frozenset()


def find_kept_months(
    session: Session, service_id: int, first: str, last: str, kept_as: str, now: datetime
) -> dict[str, MonthKept]:
    """The months from `first` to `last` that can be taken as kept: two queries."""
    query = (
        select(
            KeptMonth.month,
            KeptMonth.id,
            KeptMonth.version,
            KeptMonth.has_open,
            KeptMonth.left_out,
        )
        .where(
            KeptMonth.service_id == service_id,
            KeptMonth.kept_as == kept_as,
            KeptMonth.kept_at <= now,
            KeptMonth.month.between(first, last),
        )
        .order_by(KeptMonth.month)
    )
    # The marks first: whoever looks at a month in between takes some away, but keeps what moved.
    moved = find_moved(session, service_id, first, last)
    found: dict[str, MonthKept] = {}
    for month, month_id, version, has_open, left_out in session.execute(query):
        apart = frozenset(left_out) | moved.get(month, set())
        if EVERY_CASE not in apart and len(apart) < MANY_APART:
            found[month] = MonthKept(month_id, version, has_open, apart)
    return found


def read_totals(session: Session, months: Collection[MonthKept], tally: str) -> dict[int, bytes]:
    """The packed totals of one tally, by the id of the month."""
    return _read(session, KeptTally.totals, months, tally)


def read_members(session: Session, months: Collection[MonthKept], tally: str) -> dict[int, bytes]:
    """The packed members of one tally, by the id of the month."""
    return _read(session, KeptTally.members, months, tally)


def _read(
    session: Session, column: Any, months: Collection[MonthKept], tally: str
) -> dict[int, bytes]:
    as_seen = tuple_(KeptTally.kept_month_id, KeptTally.version)
    query = select(KeptTally.kept_month_id, column).where(
        as_seen.in_(sorted((month.id, month.version) for month in months)),
        KeptTally.tally == tally,
    )
    return {row[0]: row[1] for row in session.execute(query)}


def read_all_tallies(session: Session, month: MonthKept) -> dict[str, tuple[bytes, bytes]]:
    """Totals and members of every tally of a kept month."""
    query = select(KeptTally.tally, KeptTally.totals, KeptTally.members).where(
        KeptTally.kept_month_id == month.id, KeptTally.version == month.version
    )
    return {row.tally: (row.totals, row.members) for row in session.execute(query)}


def get_left_out(session: Session, month: MonthKept) -> frozenset[int]:
    """The cases that were left out of a kept month."""
    query = select(KeptMonth.left_out).where(KeptMonth.id == month.id)
    return frozenset(session.execute(query).scalar_one())
