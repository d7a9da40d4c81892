"""How is SQLite reached, so that writers queue instead of failing half-way?

WAL, `synchronous=FULL`, foreign keys, and `BEGIN IMMEDIATE` for writers only. A connection's
options say what it is for: `is_writer`, `is_looking` (no transaction), or any other to read, which
sees the database as of one moment.
"""

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from survey_app.store.time_limits import WORK, TimeLimits


def open_sqlite(url: URL) -> Engine:
    """The engine; the file is made when it is first used."""
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "engine_connect", _limit_waiting)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin late and commit around DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _limit_waiting(connection: Connection) -> None:
    """How long to wait for the one place of a writer; a query waits for nobody."""
    limits: TimeLimits = connection.get_execution_options().get("time_limits", WORK)
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA busy_timeout={limits.lock * 1000:.0f}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("is_writer", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif not options.get("is_looking", False):
        connection.exec_driver_sql("BEGIN")
