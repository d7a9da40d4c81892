"""What time is it? The database knows: it is the one clock that workers on all hosts share."""

from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.clock_faults import MOST_JUMP
from survey_app.store.base import Base
from survey_app.store.database import Database

_NOW = {
    # The file's host is the only one, so its clock is the database's.
    "sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"),
    "postgresql": text("SELECT clock_timestamp()"),
}
READING_HOLDS_SECONDS = 1.0
"""How long a reading is carried on by the process's own time before the database is asked anew."""


class ClockReading(Base):
    """The database's instant as of the last round that was done; one row."""

    __tablename__ = "clock_readings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_at: Mapped[datetime]


_THE_ROW = 1
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class ClockJumped(Exception):
    """The database's clock moved by more than a day in the midst of a round."""


def database_now(session: Session) -> datetime:
    """The database's present instant, not that of its transaction's beginning."""
    now: str | datetime = session.execute(_NOW[session.get_bind().dialect.name]).scalar_one()
    return (datetime.fromisoformat(now) if isinstance(now, str) else now).astimezone(UTC)


def find_last_seen(session: Session) -> datetime | None:
    """The database's instant as of the last round; None before the first."""
    return session.scalar(select(ClockReading.seen_at).where(ClockReading.id == _THE_ROW))


def mark_seen(session: Session, now: datetime) -> None:
    """Write down the instant at which a round is done."""
    insert = _INSERTS[session.get_bind().dialect.name](ClockReading)
    session.execute(
        insert.values(id=_THE_ROW, seen_at=now).on_conflict_do_update(
            index_elements=[ClockReading.id], set_={"seen_at": insert.excluded.seen_at}
        )
    )


class DatabaseClock:
    """The database's clock for one round; may be asked from several threads.

    A text asks it several times, so a reading is carried on for a second. Raises `ClockJumped`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._at: datetime | None = None
        self._read = 0.0

    def __call__(self) -> datetime:
        with self._lock:
            passed = monotonic() - self._read
            if self._at is None:
                self._ask()
            elif passed >= READING_HOLDS_SECONDS:
                expected = self._at + timedelta(seconds=passed)
                if abs(self._ask() - expected) > MOST_JUMP:
                    raise ClockJumped
            else:
                return self._at + timedelta(seconds=passed)
            assert self._at is not None
            return self._at

    def _ask(self) -> datetime:
        with self._database.read() as session:
            self._at = database_now(session)
        self._read = monotonic()
        return self._at
