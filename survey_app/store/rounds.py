"""How do the statements of one tap reach PostgreSQL in as few rounds as can be?

Each round is a journey to the server and back, and a switch of processes on either side: on a quiet
machine a page waits longer for two rounds than for what the server does in them. So a statement
waits here until somebody looks at what one of them came to; then all that wait go together, in
their order (docs/decisions/pages-laid-out-once.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from psycopg import errors

from survey_app.store.quick_postgresql import Found, Statement


class Carry(Protocol):
    """Takes statements to the server in one round; `may_repeat`: a second time, if it was gone."""

    def __call__(self, statements: Sequence[Statement], *, may_repeat: bool) -> list[Found]: ...


@dataclass
class _Waiting:
    statement: Statement
    found: Found | None = None


class Rounds:
    """What one look or one tap asks and writes.

    `first` begins a transaction; without it every statement stands alone, and is a query. The
    server sees to each statement after the one before is done, so that a query behind one that had
    to wait for a lock finds what was committed meanwhile.
    """

    def __init__(self, carry: Carry, first: str | None = None) -> None:
        self._carry = carry
        self._is_writing = first is not None
        self._has_sent = False
        self._waiting = [] if first is None else [_Waiting((first, {}))]

    def ask(self, text: str, values: Any) -> Callable[[], Found]:
        """Sent with all that wait, when this or another is looked at."""
        asked = _Waiting((text, values))
        self._waiting.append(asked)
        return partial(self._look_at, asked)

    def put(self, text: str, values: Any) -> None:
        """Sent with the next that is looked at, or with the commit."""
        self._waiting.append(_Waiting((text, values)))

    def go(self) -> None:
        """One round for all that wait, if anything does.

        The first one of a transaction may be sent again: nothing of it was committed.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        may_repeat = not (self._is_writing and self._has_sent)
        found = self._carry([each.statement for each in waiting], may_repeat=may_repeat)
        self._has_sent = True
        for each, came in zip(waiting, found, strict=True):
            each.found = came

    def commit(self) -> None:
        """Keep what was written, in one round with what still waits; raises where that failed."""
        if not self._has_sent:
            if len(self._waiting) == 1:
                return  # Begun, and nothing else.
            self.go()  # By itself: a commit may not be sent a second time.
        if self.ask("COMMIT", {})().status != b"COMMIT":
            raise errors.InFailedSqlTransaction("the transaction had failed before")

    def _look_at(self, asked: _Waiting) -> Found:
        if asked.found is None:
            self.go()
        assert asked.found is not None
        return asked.found
