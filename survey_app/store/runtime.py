"""What does a running process hold: settings, a database, a clock?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from math import inf
from typing import Self

from sqlalchemy.orm import Session

from survey_app.settings import Settings
from survey_app.store.clock import DatabaseClock, database_now
from survey_app.store.database import Database
from survey_app.store.installation import KeyRefusal, key_refusals
from survey_app.store.migrations import drift
from survey_app.store.proof import Proof
from survey_app.store.sealed import use_keys

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant by this host's clock, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """Handed to web, commands and worker alike, so that none of them makes its own."""

    settings: Settings
    database: Database
    clock: Clock = utc_now
    """The host's."""
    database_clock: Clock | None = None
    """None: the database is asked, unless `clock` is set, which then stands for both."""

    def now(self) -> datetime:
        """The present instant; tests set the clock."""
        return self.clock()

    @cached_property
    def keys(self) -> Proof[KeyRefusal]:
        """Whether this process's keys are the database's. Asked again and again: the database may
        be restored from another's, and a newer key may have been added elsewhere."""
        return Proof(partial(key_refusals, self.database))

    @cached_property
    def tables(self) -> Proof[object]:
        """Whether the database's tables are as the models say. Once they are, they stay so but for
        a migration, which `migrations.is_current` sees at a hundredth of the price."""
        return Proof(partial(drift, self.database), good_seconds=inf)

    @property
    def has_set_clock(self) -> bool:
        """Whether somebody said what time it is (`--now`, a test): nothing to compare it with."""
        return self.clock is not utc_now and self.database_clock is None

    def on_database_clock(self) -> Self:
        """The same, with the database's clock in place of the host's."""
        if self.has_set_clock:
            return self
        return replace(self, clock=self.database_clock or DatabaseClock(self.database))

    def database_now(self, session: Session) -> datetime:
        """The database's instant, asked within a session's transaction."""
        if self.database_clock is not None:
            return self.database_clock()
        return self.clock() if self.has_set_clock else database_now(session)

    def at(self, instant: datetime) -> Self:
        """The same, with a clock that stands still at an instant."""
        return replace(self, clock=lambda: instant, database_clock=None)


def start(
    settings: Settings, clock: Clock = utc_now, database_clock: Clock | None = None
) -> Runtime:
    """Unlock the sealed columns and open the database."""
    use_keys(settings.keys)
    return Runtime(settings, Database(settings.database_url), clock, database_clock)
