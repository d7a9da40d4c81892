"""Who tries links that lead nowhere too often? Only the failures of an address are counted.

Many phones share one address behind a mobile carrier, so a link that works is never refused,
whatever else came from there (DOMAIN.md, safety rule 5).
"""

from enum import StrEnum

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from survey_app.store.redis_calls import redis_options

ALLOWED = RateLimitItemPerMinute(20, 10)
"""Failures from one address in ten minutes. At 59 bits a token, guessing is hopeless long before;
the limit keeps a scanner from filling our log and our time."""


class Guessed(StrEnum):
    """What is short enough to be guessed, so that a spent share refuses the right one too."""

    CODE = "code"
    WORD = "word"


TRIES: dict[Guessed, RateLimitItem] = {
    Guessed.CODE: RateLimitItemPerMinute(10, 10),
    Guessed.WORD: RateLimitItemPerHour(5),
}
"""Codes by address, words by link: few tries find neither, and lock nobody out for long."""


class Guesses:
    """Counts failures, in Redis where configured, else in this process."""

    def __init__(self, redis_url: str) -> None:
        options = redis_options() if redis_url else {}
        storage: Storage = storage_from_string(
            redis_url or "memory://", wrap_exceptions=True, **options
        )
        self._limiter = FixedWindowRateLimiter(storage)

    def is_too_many(self, address: str) -> bool:
        """Count one failure of this address; whether it has had its share."""
        return not self._hit(ALLOWED, "token", address)

    def may_try(self, what: "Guessed", who: str) -> bool:
        """Whether whoever it is may try a code or word once more; counts nothing."""
        try:
            return self._limiter.test(TRIES[what], what, who)
        except StorageError:
            return True

    def failed(self, what: "Guessed", who: str) -> None:
        """Count one wrong code or word."""
        self._hit(TRIES[what], what, who)

    def _hit(self, allowed: RateLimitItem, what: str, who: str) -> bool:
        try:
            return self._limiter.hit(allowed, what, who)
        except StorageError:
            # Counting is a courtesy to the machine; a page that says "not here" must still come.
            return True
