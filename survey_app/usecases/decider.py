"""Who decides, why, and when?"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Decider:
    """Somebody who decides what a rule leaves to people. `account_id` is None on the command line;
    `why` is audited where it was said."""

    account_id: int | None
    why: str | None
    now: datetime

    @property
    def reason(self) -> dict[str, object]:
        """What an audit row says of why."""
        return {"reason": self.why} if self.why else {}
