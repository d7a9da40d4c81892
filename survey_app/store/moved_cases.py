"""Which closed cases have moved since their month was kept?

A mark is written by a trigger in the transaction of the change (`store/move_marks`). Who keeps a
month takes away just the marks that stood in the snapshot that was counted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, delete, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base

EVERY_CASE = 0
"""As a case: all of the month."""


class MovedCase(Base):
    """A mark: a figure of a case that closed in this month has moved. Written by triggers alone."""

    __tablename__ = "moved_cases"

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(primary_key=True)
    """`2018-04`."""
    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moved_by: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """PostgreSQL: the transaction, so that nobody waits for another. SQLite, which has one writer
    at a time: 0."""
    moves: Mapped[int]


Mark = tuple[int, int, int]
"""Case, moved by, moves."""

_MARKS_AT_ONCE = 1_000
"""Keeps a statement below the databases' limits on parameters."""


@dataclass(frozen=True)
class MarkedMonth:
    """A month of a service in which so many marks stand; whether one of them is of every case."""

    service_id: int
    month: str
    marks: int
    has_every: bool


def find_moved(session: Session, service_id: int, first: str, last: str) -> dict[str, set[int]]:
    """The marked cases by month, from month `first` to `last`."""
    found: dict[str, set[int]] = defaultdict(set)
    query = (
        select(MovedCase.month, MovedCase.case_id)
        .where(MovedCase.service_id == service_id, MovedCase.month.between(first, last))
        .distinct()
    )
    for month, case_id in session.execute(query):
        found[month].add(case_id)
    return found


def marked_months(session: Session) -> list[MarkedMonth]:
    """Every month with marks, of every service."""
    query = select(
        MovedCase.service_id, MovedCase.month, func.count(), func.min(MovedCase.case_id)
    ).group_by(MovedCase.service_id, MovedCase.month)
    return [
        MarkedMonth(service_id, month, marks, lowest == EVERY_CASE)
        for service_id, month, marks, lowest in session.execute(query)
    ]


def marks_of(session: Session, service_id: int, month: str) -> tuple[Mark, ...]:
    """The marks of a month as they stand."""
    found = session.execute(
        select(MovedCase.case_id, MovedCase.moved_by, MovedCase.moves).where(
            MovedCase.service_id == service_id, MovedCase.month == month
        )
    )
    return tuple((row.case_id, row.moved_by, row.moves) for row in found)


def take_marks_away(session: Session, service_id: int, month: str, marks: Sequence[Mark]) -> None:
    """Take away these marks, but none that has moved on since."""
    mark = tuple_(MovedCase.case_id, MovedCase.moved_by, MovedCase.moves)
    for start in range(0, len(marks), _MARKS_AT_ONCE):
        session.execute(
            delete(MovedCase)
            .where(
                MovedCase.service_id == service_id,
                MovedCase.month == month,
                mark.in_(marks[start : start + _MARKS_AT_ONCE]),
            )
            .execution_options(synchronize_session=False)
        )
