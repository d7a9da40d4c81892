"""How many statements does a piece of work send to the database?"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    """The statements sent while the block runs."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        sent.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
