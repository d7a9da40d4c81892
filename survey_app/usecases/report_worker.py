"""What does a worker write down of itself, so that its absence is seen?"""

import secrets
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.worker_beats import WORKING, beat

EVERY_SECONDS = 15.0
"""How often a worker reports while nothing changes; two minutes of silence are noticed."""


@dataclass
class WorkerReport:
    """The heartbeat of one process."""

    runtime: Runtime
    _id: str = field(default_factory=lambda: secrets.token_hex(8))
    _last: str = ""
    _at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def still(self) -> None:
        """Report once more what was reported last."""
        self.say(self._last or WORKING)

    def say(self, report: str) -> None:
        """Report, unless the same was reported a moment ago. Raises what the database raises."""
        with self._lock:
            if report == self._last and monotonic() - self._at < EVERY_SECONDS:
                return
            # Also where it fails: what cannot be written now is not tried at every text.
            self._last, self._at = report, monotonic()
            with self.runtime.database.write(Scope.worker()) as session:
                beat(session, self._id, report, self.runtime.database_now(session))
