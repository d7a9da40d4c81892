"""Whose turn is it to do what is done every so often, however many workers run?"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base


class PeriodicWork(Base):
    """The last turn that somebody took of one kind of periodic work."""

    __tablename__ = "periodic_work"

    name: Mapped[str] = mapped_column(primary_key=True)
    slot_at: Mapped[datetime]
    """When the slot that was taken began."""


_ASKED_TOGETHER = timedelta(minutes=1)
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def take_turn(session: Session, name: str, every_seconds: float, now: datetime) -> bool:
    """Whether the present slot of this work is the caller's to do; nobody else is told so again.

    Time is cut into slots of `every_seconds`, the same for everyone; `now` is the database's. One
    statement decides, so of any number of callers exactly one is told yes in a slot. A turn that
    lies further ahead than two who ask together can differ was taken before the clock was put back:
    it holds nobody up.
    """
    number = now.timestamp() // every_seconds
    slot_at = datetime.fromtimestamp(number * every_seconds, UTC)
    insert = _INSERTS[session.get_bind().dialect.name](PeriodicWork).values(
        name=name, slot_at=slot_at
    )
    taken = session.execute(
        insert.on_conflict_do_update(
            index_elements=[PeriodicWork.name],
            set_={"slot_at": insert.excluded.slot_at},
            where=or_(
                PeriodicWork.slot_at < insert.excluded.slot_at,
                PeriodicWork.slot_at > now + _ASKED_TOGETHER,
            ),
        ).returning(PeriodicWork.name)
    )
    return taken.first() is not None
