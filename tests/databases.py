"""The same tests on both databases: SQLite always, PostgreSQL where one can be reached.

A template is migrated once per worker; each test gets a fresh copy (SQLite: a file; PostgreSQL: the
worker's own database, emptied).
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from survey_app.store.database import Database
from survey_app.store.installation import InstallationKey
from survey_app.store.migrations import upgrade
from survey_app.store.models import metadata

SERVER = os.environ.get(
    "TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


def _server_answers() -> bool:
    try:
        psycopg.connect(_conninfo("postgres"), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _conninfo(database: str) -> str:
    url = make_url(SERVER).set(drivername="postgresql")
    if database != "postgres":
        url = url.set(database=database)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory, unlocked: None) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def _postgresql(worker_id: str, unlocked: None) -> Iterator[Database]:
    if not _server_answers():
        pytest.skip("PostgreSQL is missing: set TEST_DATABASE_URL or start one on 127.0.0.1:5432")
    with _made_postgresql(f"survey_test_{worker_id}_{os.getpid()}") as url:
        database = Database(url)
        upgrade(database)
        yield database
        database.close()


@contextmanager
def _made_postgresql(name: str) -> Iterator[str]:
    """The URL of a new, empty database, which is dropped at the end."""
    with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(
            f'CREATE DATABASE "{name}" TEMPLATE template0 '
            "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        server.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    url = make_url(SERVER).set(drivername="postgresql+psycopg", database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _fresh_sqlite(template: Path, folder: Path) -> Database:
    path = folder / "survey.db"
    shutil.copyfile(template, path)
    return Database(f"sqlite:///{path}")


def _empty(database: Database) -> None:
    # Tests leave a few rows: deleting them is a hundred times quicker than TRUNCATE's new files.
    # Which keys it was made with stays as `upgrade` wrote it.
    tables = [t for t in reversed(metadata.sorted_tables) if t is not InstallationKey.__table__]
    statements = "; ".join(f'DELETE FROM "{t.name}"' for t in tables)
    with database.engine.begin() as connection:
        connection.execute(text(statements))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database this run of the test is on."""
    return str(request.param)


@pytest.fixture
def database(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """A fresh, migrated, empty database; the test runs once on each kind."""
    if database_kind == "sqlite":
        fresh = _fresh_sqlite(request.getfixturevalue("_sqlite_template"), tmp_path)
        yield fresh
        fresh.close()
        return
    shared = request.getfixturevalue("_postgresql")
    _empty(shared)
    yield shared


@pytest.fixture
def sqlite_database(_sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite alone, for tests in which the kind of database plays no part."""
    fresh = _fresh_sqlite(_sqlite_template, tmp_path)
    yield fresh
    fresh.close()


@pytest.fixture
def empty_url(database_kind: str, worker_id: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of this test's own without any table; once on each kind."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    if not _server_answers():
        pytest.skip("PostgreSQL is missing: set TEST_DATABASE_URL or start one on 127.0.0.1:5432")
    with _made_postgresql(f"survey_empty_{worker_id}_{os.getpid()}") as url:
        yield url
