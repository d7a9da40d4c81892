"""What moves a figure of a closed case, and how does its month come to be marked?

Triggers in the database do it, in the transaction of the change and whoever makes it: a phone's
tap, a receipt, an import, a repair by hand. They are made from what stands here by `db upgrade`,
after all migrations: SQLite rebuilds a table to alter it, which loses its triggers and fails over
those of other tables that name it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

NAME = "marks_moved_"


@dataclass(frozen=True)
class Watched:
    """A table: what of it counts, and the way from a row of it to its case.

    `way` is the rest of a FROM clause that ends in `cases AS c`, with {key} for the row's `key`.
    """

    columns: tuple[str, ...]
    key: str
    way: str
    events: tuple[str, ...] = ("insert", "update", "delete")


_BY_CASE = "cases AS c WHERE c.id {is_key}"

WATCHED: Mapping[str, Watched] = {
    "cases": Watched(
        (
            *("service_id", "person_id", "closed_on", "closure_reason", "closure_code"),
            *("support_level", "deliveries", "crime_category", "flags", "local_authority"),
            *("referral_source", "age_band", "first_attempt_on", "first_attempt_at"),
            *("first_contact_on", "first_contact_at", "needs_assessment_on", "support_plan_on"),
            "review_on",
        ),
        "id",
        "",
    ),
    "people": Watched(
        (
            *("sex", "gender_identity", "ethnicity", "disability", "sexuality", "religion"),
            *(
                "birth_not_given",
                "language",
                "number_kind",
                "sms_consent",
                "sms_safe",
                "safety_checked_on",
            ),
        ),
        "id",
        "cases AS c WHERE c.person_id {is_key}",
        # Nobody comes or goes with a case already.
        ("update",),
    ),
    "requests": Watched(
        (
            *("case_id", "wave", "tier", "programme_version_id", "state", "end_reason", "due_at"),
            *("deferred_until", "refusal", "is_contactable", "first_text_accepted_at"),
            *("call_made_at", "handed_over_at", "reached_at", "started_at", "opted_out_at"),
        ),
        "case_id",
        _BY_CASE,
    ),
    "messages": Watched(
        ("request_id", "state", "sent_at"),
        "request_id",
        "requests AS q JOIN cases AS c ON c.id = q.case_id WHERE q.id {is_key}",
    ),
    "responses": Watched(
        (
            *("case_id", "wave", "instrument_id", "is_complete", "counts_on", "superseded_by_id"),
            *("mode", "language", "left_out"),
        ),
        "case_id",
        _BY_CASE,
    ),
    "answers": Watched(
        ("response_id", "item", "code"),
        "response_id",
        # Those of an open request do not count yet; that they come to count changes the response.
        "responses AS r JOIN cases AS c ON c.id = r.case_id "
        "WHERE r.counts_on IS NOT NULL AND r.id {is_key}",
    ),
    "pairs": Watched(
        (
            *("case_id", "kind", "instrument", "area", "status", "first_value", "last_value"),
            *("outcome", "has_room", "is_review_last", "first_mode", "last_mode"),
            *("last_language", "last_on"),
        ),
        "case_id",
        _BY_CASE,
    ),
}
"""Every table that figures on the basis *closed* are counted from."""


def marks_differ(connection: Connection) -> list[str]:
    """The names of the triggers that are missing, too many, or not as they should be."""
    wanted, found = _wanted(connection), _found(connection)
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )


def make_marks(connection: Connection) -> bool:
    """Make the triggers as they should be; whether any was not.

    Then what happened meanwhile went unmarked: no kept month is trusted, every month is marked.
    """
    if not marks_differ(connection):
        return False
    drop_marks(connection)
    for name, body in _wanted(connection).items():
        for statement in _create(connection, name, body):
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(_FORGET)
    connection.exec_driver_sql(_mark(connection, _months(connection, "cases AS c WHERE true")))
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
    marks = _mark(connection, _months_of_rows(connection, table, rows))
    head = f"CREATE TRIGGER {NAME}{table}_{event} AFTER {when} ON {table}{condition}"
    return f"{head} BEGIN {marks}; END"


def _function_body(connection: Connection, table: str, event: str) -> str:
    watched = WATCHED[table]
    if event == "update":
        months = _months_of_rows(connection, table, ("OLD", "NEW"))
        of = f" -- of {' '.join(watched.columns)}\n"
    else:
        key = f"IN (SELECT moved.{watched.key} FROM moved)"  # noqa: S608 (a name of our own)
        months = (
            _months(connection, watched.way.format(is_key=key))
            if watched.way
            else _months(connection, "moved AS c WHERE true")
        )
        of = ""
    return f"{of} BEGIN {_mark(connection, months)}; RETURN NULL; END "


def _months_of_rows(connection: Connection, table: str, rows: tuple[str, ...]) -> str:
    """The months of the old and the new state of one row."""
    watched = WATCHED[table]
    if watched.way:
        keys = ", ".join(f"{row}.{watched.key}" for row in rows)
        return _months(connection, watched.way.format(is_key=f"IN ({keys})"))
    return " UNION ".join(
        f"SELECT {row}.service_id AS service_id, {_month(connection, f'{row}.closed_on')} AS month "
        f"WHERE {row}.closed_on IS NOT NULL"
        for row in rows
    )


def _months(connection: Connection, of_cases: str) -> str:
    month = _month(connection, "c.closed_on")
    return (
        f"SELECT DISTINCT c.service_id AS service_id, {month} AS month "  # noqa: S608 (our own)
        f"FROM {of_cases} AND c.closed_on IS NOT NULL"
    )


def _month(connection: Connection, day: str) -> str:
    return f"substr({day}, 1, 7)" if _is_sqlite(connection) else f"to_char({day}, 'YYYY-MM')"


def _mark(connection: Connection, months: str) -> str:
    """Mark the months that a SELECT of (service, month) names."""
    if _is_sqlite(connection):
        by, conflict = "0", "(service_id, month, moved_by) DO UPDATE SET moves = moves + 1"
    else:
        by, conflict = "pg_current_xact_id()::text::bigint", "DO NOTHING"
    return (
        "INSERT INTO moved_months (service_id, month, moved_by, moves) "  # noqa: S608 (our own)
        f"SELECT m.service_id, m.month, {by}, 1 FROM ({months}) AS m WHERE true "
        f"ON CONFLICT {conflict}"
    )
