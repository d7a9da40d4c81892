"""How many statements did this piece of work send to the database, and how long did they take?

Counted by SQLAlchemy's events, on every engine. What is fetched from SQLite afterwards, opening a
connection, and COMMIT are not in it.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class StatementTimes:
    """Of the work under way: statements, and seconds from sending each to its end."""

    count: int = 0
    seconds: float = 0.0
    _began: float | None = None

    def begin(self) -> None:
        """A statement goes out."""
        self.count += 1
        self._began = perf_counter()

    def end(self) -> None:
        """It is done, or it failed."""
        if self._began is not None:
            self.seconds += perf_counter() - self._began
            self._began = None


_under_way: ContextVar[StatementTimes | None] = ContextVar("statement_times", default=None)


def count_statements() -> StatementTimes:
    """From now on count the statements of this thread or task here, until the next such call."""
    times = StatementTimes()
    _under_way.set(times)
    return times


@event.listens_for(Engine, "before_cursor_execute")
def _begin(*_statement: Any) -> None:
    times = _under_way.get()
    if times is not None:
        times.begin()


@event.listens_for(Engine, "after_cursor_execute")
def _end(*_statement: Any) -> None:
    times = _under_way.get()
    if times is not None:
        times.end()


@event.listens_for(Engine, "handle_error")
def _end_in_error(_fault: Any) -> None:
    _end()
