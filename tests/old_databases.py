"""Databases as former releases left them, filled: how they were made says dumps/README.md."""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from alembic import command
from psycopg import sql
from sqlalchemy import Boolean, MetaData, make_url

from survey_app.settings import Keys
from survey_app.store.database import Database
from survey_app.store.migrations import alembic_config

DUMPS = Path(__file__).parent / "store" / "dumps"
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
BEFORE_ALL_RELEASES = "older"
OLD_KEYS = Keys(
    secret="a secret of the kept dumps, long enough to sign",
    encryption=("a2V5LW9mLXRoZS1rZXB0LWR1bXBzLTMyLWJ5dGVzISE=",),
    lookup="a lookup key of the kept dumps, long enough too",
)
"""What the dumps are sealed with."""


def old_sqlite(path: Path, dump: str) -> str:
    """Write the dump to this file; its URL."""
    words = gzip.decompress((DUMPS / f"{dump}.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(words)
    return f"sqlite:///{path}"


def fill_postgresql(url: str, path: Path, revision: str) -> None:
    """Put the rows of an SQLite file into the tables that this revision makes of an empty one."""
    database = Database(url)
    command.upgrade(alembic_config(database), revision)
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)
    database.close()
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(sqlite3.connect(path)) as source, psycopg.connect(conninfo) as target:
        target.execute("SET TIME ZONE 'UTC'")
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            names = [column.name for column in table.columns]
            truths = [isinstance(column.type, Boolean) for column in table.columns]
            listed = ", ".join(f'"{name}"' for name in names)
            rows = source.execute(f'SELECT {listed} FROM "{table.name}" ORDER BY 1').fetchall()
            insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table.name),
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.SQL(", ").join(sql.Placeholder() * len(names)),
            )
            target.cursor().executemany(insert, [_as_typed(row, truths) for row in rows])
            if "id" in names and isinstance(rows[0][names.index("id")] if rows else "", int):
                target.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    (table.name, max(row[names.index("id")] for row in rows)),
                )


def _as_typed(row: tuple[object, ...], truths: list[bool]) -> list[object]:
    """PostgreSQL reads instants, days and JSON from text; a truth it takes from no number."""
    return [
        bool(value) if is_truth and value is not None else value
        for value, is_truth in zip(row, truths, strict=True)
    ]


@contextmanager
def old_database(url: str) -> Iterator[Database]:
    """The database, let go of at the end."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
