"""What is asked of the database? Every statement that reaches a driver, but those
that begin a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from survey_app.store.database import Database


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """What is sent inside the block, in the order sent."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
