"""How is PostgreSQL reached, so that a restart, a pooler or a frozen server harms nobody?

SQLAlchemy's pool tries each connection before it is used (`pool_pre_ping`), and psycopg prepares no
statement on its own: behind PgBouncer the next statement may come to another connection, and a
prepared one fails for good once a table has changed.

The driver is left in its autocommit, so that a look is its statement and nothing else; where a
transaction begins we say so ourselves, and its time limits with it in one round. As with SQLite, a
connection's options say what it is for: `is_looking` (no transaction), `is_snapshot`, or any other.
"""

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from survey_app.store.time_limits import CONNECT_SECONDS, TimeLimits

PATIENCE_SECONDS = 0.5
"""How much longer we wait than the server was told to: its own words are better than ours."""
CONNECT_ARGS = {
    "prepare_threshold": None,
    "connect_timeout": CONNECT_SECONDS,
    # A server or a network that went without a word: unacknowledged for so many milliseconds, or
    # silent for 30 + 3 * 5 seconds.
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is given up when the server leaves a statement without an answer.

    `statement_timeout` is kept by the server, and so by none that has frozen: its kernel still
    acknowledges what we send, and no time-out of TCP ends that wait.
    """

    patience: float | None = CONNECT_SECONDS
    """Seconds for each statement; None without end."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's; raises OperationalError, the connection closed, after `patience`."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()  # Nobody knows what would still come.
            raise


def open_postgresql(url: URL) -> Engine:
    """The engine; what the address itself says about its connections stands."""
    connect_args = {name: value for name, value in CONNECT_ARGS.items() if name not in url.query}
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=connect_args,
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "checkin", _expect_a_trial)
    event.listen(engine, "engine_connect", _be_patient)
    event.listen(engine, "begin", _begin)
    return engine


def _connect(_dialect: object, _entry: object, args: Any, options: Any) -> PatientConnection:
    return PatientConnection.connect(*args, **options)


def _expect_a_trial(connection: DBAPIConnection | None, _entry: object) -> None:
    if isinstance(connection, PatientConnection):
        connection.patience = CONNECT_SECONDS


def _be_patient(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, PatientConnection)
    limits = _limits_of(connection)
    driver.patience = None if limits is None else limits.statement + PATIENCE_SECONDS


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("is_looking", False) or options.get("isolation_level") == "AUTOCOMMIT":
        return
    is_snapshot = options.get("is_snapshot", False)
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ" if is_snapshot else "BEGIN"
    limits = _limits_of(connection)
    if limits is not None:
        # Not for the connection's whole life: behind a pooler that would be somebody else's.
        begin += (
            f"; SET LOCAL statement_timeout = {limits.statement * 1000:.0f}"
            f"; SET LOCAL lock_timeout = {limits.lock * 1000:.0f}"
        )
    connection.exec_driver_sql(begin)


def _limits_of(connection: Connection) -> TimeLimits | None:
    limits: TimeLimits | None = connection.get_execution_options().get("time_limits")
    return limits
