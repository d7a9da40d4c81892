"""How does somebody outside learn that the worker has stopped? By a ping that no longer comes.

An address of a monitor's (a dead man's switch) is asked for after a good round. It carries nothing
of ours, and whatever comes of it changes no round.
"""

from dataclasses import dataclass, field
from threading import Thread
from time import monotonic

import requests
import structlog

TIMEOUT_SECONDS = 5.0
EVERY_SECONDS = 15.0
"""Rounds come more often; monitors turn away those who ask too much."""

log = structlog.get_logger()


@dataclass
class Ping:
    """Asks for `url` from a thread of its own, one at a time; without a `url` it does nothing."""

    url: str = field(repr=False)
    every_seconds: float = EVERY_SECONDS
    _thread: Thread | None = None
    _last: float | None = None

    def after_good_round(self) -> None:
        """Ping, unless it was done a moment ago or is still under way."""
        is_early = self._last is not None and monotonic() - self._last < self.every_seconds
        is_under_way = self._thread is not None and self._thread.is_alive()
        if not self.url or is_early or is_under_way:
            return
        self._last = monotonic()
        # Not waited for, at the end either: a name that is not resolved holds for half a minute.
        self._thread = Thread(target=self._ask, name="ping", daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        """The address is as good as a password for the monitor, so no log names it."""
        try:
            answer = requests.get(self.url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            answer.raise_for_status()
        except requests.RequestException as fault:
            log.warning("ping-failed", fault=type(fault).__name__)
