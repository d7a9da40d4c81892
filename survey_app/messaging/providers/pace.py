"""How fast may one sender send? As many texts a second as its networks take.

Kept by each worker for itself: with several workers the rates add up. A Messaging Service at Twilio
keeps its own pace, and needs none here.
"""

import time
from collections.abc import Callable


class Pace:
    """At most `per_second` texts a second from each sender; None is as fast as they come."""

    def __init__(
        self,
        per_second: float | None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 0.0 if per_second is None else 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}

    def wait(self, sender: str) -> None:
        """Return when this sender may send again."""
        now = self._clock()
        at = max(now, self._free_at.get(sender, now))
        if at > now:
            self._sleep(at - now)
        self._free_at[sender] = at + self._interval


def per_second(written: str) -> float | None:
    """A rate as a setting writes it; None where it is no number above 0."""
    try:
        rate = float(written)
    except ValueError:
        return None
    return rate if 0 < rate < 10_000 else None
