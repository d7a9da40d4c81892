"""Which connections stay open between one tap and the next, ready for prepared statements?

A session of SQLAlchemy takes a connection from its pool, begins, looks after it and gives it back:
ten times the work of the one or two statements of a tap. Here a connection is kept as it is and
begun by hand. Where a tap comes to rows that only mapped classes know, the session that is kept
with it joins in, in the same transaction.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from survey_app.store.prepared import use_driver
from survey_app.store.quick_postgresql import QuickPostgresql
from survey_app.store.scope import NOTHING, set_scope

MOST_KEPT = 4
"""A process that serves one request at a time needs one."""


@dataclass
class Kept:
    """An open connection, the driver's own under it, and the session that is bound to it."""

    connection: Connection
    driver: Any
    session: Session


class KeptConnections:
    """The idle ones of a process; whoever needs one while there is none opens one more.

    `engine` opens fresh connections without a transaction of their own; `begin` is given a driver's
    connection, and begins to write on it; `in_line` is where writers wait for one another first.
    """

    def __init__(
        self,
        engine: Engine,
        begin: Callable[[Any], None],
        in_line: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._engine = engine
        self._begin = begin
        self._in_line = in_line
        self._idle: deque[Kept] = deque()

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A session whose queries stand alone; each may be sent a second time (`LookingDriver`)."""
        kept = self.take()
        kept.session.autoflush = False
        use_driver(kept.session, LookingDriver(self, kept))
        try:
            yield kept.session
        finally:
            self.give_back(kept)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that has begun to write; committed at the end of the block, or not at all."""
        with self._in_line(), self._in_transaction() as session:
            yield session

    @contextmanager
    def _in_transaction(self) -> Iterator[Session]:
        kept = self._begun()
        kept.session.autoflush = True
        use_driver(kept.session, kept.driver)
        try:
            yield kept.session
            if kept.session.in_transaction():
                kept.session.commit()
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
            session = Session(connection, expire_on_commit=False)
            return Kept(connection, _driver_of(connection), session)

    def give_back(self, kept: Kept) -> None:
        """Have it ready for the next, with nothing of this one; more than enough are let go."""
        set_scope(kept.session, NOTHING)
        if kept.session.in_transaction() or kept.session.identity_map:
            kept.session.close()
        if kept.connection.invalidated or len(self._idle) >= MOST_KEPT:
            _let_go(kept)
        else:
            self._idle.append(kept)

    def renew(self, lost: Kept) -> None:
        """Put a fresh connection in place of one that leads nowhere, as do all that are idle."""
        _let_go(lost)
        self.close()
        lost.connection = lost.session.bind = self._engine.connect()
        lost.driver = _driver_of(lost.connection)

    def is_lost(self, kept: Kept, fault: Exception) -> bool:
        """Whether this fault says that there is no server at the other end any more."""
        return self._engine.dialect.is_disconnect(fault, kept.driver, None)  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of all that are idle."""
        while self._idle:
            _let_go(self._idle.pop())

    def _begun(self) -> Kept:
        """Nothing was sent before, so that a second begin can write nothing twice."""
        kept = self.take()
        try:
            self._begin(kept.driver)
        except Exception as fault:
            if not self.is_lost(kept, fault):
                self._undo(kept)
                raise
            self.renew(kept)
            self._begin(kept.driver)
        return kept

    def _undo(self, kept: Kept) -> None:
        try:
            kept.session.close()
            kept.driver.rollback()
        except Exception as fault:
            _let_go(kept)
            if not self.is_lost(kept, getattr(fault, "orig", fault)):
                raise
        else:
            self.give_back(kept)


class LookingDriver:
    """Sends single queries; a server that was restarted since the last costs nobody an error."""

    def __init__(self, connections: KeptConnections, kept: Kept) -> None:
        self._connections = connections
        self._kept = kept

    def execute(self, text: str, values: Any) -> Any:
        """The driver's cursor over what a query finds. A query may well be sent a second time."""
        try:
            return self._kept.driver.execute(text, values)
        except Exception as fault:
            is_in_use = self._kept.session.in_transaction()
            if is_in_use or not self._connections.is_lost(self._kept, fault):
                raise
        self._connections.renew(self._kept)
        return self._kept.driver.execute(text, values)


def _driver_of(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    return QuickPostgresql(driver) if isinstance(driver, psycopg.Connection) else driver


def _let_go(kept: Kept) -> None:
    kept.connection.invalidate()
    kept.connection.close()
