"""Which workers have reported, and when did one last?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base

WORKING = "working"
"""What a worker reports that does its rounds; another report is why it does none."""
ROUND_FAILED = "round-failed"
_KEPT_FOR = timedelta(days=7)


class WorkerBeat(Base):
    """What one worker process last reported."""

    __tablename__ = "worker_beats"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Drawn at the start of the process: it names no host."""
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    report: Mapped[str]
    """`working`, `round-failed`, or a `ClockFault`."""
    worked_at: Mapped[datetime | None]
    """When it last reported that it works."""


@dataclass(frozen=True)
class Heartbeat:
    """What the workers of all hosts have reported.

    `last_at`: when one that works last did; None when none ever did. `reports`: how many workers
    last gave each report, of those that reported after `since`.
    """

    last_at: datetime | None
    reports: dict[str, int]


def beat(session: Session, worker_id: str, report: str, now: datetime) -> None:
    """Write down that a worker is alive, and what it does; the first time also forget those that
    have not reported for a week."""
    row = session.get(WorkerBeat, worker_id)
    if row is None:
        session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < now - _KEPT_FOR))
        row = WorkerBeat(id=worker_id, started_at=now)
        session.add(row)
    row.beat_at, row.report = now, report
    if report == WORKING:
        row.worked_at = now


def heartbeat(session: Session, since: datetime) -> Heartbeat:
    """What the workers have reported, and which of them did after an instant."""
    last_at = session.scalar(select(func.max(WorkerBeat.worked_at)))
    rows = session.execute(
        select(WorkerBeat.report, func.count())
        .where(WorkerBeat.beat_at >= since)
        .group_by(WorkerBeat.report)
    )
    return Heartbeat(last_at, {row[0]: row[1] for row in rows})
