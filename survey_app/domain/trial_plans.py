"""May a trial be run as it is planned, and how small a difference could it find?"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from survey_app.domain.safe_hours import LONDON, SafeHours
from survey_app.domain.trials import Arm, TrialKind

SMALLEST, LARGEST = 40, 100_000
"""People in both arms together. Under 20 in an arm nothing is said to be more than chance
(docs/decisions/more-than-chance.md)."""
LONGEST = timedelta(days=2 * 366)
APART = timedelta(hours=1)
"""Between two times of day: closer ones cannot differ in anything that people notice."""
POWER = 0.8
_TENTH = 0.001
"""A tenth of a percentage point, as a share."""


class TrialRefusal(StrEnum):
    """Why a trial was not drafted, approved, started or ended. Nothing was changed."""

    ANOTHER_TRIAL = "another-trial"
    """A service has one trial at a time, from its draft to its end."""
    OWN_DRAFT = "own-draft"
    OUT_OF_TURN = "out-of-turn"
    """The trial is not in the state from which this can be done: somebody else was quicker."""
    NOT_LIVE = "not-live"
    """A service that does not send has nobody to try anything with."""
    NO_PROGRAMME = "no-programme"
    OUTSIDE_HOURS = "outside-hours"
    TIMES_ALIKE = "times-alike"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"
    LAST_DAY_OVER = "last-day-over"
    LAST_DAY_FAR = "last-day-far"


@dataclass(frozen=True)
class TrialPlan:
    """What is tried with how many people (both arms together), until which London day at most.

    `first` and `second` are times of day as `HH:MM`, or two of `InvitationWording`.
    """

    kind: TrialKind
    first: str
    second: str
    size: int
    last_day: date

    def of(self, arm: Arm) -> str:
        """What this arm gets."""
        return self.first if arm is Arm.FIRST else self.second

    @property
    def times(self) -> tuple[time, time]:
        """The two times of day; only of a trial of send times."""
        return time.fromisoformat(self.first), time.fromisoformat(self.second)


def why_not_plan(plan: TrialPlan, service_hours: SafeHours, today: date) -> TrialRefusal | None:
    """Why a plan cannot be run on or after this London day; None when it can."""
    if plan.kind is TrialKind.SEND_TIME and (refusal := _why_not_times(plan, service_hours, today)):
        return refusal
    if plan.size < SMALLEST:
        return TrialRefusal.TOO_SMALL
    if plan.size > LARGEST:
        return TrialRefusal.TOO_LARGE
    if plan.last_day < today:
        return TrialRefusal.LAST_DAY_OVER
    return TrialRefusal.LAST_DAY_FAR if plan.last_day > today + LONGEST else None


def _why_not_times(plan: TrialPlan, hours: SafeHours, today: date) -> TrialRefusal | None:
    first, second = plan.times
    apart = abs(datetime.combine(today, first) - datetime.combine(today, second))
    if apart < APART:
        return TrialRefusal.TIMES_ALIKE
    is_open = all(_is_some_day_open(hours, at, today) for at in plan.times)
    return None if is_open else TrialRefusal.OUTSIDE_HOURS


def _is_some_day_open(hours: SafeHours, at: time, today: date) -> bool:
    """Whether the hours hold this time on a day of the next two weeks, bank holidays apart."""
    days = (today + timedelta(days=n) for n in range(14))
    return any(hours.are_open_at(datetime.combine(day, at, LONDON)) for day in days)


def detectable_difference(size: int, share: float) -> float | None:
    """By how many percentage points, to one place, the better arm must lie above `share` (0 to 1)
    for a trial of this many people in both arms to find it in four of five trials.

    Two proportions, equal arms, two-sided 5 %, power 80 %, without continuity correction (J. L.
    Fleiss, Statistical Methods for Rates and Proportions, 1981, chapter 3). None where even the
    whole way up to 100 % would not be found.
    """
    in_arm = size // 2
    for tenths in range(1, round((1 - share) / _TENTH) + 1):
        if _needed_in_arm(share, min(share + tenths * _TENTH, 1.0)) <= in_arm:
            return tenths / 10
    return None


def _needed_in_arm(low: float, high: float) -> float:
    z_error, z_power = NormalDist().inv_cdf(0.975), NormalDist().inv_cdf(POWER)
    middle = (low + high) / 2
    spread = z_error * sqrt(2 * middle * (1 - middle))
    spread += z_power * sqrt(low * (1 - low) + high * (1 - high))
    return (spread / (high - low)) ** 2
