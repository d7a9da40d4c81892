"""How do prepared statements reach PostgreSQL by the calls of its own library?

psycopg's cursors are made for every occasion: each statement goes through a cursor, a generator and
a wait of their own, five times what the call itself takes. Here a statement is prepared at its
first use on a connection and then run by name, and several go in one round (a pipeline of libpq).
Values are turned into what the server takes, and back, by psycopg, as ever.
"""

import re
import select
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

_NAMED = re.compile(r"%\((\w+)\)s")
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)

Statement = tuple[str, Mapping[str, Any]]
"""Its text, with `%(name)s` for its values, and these."""


@dataclass
class _Ready:
    """A statement that this connection knows; every time it gives columns of the same types."""

    name: bytes
    reader: Transformer
    is_read: bool = False
    """Whether the reader has seen a result, and so knows the types."""


class QuickPostgresql:
    """One open connection, for statements that are done in a moment."""

    def __init__(self, connection: "Connection[Any]") -> None:
        # psycopg drops every prepared statement of a connection, ours too, after a rollback; where
        # it has prepared none itself, it does not.
        connection.prepare_threshold = None
        self._connection = connection
        self._server = connection.pgconn
        self._arrival, self._either = select.poll(), select.poll()
        self._arrival.register(self._server.socket, select.POLLIN)
        self._either.register(self._server.socket, select.POLLIN | select.POLLOUT)
        self._worded: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._prepared: dict[tuple[str, tuple[int, ...]], _Ready] = {}
        self._giver = Transformer(connection)

    @property
    def closed(self) -> bool:
        """Whether there is no server at the other end any more."""
        return self._connection.closed

    @property
    def broken(self) -> bool:
        """Whether it was the server that ended it."""
        return self._connection.broken

    def together(self, statements: Sequence[Statement]) -> list["Found"]:
        """What the statements come to, one after the other, in one round.

        The first that fails raises, and none behind it is run.
        """
        ready = [self._ready(text, values) for text, values in statements]
        server = self._server
        try:
            server.enter_pipeline_mode()
            for statement, sent, formats in ready:
                server.send_query_prepared(statement.name, sent, formats)
            server.pipeline_sync()
            results = list(self._results())
            server.exit_pipeline_mode()
        except BaseException:
            self._connection.close()  # Nobody knows what would still come.
            raise
        return [
            Found(self._checked(result), statement)
            for result, (statement, _, _) in zip(results, ready, strict=True)
        ]

    def rollback(self) -> None:
        """Leave what was written, if anything was."""
        if self._server.transaction_status != TransactionStatus.IDLE:
            self._checked(self._server.exec_(b"ROLLBACK"))

    def _ready(
        self, text: str, values: Mapping[str, Any]
    ) -> tuple[_Ready, Sequence[Any], Sequence[Any] | None]:
        """The statement as this connection knows it, its values and how these are written."""
        query, names = self._worded.get(text) or self._word(text)
        given = self._giver
        sent = given.dump_sequence([values[name] for name in names], [PyFormat.AUTO] * len(names))
        types = given.types or ()
        ready = self._prepared.get((text, types)) or self._prepare(text, query, types)
        return ready, sent, given.formats

    def _results(self) -> Iterator[PGresult]:
        """The result of each statement of a round, as they come.

        Waited for outside of libpq: psycopg would keep every other thread waiting as well.
        """
        server = self._server
        while server.flush():  # More than goes out at once.
            self._either.poll()
            server.consume_input()
        while True:
            while server.is_busy():
                self._arrival.poll()
                server.consume_input()
            result = server.get_result()
            if result is None:
                continue  # The end of one statement.
            if result.status == ExecStatus.PIPELINE_SYNC:
                return
            yield result

    def _word(self, text: str) -> tuple[bytes, tuple[str, ...]]:
        """The statement as the server takes it, and the names of its values in order."""
        names = tuple(dict.fromkeys(_NAMED.findall(text)))
        places = {name: f"${place}" for place, name in enumerate(names, start=1)}
        query = _NAMED.sub(lambda found: places[found[1]], text).replace("%%", "%")
        self._worded[text] = query.encode(), names
        return self._worded[text]

    def _prepare(self, text: str, query: bytes, types: tuple[int, ...]) -> _Ready:
        name = f"tap_{len(self._prepared)}".encode()
        self._checked(self._server.prepare(name, query, types))
        self._prepared[text, types] = _Ready(name, Transformer(self._connection))
        return self._prepared[text, types]

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in _DONE:
            return result
        fault = errors.error_from_result(result)
        raise errors.OperationalError(str(fault)) if self.closed else fault


class Found:
    """What a statement came to."""

    def __init__(self, result: PGresult, statement: _Ready) -> None:
        self._result = result
        self._statement = statement

    @property
    def status(self) -> bytes | None:
        """The server's own word for it."""
        return self._result.command_status

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        """Every row."""
        statement, reader = self._statement, self._statement.reader
        reader.set_pgresult(self._result, set_loaders=not statement.is_read)
        statement.is_read = True
        return reader.load_rows(0, self._result.ntuples, tuple)
