"""What does a running process hold: settings, a database, a clock?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from math import inf

from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.installation import KeyRefusal, key_refusals
from survey_app.store.migrations import drift
from survey_app.store.proof import Proof
from survey_app.store.sealed import use_keys

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """Handed to web, commands and worker alike, so that none of them makes its own."""

    settings: Settings
    database: Database
    clock: Clock = utc_now

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


def start(settings: Settings, clock: Clock = utc_now) -> Runtime:
    """Unlock the sealed columns and open the database."""
    use_keys(settings.keys)
    return Runtime(settings, Database(settings.database_url), clock)
