"""Which connections stay open between one tap and the next, ready for prepared statements?

A session of SQLAlchemy takes a connection from its pool, begins, looks after it and gives it back:
ten times the work of the one or two statements of a tap. Here a connection is kept as it is and
begun by hand. Where a tap comes to rows that only mapped classes know, the session that is kept
with it joins in, in the same transaction.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from survey_app.store.prepared import Driver, use_driver
from survey_app.store.scope import NOTHING, set_scope

MOST_KEPT = 4
"""A process that serves one request at a time needs one."""


class Begun(Driver, Protocol):
    """Takes the statements of one transaction."""

    def commit(self) -> None:
        """Keep what was written; raises where the database did not."""


@dataclass
class Kept:
    """An open connection, the driver's own under it, and the session that is bound to it."""

    connection: Connection
    driver: Any
    session: Session
    statements: Driver | None = None
    """What takes those of the look or tap that it is taken for."""


class KeptConnections(ABC):
    """The idle ones of a process; whoever needs one while there is none opens one more.

    `engine` opens fresh connections without a transaction of their own.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Kept] = deque()

    @abstractmethod
    def _to_look(self, kept: Kept) -> Driver:
        """What takes queries that stand alone."""

    @abstractmethod
    def _begin(self, kept: Kept) -> Begun:
        """What takes the statements of a transaction from now on."""

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A session whose queries stand alone; any of them may be sent a second time."""
        kept = self.take()
        kept.session.autoflush = False
        kept.statements = self._to_look(kept)
        use_driver(kept.session, kept.statements)
        try:
            yield kept.session
        finally:
            self.give_back(kept)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that has begun to write; committed at the end of the block, or not at all."""
        kept = self.take()
        try:
            kept.statements = begun = self._begin(kept)
            kept.session.autoflush = True
            use_driver(kept.session, begun)
            yield kept.session
            kept.session.flush()
            begun.commit()
            if kept.session.in_transaction():
                kept.session.commit()  # Nothing is left of it, but the session does not know.
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
            session = Session(connection, expire_on_commit=False)
            return Kept(connection, self._driver_of(connection), session)

    def give_back(self, kept: Kept) -> None:
        """Have it ready for the next, with nothing of this one; more than enough are let go."""
        set_scope(kept.session, NOTHING)
        if kept.session.in_transaction() or kept.session.identity_map:
            kept.session.close()
        if kept.connection.invalidated or len(self._idle) >= MOST_KEPT:
            let_go(kept)
        else:
            self._idle.append(kept)

    def is_lost(self, kept: Kept, fault: Exception) -> bool:
        """Whether this fault says that there is no server at the other end any more."""
        return self._engine.dialect.is_disconnect(fault, kept.driver, None)  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of all that are idle."""
        while self._idle:
            let_go(self._idle.pop())

    def _driver_of(self, connection: Connection) -> Any:
        return connection.connection.driver_connection

    def _undo(self, kept: Kept) -> None:
        try:
            kept.session.close()
            kept.driver.rollback()
        except Exception as fault:
            let_go(kept)
            if not self.is_lost(kept, getattr(fault, "orig", fault)):
                raise
        else:
            self.give_back(kept)


def let_go(kept: Kept) -> None:
    """Close it, whatever state it is in."""
    kept.connection.invalidate()
    kept.connection.close()
