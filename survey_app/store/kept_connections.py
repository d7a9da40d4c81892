"""Which connections stay open between one tap and the next, ready for prepared statements?

A session of SQLAlchemy takes a connection from its pool, begins, looks after it and gives it back:
ten times the work of the one or two statements of a tap. Here a connection is kept as it is and
begun by hand. Where a tap comes to rows that only mapped classes know, its session joins in, in the
same transaction.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

MOST_KEPT = 4
"""A process that serves one request at a time needs one."""


@dataclass(frozen=True)
class Kept:
    """An open connection, and the driver's own under it."""

    connection: Connection
    driver: Any


class KeptConnections:
    """The idle ones of a process; whoever needs one while there is none opens one more.

    `engine` opens connections without a transaction of their own; `begin` is given a driver's
    connection, and begins to write on it.
    """

    def __init__(self, engine: Engine, begin: Callable[[Any], None]) -> None:
        self._engine = engine
        self._begin = begin
        self._idle: deque[Kept] = deque()

    @contextmanager
    def looking(self) -> Iterator["LookingDriver"]:
        """Sends queries each of which stands alone."""
        looking = LookingDriver(self)
        try:
            yield looking
        finally:
            looking.give_back()

    @contextmanager
    def writing(self) -> Iterator[Kept]:
        """One that has begun to write; committed at the end of the block, or not at all."""
        kept = self._begun()
        try:
            yield kept
            kept.driver.commit()
        except BaseException:
            self._undo(kept)
            raise
        self.give_back(kept)

    def take(self) -> Kept:
        """An idle one, else a new one."""
        try:
            return self._idle.pop()
        except IndexError:
            connection = self._engine.connect()
            return Kept(connection, connection.connection.driver_connection)

    def give_back(self, kept: Kept) -> None:
        """Have it ready for the next; more than enough are let go."""
        if len(self._idle) < MOST_KEPT:
            self._idle.append(kept)
        else:
            kept.connection.close()

    def take_another(self, lost: Kept) -> Kept:
        """A fresh one in place of one that leads nowhere, as do all that are idle."""
        lost.connection.invalidate()
        lost.connection.close()
        self.close()
        self._engine.dispose()
        return self.take()

    def is_lost(self, kept: Kept, fault: Exception) -> bool:
        """Whether this fault says that there is no server at the other end any more."""
        return self._engine.dialect.is_disconnect(fault, kept.driver, None)  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of all that are idle."""
        while self._idle:
            kept = self._idle.pop()
            kept.connection.invalidate()
            kept.connection.close()

    def _begun(self) -> Kept:
        """Nothing was sent before, so that a second begin can write nothing twice."""
        kept = self.take()
        try:
            self._begin(kept.driver)
        except Exception as fault:
            if not self.is_lost(kept, fault):
                self._undo(kept)
                raise
            kept = self.take_another(kept)
            self._begin(kept.driver)
        return kept

    def _undo(self, kept: Kept) -> None:
        try:
            kept.driver.rollback()
        except Exception as fault:
            if not self.is_lost(kept, fault):
                raise
            kept.connection.invalidate()
            kept.connection.close()
        else:
            self.give_back(kept)


class LookingDriver:
    """Sends single queries; a server that was restarted since the last costs nobody an error."""

    def __init__(self, connections: KeptConnections) -> None:
        self._connections = connections
        self._kept: Kept | None = None

    def execute(self, text: str, values: Any) -> Any:
        """The driver's cursor over what a query finds. A query may well be sent a second time."""
        if self._kept is None:
            self._kept = self._connections.take()
        try:
            return self._kept.driver.execute(text, values)
        except Exception as fault:
            if not self._connections.is_lost(self._kept, fault):
                raise
            self._kept = self._connections.take_another(self._kept)
        return self._kept.driver.execute(text, values)

    def give_back(self) -> None:
        """Nothing more is asked."""
        if self._kept is not None:
            self._connections.give_back(self._kept)
