"""How long does whoever asks wait for the database, before we say that it does not answer?

Somebody on a phone is told within ten seconds, so a statement has nine. Staff may ask for figures
that take longer. The worker and commands have nobody waiting, but must not hang for ever on a
database that has frozen.
"""

from dataclasses import dataclass

from survey_app.store.scope import Scope

CONNECT_SECONDS = 2
"""For opening a connection, and for the trial of one that lay idle. libpq takes no less."""


@dataclass(frozen=True)
class TimeLimits:
    """In seconds: for one statement, and within it for a lock that somebody else holds."""

    statement: float
    lock: float


PEOPLE = TimeLimits(statement=9, lock=5)
STAFF = TimeLimits(statement=60, lock=5)
WORK = TimeLimits(statement=300, lock=30)


def limits_of(scope: Scope) -> TimeLimits:
    """The limits for a session of this scope; signing in, which has none yet, is staff's."""
    return {"victim": PEOPLE, "worker": WORK}.get(scope.name, STAFF)
