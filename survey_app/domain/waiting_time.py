"""For how much of the hours in which it might have left has a text been waiting?"""

from datetime import datetime, timedelta

from survey_app.domain.safe_hours import SafeHours, next_opening
from survey_app.domain.safe_window import first_closing

_FURTHEST_BACK = timedelta(days=31)
"""Beyond a month the figure says no more, and counting it would take longer."""
_WITHOUT_A_CLOSING = timedelta(days=1)


def open_time_between(hours: SafeHours, since: datetime, now: datetime) -> timedelta:
    """How much of the time between two instants lay inside the hours; a month back at the most."""
    total = timedelta(0)
    at = next_opening((hours,), max(since, now - _FURTHEST_BACK))
    while at is not None and at < now:
        closes_at = first_closing((hours,), at) or at + _WITHOUT_A_CLOSING
        total += min(closes_at, now) - at
        at = next_opening((hours,), closes_at)
    return total
