"""How do kept connections reach SQLite: one writer at a time, first come, first served?"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.store.kept_connections import Kept, KeptConnections
from survey_app.store.prepared import OneByOne


class BegunOneByOne(OneByOne):
    """A transaction on a driver's connection."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.commit = connection.commit


class KeptSqlite(KeptConnections):
    """The kept connections of a process to SQLite.

    `begin` is given a driver's connection, and begins to write on it; `in_line` is where writers
    wait for one another first.
    """

    def __init__(
        self,
        engine: Engine,
        begin: Callable[[Any], None],
        in_line: Callable[[], AbstractContextManager[None]],
    ) -> None:
        super().__init__(engine)
        self._begin_on = begin
        self._in_line = in_line

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """As any, when it is this one's turn."""
        with self._in_line(), super().writing() as session:
            yield session

    def _to_look(self, kept: Kept) -> OneByOne:
        return OneByOne(kept.driver)

    def _begin(self, kept: Kept) -> BegunOneByOne:
        self._begin_on(kept.driver)
        return BegunOneByOne(kept.driver)
