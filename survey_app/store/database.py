"""Where do sessions come from, and how does each database keep its promises?

SQLite: WAL, `synchronous=FULL`, a busy timeout, and `BEGIN IMMEDIATE` for writers only, so that two
writers queue instead of failing half-way. PostgreSQL: as it is. Only the edges (a web request, a
command, an import batch, each half of a dispatch) open sessions here; use cases never commit.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, Pool

from survey_app.store.kept_connections import KeptConnections
from survey_app.store.kept_postgresql import KeptPostgresql
from survey_app.store.kept_sqlite import KeptSqlite
from survey_app.store.scope import NOTHING, Scope, set_scope

BUSY_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.0005
TRUSTED_SECONDS = 1.0
"""How long a connection that was given back is taken to be alive without a trial."""
_LEFT = "left"


class Database:
    """One database: opens reading and writing sessions."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(url, is_sqlite=self.is_sqlite)
        self._writing = self.engine.execution_options(is_writer=True)
        # PostgreSQL: statements that stand alone need no BEGIN and no ROLLBACK on the way.
        alone = {"is_looking": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        # Of their own: one that the pool had would come with what others did to it.
        own = _engine(url, is_sqlite=self.is_sqlite, poolclass=NullPool)
        own = own.execution_options(**alone)
        self._kept: KeptConnections = (
            KeptSqlite(own, _begin_writing, self._in_line)
            if self.is_sqlite
            else KeptPostgresql(own)
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A session that is rolled back at its end."""
        with Session(self.engine, expire_on_commit=False) as session:
            set_scope(session, scope)
            yield session

    @contextmanager
    def snapshot(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A reading session all of whose queries see the database as of one moment."""
        # SQLite's reading transactions are so by themselves.
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        engine = self.engine.execution_options(**options)
        with Session(engine, expire_on_commit=False) as session:
            set_scope(session, scope)
            yield session

    @contextmanager
    def look(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A session for one or two quick queries, each of which sees the latest that was committed.

        It has no transaction around it: never write in one.
        """
        with self._kept.looking() as session:
            set_scope(session, scope)
            yield session

    @contextmanager
    def write(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """A session whose work is committed at the end of the block, or not at all."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            set_scope(session, scope)
            yield session

    @contextmanager
    def tap(self, scope: Scope = NOTHING) -> Iterator[Session]:
        """As `write`, for the few quick statements with which a tap on a phone is answered.

        On a connection that is kept for it; mapped classes join in its transaction.
        """
        with self._kept.writing() as session:
            set_scope(session, scope)
            yield session

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        """Taps wait for one another in the kernel's line, first come first served, using no time.

        SQLite itself can only be asked again and again whether it is free.
        """
        line = os.open(f"{self.url.database}-line", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield
        finally:
            os.close(line)

    def close(self) -> None:
        """Let go of every connection."""
        self._kept.close()
        self.engine.dispose()


def _engine(url: str, *, is_sqlite: bool, poolclass: type[Pool] | None = None) -> Engine:
    if not is_sqlite:
        engine = create_engine(url, poolclass=poolclass, hide_parameters=True)
        event.listen(engine, "checkin", _note_time)
        event.listen(engine, "checkout", partial(_prove_alive, engine))
        return engine
    engine = create_engine(
        url, poolclass=poolclass, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _note_time(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_LEFT] = monotonic()


def _prove_alive(
    engine: Engine, connection: DBAPIConnection, entry: ConnectionPoolEntry, _fairy: object
) -> None:
    """Try a connection that lay idle, so that a restarted server costs nobody an error.

    Not one that worked a moment ago: the trial is a journey to the server and back, at every tap.
    """
    if monotonic() - entry.info.get(_LEFT, monotonic()) < TRUSTED_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as fault:
        raise DisconnectionError from fault


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin late and commit around DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("is_looking", False):
        return
    driver = connection.connection.driver_connection
    if options.get("is_writer", False):
        _begin_writing(driver)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(driver: Any) -> None:
    """Wait for the one place of a writer of SQLite, up to `BUSY_SECONDS`.

    A writer is done in a millisecond or two. SQLite's own waiting looks again after 1, 2, 5, 10 ...
    100 ms, so that somebody who waits is overtaken by everyone who comes later.
    """
    until = monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _has_begun(driver, is_last_try=monotonic() > until):
            sleep(LOOK_AGAIN_SECONDS)
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _has_begun(driver: Any, *, is_last_try: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as fault:
        if is_last_try or not fault.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise
        return False
    return True
