"""Whose row cannot be read in the fault test? One person of each service; everybody else is texted.

Spoiled in the transaction that makes it, before a worker can have seen it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.messaging.numbers import number_hash
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope

UNREADABLE_NUMBER = "+447700900003"
_SPOIL = text("UPDATE people SET mobile = :spoiled WHERE number_hash = :hashed")


@contextmanager
def spoiling(runtime: Runtime) -> Iterator[Session]:
    """A writing transaction, at the end of which that person's number opens with no key."""
    with runtime.database.write(Scope.worker()) as session:
        yield session
        hashed = number_hash(UNREADABLE_NUMBER)
        session.flush()
        session.execute(_SPOIL, {"spoiled": b"no key opens this", "hashed": hashed})
