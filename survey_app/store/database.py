"""Where do sessions come from, and how does each database keep its promises?

One engine of SQLAlchemy's with its pool, and a session for each piece of work
(docs/decisions/the-way-to-the-database.md). Only the edges (a web request, a command, an import
batch, each half of a dispatch) open sessions here; use cases never commit.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from survey_app.store.postgresql_engine import open_postgresql
from survey_app.store.scope import NOTHING, Scope, set_scope
from survey_app.store.sqlite_engine import open_sqlite
from survey_app.store.time_limits import limits_of

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError)
"""What a statement raises when the database is away, frozen, full or held by somebody else."""


class Database:
    """One database: opens reading and writing sessions, each within the time limits of its scope
    (`store/time_limits`). The bare `engine` has none: it is for migrations."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = (open_sqlite if self.is_sqlite else open_postgresql)(self.url)
        self._engines: dict[tuple[Any, ...], Engine] = {}
        """The same engine for each kind of session: with its options, which are slow to put on."""

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A session that is rolled back at its end."""
        with self._session(scope) as session:
            yield session

    @contextmanager
    def snapshot(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A reading session all of whose queries see the database as of one moment."""
        with self._session(scope, is_snapshot=True) as session:
            yield session

    @contextmanager
    def look(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A session for one or two quick queries, each of which sees the latest that was committed.

        It has no transaction around it, which saves the way there and back: never write in one.
        """
        with self._session(scope, is_looking=True) as session:
            yield session

    @contextmanager
    def write(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A session whose work is committed at the end of the block, or not at all."""
        with self._session(scope, is_writer=True) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def forget_connections(self) -> None:
        """After a fork: those that were open stay with the process that opened them."""
        self.engine.dispose(close=False)

    def _session(self, scope: Scope, **options: bool) -> Session:
        kind = (limits_of(scope), *options)
        engine = self._engines.get(kind)
        if engine is None:
            engine = self.engine.execution_options(time_limits=kind[0], **options)
            self._engines[kind] = engine
        session = Session(engine, expire_on_commit=False)
        set_scope(session, scope)
        return session


def is_unavailable(fault: Exception) -> bool:
    """Whether the database could not be asked, or not in time: later the same may succeed."""
    driver_fault = fault.orig if isinstance(fault, DBAPIError) else None
    if isinstance(driver_fault, sqlite3.OperationalError):
        # The embedded database says the same of a table that is not there: that is a fault of ours.
        return getattr(driver_fault, "sqlite_errorname", "") != "SQLITE_ERROR"
    return isinstance(fault, UNAVAILABLE)
