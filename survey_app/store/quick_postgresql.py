"""How does a prepared statement reach PostgreSQL in one call of its own library?

psycopg's cursors are made for every occasion: each statement goes through a cursor, a generator and
a wait of their own, five times what the call itself takes, and a tap sends five. Here a statement
is prepared at its first use on a connection and then run by name. Values are turned into what the
server takes, and back, by psycopg, as ever.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import Connection, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

_NAMED = re.compile(r"%\((\w+)\)s")
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class QuickPostgresql:
    """One open connection, for the statements of `store.prepared` alone.

    A call waits without hearing signals, so it is for statements that are done in a moment.
    """

    def __init__(self, connection: "Connection[Any]") -> None:
        # psycopg drops every prepared statement of a connection, ours too, after a rollback; where
        # it has prepared none itself, it does not.
        connection.prepare_threshold = None
        self._connection = connection
        self._server = connection.pgconn
        self._worded: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._prepared: dict[tuple[str, tuple[int, ...]], bytes] = {}

    @property
    def closed(self) -> bool:
        """Whether there is no server at the other end any more."""
        return self._connection.closed

    @property
    def broken(self) -> bool:
        """Whether it was the server that ended it."""
        return self._connection.broken

    def execute(self, text: str, values: Mapping[str, Any] | None = None) -> "Found":
        """Run a statement with `%(name)s` for its values."""
        query, names = self._worded.get(text) or self._word(text)
        given = Transformer(self._connection)
        sent = given.dump_sequence(
            [(values or {})[name] for name in names], [PyFormat.AUTO] * len(names)
        )
        types = given.types or ()
        name = self._prepared.get((text, types)) or self._prepare(text, query, types)
        result = self._server.exec_prepared(name, sent, given.formats)
        return Found(self._checked(result), given)

    def commit(self) -> None:
        """Keep what was written; raises where the server did not."""
        if self._server.transaction_status == TransactionStatus.IDLE:
            return
        done = self._checked(self._server.exec_(b"COMMIT"))
        if done.command_status != b"COMMIT":
            raise errors.InFailedSqlTransaction("the transaction had failed before")

    def rollback(self) -> None:
        """Leave what was written, if anything was."""
        if self._server.transaction_status != TransactionStatus.IDLE:
            self._checked(self._server.exec_(b"ROLLBACK"))

    def _word(self, text: str) -> tuple[bytes, tuple[str, ...]]:
        """The statement as the server takes it, and the names of its values in order."""
        names = tuple(dict.fromkeys(_NAMED.findall(text)))
        places = {name: f"${place}" for place, name in enumerate(names, start=1)}
        query = _NAMED.sub(lambda found: places[found[1]], text).replace("%%", "%")
        self._worded[text] = query.encode(), names
        return self._worded[text]

    def _prepare(self, text: str, query: bytes, types: tuple[int, ...]) -> bytes:
        name = f"tap_{len(self._prepared)}".encode()
        self._checked(self._server.prepare(name, query, types))
        self._prepared[text, types] = name
        return name

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in _DONE:
            return result
        fault = errors.error_from_result(result)
        raise errors.OperationalError(str(fault)) if self.closed else fault


class Found:
    """What a statement came to."""

    def __init__(self, result: PGresult, reader: Transformer) -> None:
        self._result = result
        self._reader = reader

    @property
    def rowcount(self) -> int:
        """How many rows were written or found."""
        return self._result.command_tuples or 0

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        """Every row."""
        self._reader.set_pgresult(self._result)
        return self._reader.load_rows(0, self._result.ntuples, tuple)
