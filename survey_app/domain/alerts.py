"""By when is an alert due, and how may it end? Which cannot wait is `domain.urgency`'s."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from survey_app.domain.requests import AlertKind
from survey_app.domain.working_hours import after_working_hours

USUAL_DUE_HOURS = 48
LOW_SAFETY_DUE_HOURS = 4
MOST_DUE_HOURS = 14 * 24
"""Nobody may promise to look at what a person said later than after two weeks."""
MOST_LOW_SAFETY_DUE_HOURS = 16
"""Two working days: whoever does not feel safe at all is not left for a third."""


class AlertOutcome(StrEnum):
    """What came of an alert."""

    SPOKE = "spoke"
    SAFETY_ACTION = "safety-action"
    PASSED_ON = "passed-on"
    NOT_REACHED = "not-reached"
    NOTHING_NEEDED = "nothing-needed"


@dataclass(frozen=True)
class AlertHours:
    """Within how long a service looks at what was said: `usual` in hours of the clock, `low_safety`
    in working hours, for somebody is at a desk then who can act."""

    usual: int = USUAL_DUE_HOURS
    low_safety: int = LOW_SAFETY_DUE_HOURS

    def due_at(self, kind: AlertKind, raised_at: datetime) -> datetime:
        """By when an alert of this kind is to be looked at."""
        if kind is AlertKind.LOW_SAFETY:
            return after_working_hours(raised_at, self.low_safety)
        return raised_at + timedelta(hours=self.usual)
