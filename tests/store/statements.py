"""How many statements does a piece of work send to the database, prepared ones among them?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app.store.prepared import use_driver


class NotingDriver:
    """A driver's connection, with a look at each statement that goes through it."""

    def __init__(self, driver: Any, sent: list[str]) -> None:
        self._driver = driver
        self._sent = sent

    def execute(self, text: str, *values: Any) -> Any:
        self._sent.append(text)
        return self._driver.execute(text, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    """The statements sent while the block runs."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        sent.append(statement)

    engine = session.get_bind().engine
    earlier = session.info.get("driver")
    driver = earlier or session.connection().connection.driver_connection
    use_driver(session, NotingDriver(driver, sent))
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
        use_driver(session, earlier)
