"""What time is it in the fault test? Ten times faster than outside, the same for every process.

Leases, grace and backoff take minutes by design. They are not shortened: time runs faster, for the
web process, the workers and the provider alike. What a network decides (timeouts) stays as it is.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

SPEED = 10
START = datetime(2026, 11, 18, 10, tzinfo=UTC)
"""A Wednesday morning: an hour of the test ends before people's evening does."""
VARIABLE = "FAULTS_BEGAN"
SKEW_VARIABLE = "FAULTS_SKEW_SECONDS"
"""By how much the clock of one process's host is off, in the test's seconds."""


@dataclass(frozen=True)
class FastClock:
    """Began at a Unix time, in seconds, which every process is told."""

    began: float

    @classmethod
    def of_this_process(cls) -> Self:
        """The clock that the process was started with."""
        return cls(float(os.environ[VARIABLE]))

    def __call__(self) -> datetime:
        return START + timedelta(seconds=(time.time() - self.began) * SPEED)


@dataclass(frozen=True)
class SkewedClock:
    """What the host of one process shows: the right time, or one that is off."""

    right: FastClock
    skew: timedelta

    @classmethod
    def of_this_process(cls) -> Self:
        """The clock of the host that the process is meant to run on."""
        seconds = float(os.environ.get(SKEW_VARIABLE, "0"))
        return cls(FastClock.of_this_process(), timedelta(seconds=seconds))

    def __call__(self) -> datetime:
        return self.right() + self.skew
