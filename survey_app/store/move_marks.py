"""Which triggers did earlier versions leave in a database? None is made any more.

They marked cases whose figures had moved, until figures came to be counted from fact rows. SQLite
cannot alter a table while a trigger names it, so they go before any migration. Named as landed
migrations import it, which are never changed.
"""

from sqlalchemy import Connection

_PREFIX = "marks_moved_"


def drop_marks(connection: Connection) -> None:
    """Drop every trigger that marked moved cases."""
    is_sqlite = connection.dialect.name == "sqlite"
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "SELECT t.tgname FROM pg_trigger AS t JOIN pg_class AS r ON r.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND r.relnamespace = current_schema()::regnamespace"
    )
    for (name,) in connection.exec_driver_sql(query).all():
        if name.startswith(_PREFIX):
            drop = f"DROP TRIGGER {name}" if is_sqlite else f"DROP FUNCTION {name}() CASCADE"
            connection.exec_driver_sql(drop)
