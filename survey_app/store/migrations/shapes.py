"""Is a database that says it is at a revision really as that revision's migrations make it?

The first migration was still written anew while the first builds were tried: a database of such a
build says 0001 and lacks what 0001 has. What the migrations after it would do to it nobody knows,
so it is refused before they begin.
"""

from collections.abc import Iterable

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import StaticPool

from survey_app.store.models import metadata

Names = set[str]
"""Tables, and `table.column`."""


class NotAsReleased(Exception):
    """The database is not as any release left it, so that nothing can be built on it."""

    def __init__(self, revision: str | None, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} things differ from revision {revision}")
        self.revision = revision
        self.faults = faults


def shape_faults(connection: Connection, config: Config, revision: str | None) -> list[str]:
    """What the database lacks of this revision, or has though a later one would make it, in words.

    Names alone are compared: they are the same on both kinds of database, and all that later
    migrations lean on.
    """
    here, wanted = _names(connection), _names_at(config, revision)
    ours = {name for table in metadata.tables.values() for name in _of(table.name, table.c.keys())}
    missing = [f"{name} is missing" for name in sorted(_outermost(wanted - here))]
    early = [f"{name} is there already" for name in sorted(_outermost((here - wanted) & ours))]
    return [*missing, *early]


def _of(table: str, columns: Iterable[str]) -> Names:
    return {table, *(f"{table}.{column}" for column in columns)}


def _outermost(names: Names) -> Names:
    """Without the columns of a table that is named itself."""
    return {name for name in names if "." not in name or name.split(".")[0] not in names}


def _names(connection: Connection) -> Names:
    found = inspect(connection).get_multi_columns()
    return {
        name
        for (_, table), columns in found.items()
        for name in _of(table, (column["name"] for column in columns))
    }


def _names_at(config: Config, revision: str | None) -> Names:
    """The names in a database that is migrated so far, made in memory and thrown away."""
    if revision is None:
        return set()
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        scratch = Config(attributes={**config.attributes, "connection": connection})
        scratch.set_main_option("script_location", str(config.get_main_option("script_location")))
        scratch.set_main_option("path_separator", "os")
        command.upgrade(scratch, revision)
        names = _names(connection)
    engine.dispose()
    return names
