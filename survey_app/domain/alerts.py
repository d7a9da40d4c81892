"""How may an alert end? Which alerts cannot wait is `domain.urgency`'s."""

from enum import StrEnum


class AlertOutcome(StrEnum):
    """What came of an alert."""

    SPOKE = "spoke"
    SAFETY_ACTION = "safety-action"
    PASSED_ON = "passed-on"
    NOT_REACHED = "not-reached"
    NOTHING_NEEDED = "nothing-needed"
