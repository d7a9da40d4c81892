"""How many statements does a piece of work send to the database, prepared ones among them?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app.store.prepared import OneByOne, use_driver


class NotingDriver:
    """A driver, with a look at each statement that goes through it."""

    def __init__(self, driver: Any, sent: list[str]) -> None:
        self._driver = driver
        self._sent = sent

    def ask(self, text: str, values: Any) -> Callable[[], Any]:
        self._sent.append(text)
        return self._driver.ask(text, values)

    def put(self, text: str, values: Any) -> None:
        self._sent.append(text)
        self._driver.put(text, values)

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
    driver = earlier or OneByOne(session.connection().connection.driver_connection)
    use_driver(session, NotingDriver(driver, sent))
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
        use_driver(session, earlier)
