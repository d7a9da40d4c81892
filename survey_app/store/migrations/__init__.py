"""How does a database come to hold today's tables?

In one transaction, under a lock: an upgrade that is cut short leaves the database as it was, and of
two at once the second waits and finds nothing to do. Nothing is called up to date that was not
compared with the models.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.store.database import Database
from survey_app.store.installation import (
    KeysRefused,
    record_keys,
    recorded_keys,
    recorded_refusals,
    value_refusals,
)
from survey_app.store.migrations.shapes import NotAsReleased, shape_faults
from survey_app.store.models import metadata
from survey_app.store.move_marks import drop_marks
from survey_app.store.rebuild_facts import rebuild_facts
from survey_app.store.scope import Scope, set_scope
from survey_app.store.sealed import encryption_key_ids

UPGRADE_LOCK = 0x5375727665790001
"""The number of PostgreSQL's advisory lock; whoever upgrades holds it."""


class NewerRelease(Exception):
    """The database is at a revision that this release does not know; the message names it."""


class TablesDiffer(Exception):
    """The database is not as the models say, and the migrations cannot make it so."""

    def __init__(self, differences: list[object]) -> None:
        super().__init__(f"{len(differences)} things differ")
        self.differences = differences


def alembic_config(database: Database, connection: Connection | None = None) -> Config:
    """Alembic's settings for this database; there is no alembic.ini to keep in step.

    With a connection it works in the transaction that this one is in.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = database.engine
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, with the fact rows of figures made anew, and the
    keys into its table; all of it or nothing.

    Raises `KeysRefused`, `NewerRelease`, `NotAsReleased` or `TablesDiffer`.
    """
    with _alone(database) as connection:
        config = alembic_config(database, connection)
        revision = _known_revision(connection, config)
        recorded = recorded_keys(connection)
        has_keys = any(recorded.values())
        refusals = recorded_refusals(recorded) if has_keys else value_refusals(connection)
        if found := list(refusals):
            raise KeysRefused(found)
        if revision != _head(config):
            if faults := shape_faults(connection, config, revision):
                raise NotAsReleased(revision, faults)
            drop_marks(connection)
            command.upgrade(config, "head")
            _make_facts(connection)
        if differences := _differences(connection):
            raise TablesDiffer(differences)
        # The first: all that were given. Later: one in front that is new.
        record_keys(connection, encryption_key_ids()[: 1 if has_keys else None])


def _make_facts(connection: Connection) -> None:
    with Session(connection, join_transaction_mode="rollback_only") as session:
        set_scope(session, Scope.worker())
        rebuild_facts(session)


def is_current(database: Database) -> bool:
    """Whether the newest revision has been applied."""
    with database.engine.connect() as connection:
        return _revision(connection) == _head(alembic_config(database))


def drift(database: Database) -> list[object]:
    """What the migrated database has and the models have not, or the other way round.

    Alembic's differences. Takes a tenth of a second and more.
    """
    with database.engine.connect() as connection:
        return _differences(connection)


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _head(config: Config) -> str | None:
    return ScriptDirectory.from_config(config).get_current_head()


def _known_revision(connection: Connection, config: Config) -> str | None:
    revision = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise NewerRelease(revision)
    return revision


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A transaction that no other upgrade runs beside, however long it has to wait for that."""
    connection = _begin_writing(database)
    try:
        if not database.is_sqlite:
            # Of this transaction alone: tables may be large, and the other upgrade long.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
        yield connection
        connection.commit()
    finally:
        connection.close()


def _begin_writing(database: Database) -> Connection:
    """A writer's transaction. SQLite's is the lock: it has one place for a writer."""
    engine = database.engine.execution_options(is_writer=True)
    while True:
        connection = None
        try:
            connection = engine.connect()
            connection.begin()
        except (DBAPIError, sqlite3.OperationalError) as fault:
            if connection is not None:
                connection.close()
            if not _is_busy(fault):
                raise
            continue
        return connection


def _is_busy(fault: Exception) -> bool:
    """Whether SQLite's place of a writer was taken all the time that its connection waits."""
    own = getattr(fault, "orig", fault)
    return str(getattr(own, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
