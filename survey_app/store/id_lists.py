"""How is a list of ids, however long, asked for in one parameter?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


@dataclass(frozen=True)
class IdList:
    """Ids of rows; false where there are none."""

    ids: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.ids)

    def holds(self, column: Any) -> ColumnElement[bool]:
        """Whether a column is one of them. The statement is the same for lists of every length."""
        return _Holds(column, literal(",".join(map(str, self.ids))))


NO_IDS = IdList(())


class _Holds(FunctionElement[bool]):
    """A column, and the ids as text with commas."""

    name = "holds"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Holds":
        """As it is. Compared with 1, as is done for databases without truths, it has no index."""
        return self


@compiles(_Holds, "sqlite")
def _in_sqlite(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each('[' || {ids} || ']'))"  # noqa: S608 (clauses)


@compiles(_Holds, "postgresql")
def _in_postgresql(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY (CAST(string_to_array({ids}, ',') AS INTEGER[]))"
