"""Who tries links that lead nowhere too often? Only the failures of an address are counted.

Many phones share one address behind a mobile carrier, so a link that works is never refused,
whatever else came from there (DOMAIN.md, safety rule 5).
"""

from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

ALLOWED = RateLimitItemPerMinute(20, 10)
"""Failures from one address in ten minutes. At 59 bits a token, guessing is hopeless long before;
the limit keeps a scanner from filling our log and our time."""


class Guesses:
    """Counts failures, in Redis where configured, else in this process."""

    def __init__(self, redis_url: str) -> None:
        storage: Storage = storage_from_string(redis_url or "memory://", wrap_exceptions=True)
        self._limiter = FixedWindowRateLimiter(storage)

    def is_too_many(self, address: str) -> bool:
        """Count one failure of this address; whether it has had its share."""
        try:
            return not self._limiter.hit(ALLOWED, "token", address)
        except StorageError:
            # Counting is a courtesy to the machine; a page that says "not here" must still come.
            return False
