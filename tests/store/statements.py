"""How many statements does a piece of work send to the database?"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session


@contextmanager
def statements_on(engine: Engine) -> Iterator[list[str]]:
    """The statements sent on this engine while the block runs, but those that begin a
    transaction."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    """The statements sent while the block runs, by any session of this one's database."""
    with statements_on(session.get_bind().engine) as sent:
        yield sent
