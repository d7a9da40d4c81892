"""How do kept connections reach PostgreSQL: in few rounds, and across a restart of the server?"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event

from survey_app.store.kept_connections import Kept, KeptConnections, let_go
from survey_app.store.quick_postgresql import Found, QuickPostgresql, Statement
from survey_app.store.rounds import Rounds

_KEPT = "kept"


class KeptPostgresql(KeptConnections):
    """The kept connections of a process to PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        event.listen(engine, "before_cursor_execute", _carry_what_waits)

    def take(self) -> Kept:
        """As any."""
        kept = super().take()
        kept.connection.info[_KEPT] = kept
        return kept

    def _to_look(self, kept: Kept) -> Rounds:
        return Rounds(partial(self._carry, kept))

    def _begin(self, kept: Kept) -> Rounds:
        return Rounds(partial(self._carry, kept), first="BEGIN")

    def _driver_of(self, connection: Connection) -> QuickPostgresql:
        return QuickPostgresql(super()._driver_of(connection))

    def _carry(
        self, kept: Kept, statements: Sequence[Statement], *, may_repeat: bool
    ) -> list[Found]:
        """A server that was restarted since the last round costs nobody an error."""
        try:
            return kept.driver.together(statements)  # type: ignore[no-any-return]
        except Exception as fault:
            # What mapped classes had begun on the lost connection cannot go on on another.
            is_in_use = kept.session.in_transaction()
            if is_in_use or not may_repeat or not self.is_lost(kept, fault):
                raise
        self._renew(kept)
        return kept.driver.together(statements)  # type: ignore[no-any-return]

    def _renew(self, lost: Kept) -> None:
        """Put a fresh connection in place of one that leads nowhere, as do all that are idle."""
        let_go(lost)
        self.close()
        lost.connection = lost.session.bind = self._engine.connect()
        lost.connection.info[_KEPT] = lost
        lost.driver = self._driver_of(lost.connection)


def _carry_what_waits(connection: Connection, *_statement: Any) -> None:
    """Prepared statements come before what a mapped class sends after them."""
    kept: Kept = connection.info[_KEPT]
    if isinstance(kept.statements, Rounds):
        kept.statements.go()
