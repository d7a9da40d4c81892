"""How does a statement that every tap sends reach the database with nothing around it?

A statement over tables (not mapped classes) is put into words once for each kind of database, and
then handed to the driver as it stands, on the session's own connection and within its scope. All
that SQLAlchemy does around a statement takes ten times as long as SQLite takes to answer it
(docs/decisions/pages-laid-out-once.md).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, Self

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from survey_app.store.scope import scope_of

Parameters = Mapping[str, Any]
Rows = Callable[[], list[Any]]
"""What a query finds, once it is looked at."""
_Convert = Callable[[Any], Any]

_DRIVER = "driver"


class Driver(Protocol):
    """What takes statements in a database's own words, and values as it knows them."""

    def ask(self, text: str, values: Any) -> Callable[[], Any]:
        """What gives a cursor over what the statement comes to; sent by then at the latest."""

    def put(self, text: str, values: Any) -> None:
        """Nobody waits for what this statement comes to; a fault may be told by a later one."""


class OneByOne:
    """A driver's connection that is sent each statement by itself."""

    def __init__(self, connection: Any) -> None:
        self._execute = connection.execute

    def ask(self, text: str, values: Any) -> Callable[[], Any]:
        """Sent when it is looked at."""
        return partial(self._execute, text, values)

    def put(self, text: str, values: Any) -> None:
        """Sent at once."""
        self._execute(text, values)


def use_driver(session: Session, driver: Driver) -> None:
    """Let this session hand its prepared statements to this driver."""
    session.info[_DRIVER] = driver


class Prepared:
    """A statement with `bindparam` names; `service_id` is the column that says whose rows it means.

    None for an INSERT, and for tables that stand outside all services. The rows of a query have the
    names of its columns.
    """

    def __init__(
        self,
        statement: Select[Any] | Insert | Update | Delete,
        service_id: ColumnElement[int] | None,
        defaults: Parameters | None = None,
    ) -> None:
        self._statement = statement
        self._service_id = service_id
        self._defaults = defaults or {}
        self._worded: dict[str, _Worded] = {}

    @classmethod
    def insert(cls, table: Table, **worked_out: ColumnElement[Any]) -> Self:
        """One new row; its parameters are the table's columns but those that are `worked_out`.

        What is not given is as the model says, else NULL.
        """
        columns = [column for column in table.c if not column.primary_key]
        values = {each.name: worked_out.get(each.name, bindparam(each.name)) for each in columns}
        defaults = {
            each.name: each.default.arg
            for each in columns
            if isinstance(each.default, ScalarElementColumnDefault)
        }
        return cls(insert(table).inline().values(values), None, defaults)

    def ask(self, session: Session, parameters: Parameters) -> Rows:
        """As `rows`, for who asks several things before looking at any: they may go together.

        To be looked at before anything is written, for some databases ask only then.
        """
        if self._is_narrowed(session):
            return partial(self._find_narrowed, session, parameters)
        worded = self._for(session)
        found = _driver(session).ask(worded.text, worded.values(parameters))
        return lambda: worded.rows(found())

    def rows(self, session: Session, parameters: Parameters) -> list[Any]:
        """What the query finds within the scope of the session."""
        return self.ask(session, parameters)()

    def put(self, session: Session, parameters: Parameters) -> None:
        """Write what the statement says, within the scope of the session.

        Written when anything is asked next, or with the commit: a fault shows then. Rows that the
        session holds as mapped classes do not learn of it.
        """
        if self._is_narrowed(session):
            session.connection().execute(self._narrowed(session), parameters)
            return
        worded = self._for(session)
        _driver(session).put(worded.text, worded.values(parameters))

    def _find_narrowed(self, session: Session, parameters: Parameters) -> list[Any]:
        return list(session.connection().execute(self._narrowed(session), parameters))

    def _is_narrowed(self, session: Session) -> bool:
        return self._service_id is not None and scope_of(session).service_ids is not None

    def _narrowed(self, session: Session) -> Any:
        assert self._service_id is not None
        assert not isinstance(self._statement, Insert)
        service_ids = scope_of(session).service_ids or ()
        return self._statement.where(self._service_id.in_(sorted(service_ids)))

    def _for(self, session: Session) -> "_Worded":
        dialect = session.get_bind().dialect
        worded = self._worded.get(dialect.name)
        if worded is None:
            worded = self._worded[dialect.name] = _Worded(self._statement, dialect, self._defaults)
        return worded


class _Worded:
    """A statement as one driver takes it: its text, and what is done with values on either side."""

    def __init__(
        self,
        statement: Select[Any] | Insert | Update | Delete,
        dialect: Dialect,
        defaults: Parameters,
    ) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._names = tuple(compiled.positiontup) if compiled.positional else None
        self._defaults = {**compiled.params, **defaults}
        self._binders: dict[str, _Convert] = {}
        for bound, name in compiled.bind_names.items():
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None and name in self._defaults:
                self._binders[name] = convert
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        self._row = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        self._readers: list[tuple[int, _Convert]] = []
        for place, column in enumerate(columns):
            convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if convert is not None:
                self._readers.append((place, convert))

    def values(self, parameters: Parameters) -> Any:
        """The parameters as the driver takes them: by place, or by name."""
        values = {**self._defaults, **parameters}
        for name, convert in self._binders.items():
            values[name] = convert(values[name])
        return values if self._names is None else [values[name] for name in self._names]

    def rows(self, cursor: Any) -> list[Any]:
        """The rows under the cursor, read as the columns' types say."""
        if not self._readers:
            return [self._row._make(row) for row in cursor.fetchall()]
        return [self._read(list(row)) for row in cursor.fetchall()]

    def _read(self, row: list[Any]) -> Any:
        for place, convert in self._readers:
            row[place] = convert(row[place])
        return self._row._make(row)


def _driver(session: Session) -> Driver:
    session.flush()  # What mapped classes were told so far comes first; mostly nothing.
    kept: Driver | None = session.info.get(_DRIVER)
    return kept or OneByOne(session.connection().connection.driver_connection)
