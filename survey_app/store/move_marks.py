"""What moves a figure of a closed case, and how does the case come to be marked?

Triggers in the database do it, in the transaction of the change and whoever makes it: a phone's
tap, a receipt, an import, a repair by hand. They are made from `store/watched` by `db upgrade`,
after all migrations: SQLite rebuilds a table to alter it, which loses its triggers and fails over
those of other tables that name it.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from survey_app.store.moved_cases import EVERY_CASE
from survey_app.store.watched import WATCHED

NAME = "marks_moved_"


def marks_differ(connection: Connection) -> list[str]:
    """The names of the triggers that are missing, too many, or not as they should be."""
    wanted, found = _wanted(connection), _found(connection)
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )


def make_marks(connection: Connection) -> bool:
    """Make the triggers as they should be; whether any was not.

    Then what happened meanwhile went unmarked: no kept month is trusted, and in each every case is
    marked, as one.
    """
    if not marks_differ(connection):
        return False
    drop_marks(connection)
    for name, body in _wanted(connection).items():
        for statement in _create(connection, name, body):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_FORGET)
    every_month = _moved(connection, "cases AS c WHERE true", str(EVERY_CASE))
    connection.exec_driver_sql(_mark(connection, every_month))
    return True


def drop_marks(connection: Connection) -> None:
    """Take the triggers away, as before a migration; no kept month is trusted from then on."""
    found = _found(connection)
    for name in found:
        connection.exec_driver_sql(_drop(connection, name))
    if found:
        connection.exec_driver_sql(_FORGET)


_FORGET = "UPDATE kept_months SET kept_as = NULL, version = version + 1"


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _wanted(connection: Connection) -> dict[str, str]:
    return {
        f"{NAME}{table}_{event}": (
            _sqlite_trigger(connection, table, event)
            if _is_sqlite(connection)
            else _function_body(connection, table, event)
        )
        for table, watched in WATCHED.items()
        for event in watched.events
    }


def _found(connection: Connection) -> dict[str, str]:
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if _is_sqlite(connection)
        else "SELECT t.tgname, p.prosrc FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid "
        "JOIN pg_class AS r ON r.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' "
        "AND r.relnamespace = current_schema()::regnamespace"
    )
    rows = connection.exec_driver_sql(query)
    return {name: body for name, body in rows if name.startswith(NAME)}


def _drop(connection: Connection, name: str) -> str:
    if _is_sqlite(connection):
        return f"DROP TRIGGER {name}"
    return f"DROP FUNCTION {name}() CASCADE"


def _create(connection: Connection, name: str, body: str) -> Iterator[str]:
    if _is_sqlite(connection):
        yield body
        return
    table, event = name.removeprefix(NAME).rsplit("_", 1)
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
    run = f"EXECUTE FUNCTION {name}()"
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    if event == "update":
        columns = WATCHED[table].columns
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
        yield (
            f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON {table} "
            f"FOR EACH ROW WHEN ({changed}) {run}"
        )
        return
    # Once a statement, so that an import by the thousand pays once.
    row = "NEW" if event == "insert" else "OLD"
    yield (
        f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} "
        f"REFERENCING {row} TABLE AS moved FOR EACH STATEMENT {run}"
    )


def _sqlite_trigger(connection: Connection, table: str, event: str) -> str:
    watched = WATCHED[table]
    rows = {"insert": ("NEW",), "delete": ("OLD",), "update": ("OLD", "NEW")}[event]
    when = event.upper()
    if event == "update":
        when += f" OF {', '.join(watched.columns)}"
    condition = ""
    if event == "update":
        condition = " WHEN " + " OR ".join(
            f"OLD.{column} IS NOT NEW.{column}" for column in watched.columns
        )
    marks = _mark(connection, _moved_by_rows(connection, table, rows))
    head = f"CREATE TRIGGER {NAME}{table}_{event} AFTER {when} ON {table}{condition}"
    return f"{head} BEGIN {marks}; END"


def _function_body(connection: Connection, table: str, event: str) -> str:
    watched = WATCHED[table]
    if event == "update":
        moved = _moved_by_rows(connection, table, ("OLD", "NEW"))
        of = f" -- of {' '.join(watched.columns)}\n"
    else:
        key = f"IN (SELECT moved.{watched.key} FROM moved)"  # noqa: S608 (a name of our own)
        moved = (
            _moved(connection, watched.way.format(is_key=key))
            if watched.way
            else _moved(connection, "moved AS c WHERE true")
        )
        of = ""
    return f"{of} BEGIN {_mark(connection, moved)}; RETURN NULL; END "


def _moved_by_rows(connection: Connection, table: str, rows: tuple[str, ...]) -> str:
    """The cases of the old and the new state of one row, each in its month."""
    watched = WATCHED[table]
    if watched.way:
        keys = ", ".join(f"{row}.{watched.key}" for row in rows)
        return _moved(connection, watched.way.format(is_key=f"IN ({keys})"))
    return " UNION ".join(
        f"SELECT {row}.service_id AS service_id, {row}.id AS case_id, "
        f"{_month(connection, f'{row}.closed_on')} AS month WHERE {row}.closed_on IS NOT NULL"
        for row in rows
    )


def _moved(connection: Connection, of_cases: str, case_id: str = "c.id") -> str:
    month = _month(connection, "c.closed_on")
    return (
        f"SELECT DISTINCT c.service_id AS service_id, {case_id} AS case_id, "  # noqa: S608 (our own)
        f"{month} AS month FROM {of_cases} AND c.closed_on IS NOT NULL"
    )


def _month(connection: Connection, day: str) -> str:
    return f"substr({day}, 1, 7)" if _is_sqlite(connection) else f"to_char({day}, 'YYYY-MM')"


def _mark(connection: Connection, moved: str) -> str:
    """Mark the cases that a SELECT of (service, month, case) names."""
    if _is_sqlite(connection):
        by = "0"
        conflict = "(service_id, month, case_id, moved_by) DO UPDATE SET moves = moves + 1"
    else:
        by, conflict = "pg_current_xact_id()::text::bigint", "DO NOTHING"
    return (
        "INSERT INTO moved_cases (service_id, month, case_id, moved_by, moves) "  # noqa: S608 (our own)
        f"SELECT m.service_id, m.month, m.case_id, {by}, 1 FROM ({moved}) AS m WHERE true "
        f"ON CONFLICT {conflict}"
    )
