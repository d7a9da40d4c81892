"""How does a statement over tables keep to the scope of the session that sends it?

Mapped classes are narrowed by `store/scope`. What every tap on a phone asks or writes is a
statement of SQLAlchemy Core over tables: no object is built for it, and none learns of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    insert,
)
from sqlalchemy.orm import Session

from survey_app.store.scope import scope_of

Parameters = Mapping[str, Any]


class Prepared:
    """A statement with `bindparam` names; `service_id` is the column that says whose rows it means.

    None for an INSERT, and for tables that stand outside all services. The rows of a query have the
    names of its columns.
    """

    def __init__(
        self,
        statement: Select[Any] | Insert | Update | Delete,
        service_id: ColumnElement[int] | None,
    ) -> None:
        self._statement = statement
        self._service_id = service_id

    @classmethod
    def insert(cls, table: Table, **worked_out: ColumnElement[Any]) -> Self:
        """One new row; its parameters are the table's columns but those that are `worked_out`.

        What is not given is as the model says, else NULL.
        """
        return cls(insert(table).inline().values(worked_out), None)

    def rows(self, session: Session, parameters: Parameters) -> Sequence[Any]:
        """What the query finds within the scope of the session."""
        return self._execute(session, parameters).all()

    def put(self, session: Session, parameters: Parameters) -> None:
        """Write what the statement says, within the scope of the session.

        Rows that the session holds as mapped classes do not learn of it.
        """
        self._execute(session, parameters)

    def _execute(self, session: Session, parameters: Parameters) -> Any:
        session.flush()  # What mapped classes were told so far comes first; mostly nothing.
        return session.connection().execute(self._within(session), parameters)

    def _within(self, session: Session) -> Any:
        service_ids = scope_of(session).service_ids
        if self._service_id is None or service_ids is None:
            return self._statement
        assert not isinstance(self._statement, Insert)
        return self._statement.where(self._service_id.in_(sorted(service_ids)))
