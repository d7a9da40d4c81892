"""Which months of figures are to be looked at, and how is what was seen there kept?

A look counts in one snapshot, without holding anybody up, and is written in another transaction,
which takes away the marks of that snapshot and no others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.store.kept_months import KeptMonth, KeptTally
from survey_app.store.moved_cases import (
    Mark,
    MarkedMonth,
    marked_months,
    marks_of,
    take_marks_away,
)

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

FEW_MARKS = 200
"""A month with fewer marks can wait a while for its next look: a page counts them apart."""
PATIENCE = timedelta(minutes=5)
LONGEST = timedelta(days=1)
"""After so long a month is looked at whether marked or not. On PostgreSQL, who changes a case that
somebody else is just closing does not see it closed, and leaves no mark."""


@dataclass(frozen=True)
class MonthSeen:
    """A month as one snapshot shows it."""

    service_id: int
    month: str
    version: int | None
    """None where nobody has looked at it before."""
    marks: tuple[Mark, ...] = ()

    @property
    def version_now(self) -> int:
        """Its version, 0 before the first look."""
        return self.version or 0


@dataclass(frozen=True)
class MonthCounted:
    """What is to be kept of a month."""

    kept_as: str | None
    """None: it is to be counted anew."""
    kept_at: datetime
    left_out: tuple[int, ...] = ()
    has_open: bool = False
    look_again_at: datetime | None = None
    tallies: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """`tally`, `totals` and `members` of each."""


def months_to_look_at(
    session: Session, kept_as: Mapping[int, str], now: datetime, *, is_patient: bool = False
) -> list[tuple[int, str]]:
    """Service and month of all that has moved, that time has moved, that nobody has looked at for
    a day, or that is not kept as it is counted today, newest first.

    `kept_as`: by service, how its months are counted today. `is_patient`: of months looked at a
    moment ago only those with many marks.
    """
    marked = {(one.service_id, one.month): one for one in marked_months(session)}
    found = set(marked)
    looked_at = select(
        KeptMonth.service_id,
        KeptMonth.month,
        KeptMonth.kept_as,
        KeptMonth.kept_at,
        KeptMonth.look_again_at,
    )
    for row in session.execute(looked_at):
        place = row.service_id, row.month
        is_stale = row.kept_as != kept_as.get(row.service_id)
        is_old = row.kept_at <= now - LONGEST
        has_waited = row.look_again_at is not None and row.look_again_at <= now
        if is_stale or is_old or has_waited:
            found.add(place)
        is_fresh = not is_stale and now - PATIENCE < row.kept_at <= now
        if is_patient and is_fresh and _can_wait(marked.get(place)):
            found.discard(place)
    return sorted(
        (place for place in found if place[0] in kept_as), key=lambda p: (p[1], -p[0]), reverse=True
    )


def _can_wait(marked: MarkedMonth | None) -> bool:
    return marked is None or (marked.marks < FEW_MARKS and not marked.has_every)


def see_month(session: Session, service_id: int, month: str) -> MonthSeen:
    """How far looking at a month has come, and the marks on it."""
    version = session.scalar(
        select(KeptMonth.version).where(
            KeptMonth.service_id == service_id, KeptMonth.month == month
        )
    )
    return MonthSeen(service_id, month, version, marks_of(session, service_id, month))


def settle_month(session: Session, seen: MonthSeen, counted: MonthCounted) -> bool:
    """Keep what was counted, and take away the marks seen.

    False, and nothing done, where somebody else looked meanwhile: theirs may be newer.
    """
    month_id = _take(session, seen, counted)
    if month_id is None:
        return False
    is_past = (KeptTally.kept_month_id == month_id) & (KeptTally.version < seen.version_now)
    session.execute(delete(KeptTally).where(is_past))
    version = seen.version_now + 1
    stored = [
        {"service_id": seen.service_id, "kept_month_id": month_id, "version": version, **tally}
        for tally in counted.tallies
    ]
    if stored:
        session.execute(insert(KeptTally), stored)
    take_marks_away(session, seen.service_id, seen.month, seen.marks)
    return True


def _take(session: Session, seen: MonthSeen, counted: MonthCounted) -> int | None:
    """The id of the month's row, which is now at the next version; None if it was not as seen."""
    columns = {
        "kept_as": counted.kept_as,
        "kept_at": counted.kept_at,
        "left_out": list(counted.left_out),
        "has_open": counted.has_open,
        "look_again_at": counted.look_again_at,
    }
    if seen.version is None:
        first = _INSERTS[session.get_bind().dialect.name](KeptMonth).values(
            service_id=seen.service_id, month=seen.month, version=1, **columns
        )
        return session.scalar(first.on_conflict_do_nothing().returning(KeptMonth.id))
    return session.scalar(
        update(KeptMonth)
        .where(
            KeptMonth.service_id == seen.service_id,
            KeptMonth.month == seen.month,
            KeptMonth.version == seen.version,
        )
        .values(version=KeptMonth.version + 1, **columns)
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
