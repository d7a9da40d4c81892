"""Does a worker work? Seen by what it reports, and by what is due and not done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.reporting.due_texts import all_due, queue_ages
from survey_app.store.services import Service
from survey_app.store.worker_beats import Heartbeat, heartbeat

LONGEST_SILENCE = timedelta(minutes=2)
"""A worker reports every quarter of a minute."""
LONGEST_WAIT = timedelta(minutes=15)
"""Of a text that is due, within the hours of its service."""


@dataclass(frozen=True)
class WorkerHealth:
    """How long ago a worker reported that it works (None: never), and how long the oldest text that
    is due waits in the hours of its service."""

    silence: timedelta | None
    wait: timedelta

    @property
    def is_well(self) -> bool:
        """Whether a worker works, and keeps up."""
        is_silent = self.silence is None or self.silence > LONGEST_SILENCE
        return not is_silent and self.wait <= LONGEST_WAIT


def worker_health(session: Session, now: datetime) -> WorkerHealth:
    """As of `now`, the database's instant."""
    last_at = recent_beats(session, now).last_at
    services = list(session.scalars(select(Service)))
    ages = queue_ages(session, services, all_due(session, now), now)
    return WorkerHealth(
        silence=None if last_at is None else now - last_at,
        wait=max(ages.values(), default=timedelta(0)),
    )


def recent_beats(session: Session, now: datetime) -> Heartbeat:
    """What workers report; those that fell silent are not among them."""
    return heartbeat(session, now - LONGEST_SILENCE)
