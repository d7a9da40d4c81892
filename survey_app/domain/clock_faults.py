"""Can what a clock says be acted on? A wrong one sends at night, or ends every request for ever."""

from datetime import datetime, timedelta
from enum import StrEnum

MOST_SKEW = timedelta(seconds=30)
"""How far a host's clock may be off the database's before the host does no work."""
MOST_JUMP = timedelta(days=1)
"""How far the database's clock may have moved since the last round, either way, before a person
must say that it is right."""


class ClockFault(StrEnum):
    """Why no round is done."""

    HOST_OFF = "host-clock-off"
    JUMPED = "clock-jumped"


def find_clock_fault(
    asked_at: datetime, database_now: datetime, answered_at: datetime, last_seen: datetime | None
) -> ClockFault | None:
    """What stands against acting on the database's instant; None when nothing does.

    `asked_at` and `answered_at` are by the host's clock, so that a slow answer is not taken for a
    clock that is off. `last_seen` is the database's instant as of the round before; None at first.
    """
    if not asked_at - MOST_SKEW <= database_now <= answered_at + MOST_SKEW:
        return ClockFault.HOST_OFF
    if last_seen is not None and abs(database_now - last_seen) > MOST_JUMP:
        return ClockFault.JUMPED
    return None


CLOCK_FAULT_WORDS = {
    ClockFault.HOST_OFF: (
        "Nothing is done: this host's clock is more than 30 seconds off the database's. Set the "
        "host's clock right."
    ),
    ClockFault.JUMPED: (
        "Nothing is sent and nothing expires: since the last round the database's clock has moved "
        "by more than a day. Either it jumped, or nothing ran for so long: a machine that stood "
        "still, or a backup that was restored, looks the same. See that the time is right, then "
        "say so: flask --app wsgi messages confirm-clock --by EMAIL"
    ),
}
"""What happened and what to do, for the log and the command line."""
