"""Which hours hold when a file says other hours than those recorded, and may only tighten them?"""

from datetime import time
from itertools import product

from survey_app.domain.cases import Weekday
from survey_app.domain.safe_hours import SafeHours, open_minutes

NEVER = SafeHours((), time(0), time(0))
"""No minute of any week."""


def tightened_hours(stored: SafeHours, said: SafeHours) -> SafeHours:
    """The hours to keep: within those stored, and within those said.

    Where the two overlap in a way that one run of hours on some days cannot say, the longest that
    lies within both is kept; where they do not overlap at all, `NEVER`, until a person decides.
    """
    recorded, wanted = open_minutes(stored), open_minutes(said)
    if recorded & ~wanted == 0:
        return stored
    if wanted & ~recorded == 0:
        return said
    within = [
        hours
        for hours in _candidates(stored, said)
        if open_minutes(hours) & ~(recorded & wanted) == 0
    ]
    best = max(within, key=lambda hours: open_minutes(hours).bit_count(), default=NEVER)
    return best if open_minutes(best) else NEVER


def _candidates(stored: SafeHours, said: SafeHours) -> list[SafeHours]:
    days = _shared_days(stored, said)
    return [
        SafeHours(days, opens, closes)
        for opens, closes in product((stored.opens, said.opens), (stored.closes, said.closes))
    ]


def _shared_days(stored: SafeHours, said: SafeHours) -> tuple[Weekday, ...] | None:
    if stored.days is None:
        return said.days
    if said.days is None:
        return stored.days
    return tuple(day for day in stored.days if day in said.days)
