"""Where does the fault test keep its rows? A fresh database of either kind, gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

KINDS = ("sqlite", "postgresql")
SERVER = os.environ.get(
    "TEST_DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


class DatabaseMissing(Exception):
    """This machine lacks the database server; the message names it."""


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database; `DatabaseMissing` where there is no server for it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'survey.db'}"
        return
    name = f"survey_faults_{os.getpid()}"
    with _server() as server:
        server.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    try:
        url = make_url(SERVER).set(drivername="postgresql+psycopg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with _server() as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def require_server(kind: str) -> None:
    """Raise `DatabaseMissing` before anything is started."""
    if kind != "sqlite":
        _server().close()


def _server() -> "psycopg.Connection[tuple[object, ...]]":
    url = make_url(SERVER).set(drivername="postgresql")
    try:
        return psycopg.connect(
            url.render_as_string(hide_password=False), autocommit=True, connect_timeout=3
        )
    except psycopg.OperationalError as fault:
        raise DatabaseMissing(
            f"PostgreSQL is missing: none answers on {url.host}:{url.port or 5432}. Start one, set "
            "TEST_DATABASE_URL, or test SQLite alone with --only sqlite."
        ) from fault
