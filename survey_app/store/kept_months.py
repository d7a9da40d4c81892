"""Which months of a service's figures are kept as counted, and which of them have moved since?

A kept month is used only while nothing that it counts has moved. Whatever moves a figure of a
closed case leaves a mark in the same transaction (`store/move_marks`); who counts a month anew does
it in one snapshot and takes away just the marks that stood in it
(docs/decisions/figures-over-many-cases.md).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Row,
    UniqueConstraint,
    delete,
    exists,
    insert,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base, OfService

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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


class KeptRows(OfService, Base):
    """The counted rows of one tally of a kept month: of everyone, or of those with one value."""

    __tablename__ = "kept_rows"
    __table_args__ = (
        Index("ix_kept_rows_read", "kept_month_id", "tally", "dimension", "value", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_month_id: Mapped[int] = mapped_column(ForeignKey("kept_months.id"))
    tally: Mapped[str]
    dimension: Mapped[str]
    """Empty for everyone."""
    value: Mapped[str]
    """As it is recorded; empty where it is not."""
    content: Mapped[bytes]
    """Packed: see `reporting.kept_rows`."""


class MovedMonth(Base):
    """A mark: something that a month of a service counts has moved. Written by triggers alone."""

    __tablename__ = "moved_months"

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(primary_key=True)
    moved_by: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """PostgreSQL: the transaction, so that nobody waits for another. SQLite, which has one writer
    at a time: 0."""
    moves: Mapped[int]


_MARKS_AT_ONCE = 1_000
"""Keeps a statement below the databases' limits on parameters."""

Mark = tuple[int, str, int, int]
"""Service, month, moved by, moves."""


@dataclass(frozen=True)
class MonthSeen:
    """A month as one snapshot shows it."""

    service_id: int
    month: str
    version: int | None
    """None where nobody has looked at it before."""
    marks: tuple[Mark, ...]


def _has_moved() -> ColumnElement[bool]:
    return exists().where(
        MovedMonth.service_id == KeptMonth.service_id, MovedMonth.month == KeptMonth.month
    )


def find_kept_months(
    session: Session, service_id: int, first: str, last: str, kept_as: str, now: datetime
) -> dict[str, int]:
    """Ids of the kept months from `first` to `last` that nothing has moved, by month."""
    asked = KeptMonth.month.between(first, last) & (KeptMonth.kept_at <= now)
    return _kept(session, service_id, kept_as, asked)


def _kept(
    session: Session, service_id: int, kept_as: str, asked: ColumnElement[bool]
) -> dict[str, int]:
    found = session.execute(
        select(KeptMonth.month, KeptMonth.id)
        .where(
            KeptMonth.service_id == service_id, KeptMonth.kept_as == kept_as, ~_has_moved(), asked
        )
        .order_by(KeptMonth.month)
    )
    return {row.month: row.id for row in found}


def read_kept_rows(
    session: Session, month_ids: Collection[int], tally: str, dimension: str, value: str | None
) -> Iterable[Row[Any]]:
    """`kept_month_id`, `value` and `content` of one tally; of every value where it is None."""
    query = select(KeptRows.kept_month_id, KeptRows.value, KeptRows.content).where(
        KeptRows.kept_month_id.in_(sorted(month_ids)),
        KeptRows.tally == tally,
        KeptRows.dimension == dimension,
    )
    if value is not None:
        query = query.where(KeptRows.value == value)
    return session.execute(query)


def months_to_look_at(session: Session, kept_as: Mapping[int, str]) -> list[tuple[int, str]]:
    """Service and month of all that has moved or is not kept as it is counted today, newest first.

    `kept_as`: by service, how its months are counted today.
    """
    moved = select(MovedMonth.service_id, MovedMonth.month).distinct()
    found = {(row.service_id, row.month) for row in session.execute(moved)}
    looked_at = select(KeptMonth.service_id, KeptMonth.month, KeptMonth.kept_as)
    for row in session.execute(looked_at):
        if row.kept_as != kept_as.get(row.service_id):
            found.add((row.service_id, row.month))
    return sorted(
        (place for place in found if place[0] in kept_as), key=lambda p: (p[1], -p[0]), reverse=True
    )


def see_month(session: Session, service_id: int, month: str) -> MonthSeen:
    """How far looking at a month has come, and the marks on it."""
    version = session.scalar(
        select(KeptMonth.version).where(
            KeptMonth.service_id == service_id, KeptMonth.month == month
        )
    )
    marks = session.execute(
        select(
            MovedMonth.service_id, MovedMonth.month, MovedMonth.moved_by, MovedMonth.moves
        ).where(MovedMonth.service_id == service_id, MovedMonth.month == month)
    )
    return MonthSeen(service_id, month, version, tuple(tuple(row) for row in marks))


def settle_month(
    session: Session,
    seen: MonthSeen,
    kept_as: str | None,
    now: datetime,
    rows: Iterable[Mapping[str, Any]] = (),
) -> bool:
    """Keep what was counted, or that it cannot be kept (`kept_as` None); take away the marks seen.

    False, and nothing done, where somebody else looked meanwhile: theirs may be newer.
    """
    month_id = _take(session, seen, kept_as, now)
    if month_id is None:
        return False
    session.execute(delete(KeptRows).where(KeptRows.kept_month_id == month_id))
    stored = [
        {"service_id": seen.service_id, "kept_month_id": month_id, **content} for content in rows
    ]
    if stored:
        session.execute(insert(KeptRows), stored)
    mark = tuple_(MovedMonth.service_id, MovedMonth.month, MovedMonth.moved_by, MovedMonth.moves)
    for start in range(0, len(seen.marks), _MARKS_AT_ONCE):
        some = seen.marks[start : start + _MARKS_AT_ONCE]
        session.execute(
            delete(MovedMonth).where(mark.in_(some)).execution_options(synchronize_session=False)
        )
    return True


def _take(session: Session, seen: MonthSeen, kept_as: str | None, now: datetime) -> int | None:
    """The id of the month's row, which is now at the next version; None if it was not as seen."""
    if seen.version is None:
        first = _INSERTS[session.get_bind().dialect.name](KeptMonth).values(
            service_id=seen.service_id, month=seen.month, version=1, kept_as=kept_as, kept_at=now
        )
        return session.scalar(first.on_conflict_do_nothing().returning(KeptMonth.id))
    return session.scalar(
        update(KeptMonth)
        .where(
            KeptMonth.service_id == seen.service_id,
            KeptMonth.month == seen.month,
            KeptMonth.version == seen.version,
        )
        .values(version=KeptMonth.version + 1, kept_as=kept_as, kept_at=now)
        .returning(KeptMonth.id)
        .execution_options(synchronize_session=False)
    )


def forget_months(session: Session) -> None:
    """Trust no kept month any more; each is to be counted anew."""
    session.execute(
        update(KeptMonth)
        .values(version=KeptMonth.version + 1, kept_as=None)
        .execution_options(synchronize_session=False)
    )


def all_kept_months(session: Session, service_id: int, kept_as: str) -> dict[str, int]:
    """Ids of all the kept months of a service that nothing has moved, by month."""
    return _kept(session, service_id, kept_as, true())


def kept_contents(session: Session, month_id: int) -> dict[tuple[str, str, str], bytes]:
    """All that is kept of a month, by tally, dimension and value."""
    found = session.execute(
        select(KeptRows.tally, KeptRows.dimension, KeptRows.value, KeptRows.content).where(
            KeptRows.kept_month_id == month_id
        )
    )
    return {(row.tally, row.dimension, row.value): row.content for row in found}
