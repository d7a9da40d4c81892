"""What does a running process hold: settings, a database, a clock?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from survey_app.settings import Settings
from survey_app.store.database import Database
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


def start(settings: Settings, clock: Clock = utc_now) -> Runtime:
    """Unlock the sealed columns and open the database."""
    use_keys(settings.keys)
    return Runtime(settings, Database(settings.database_url), clock)
