"""What may be planned, and how small a difference a trial of some size could find."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from survey_app.domain.cases import Weekday
from survey_app.domain.safe_hours import SafeHours
from survey_app.domain.trial_plans import (
    TrialPlan,
    TrialRefusal,
    detectable_difference,
    why_not_plan,
)
from survey_app.domain.trials import Arm, TrialKind

TODAY = date(2026, 11, 18)
HOURS = SafeHours(None, time(9), time(20))
TIMES = TrialPlan(TrialKind.SEND_TIME, "10:00", "17:00", 400, TODAY + timedelta(days=90))
WORDS = replace(TIMES, kind=TrialKind.WORDING, first="permission-first", second="question-first")


@pytest.mark.parametrize("plan", [TIMES, WORDS])
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, None),
        ({"size": 40}, None),
        ({"size": 39}, TrialRefusal.TOO_SMALL),
        ({"size": -1}, TrialRefusal.TOO_SMALL),
        ({"size": 100_001}, TrialRefusal.TOO_LARGE),
        ({"last_day": TODAY}, None),
        ({"last_day": TODAY - timedelta(days=1)}, TrialRefusal.LAST_DAY_OVER),
        ({"last_day": TODAY + timedelta(days=733)}, TrialRefusal.LAST_DAY_FAR),
    ],
)
def test_size_and_last_day_have_bounds(plan, changes, refusal):
    assert why_not_plan(replace(plan, **changes), HOURS, TODAY) is refusal


@pytest.mark.parametrize(
    ("first", "second", "refusal"),
    [
        ("09:00", "19:59", None),
        ("08:59", "17:00", TrialRefusal.OUTSIDE_HOURS),
        ("10:00", "20:00", TrialRefusal.OUTSIDE_HOURS),
        ("10:00", "00:00", TrialRefusal.OUTSIDE_HOURS),
        ("10:00", "10:00", TrialRefusal.TIMES_ALIKE),
        ("10:00", "10:59", TrialRefusal.TIMES_ALIKE),
        ("17:00", "10:00", None),
    ],
)
def test_two_times_stand_apart_and_inside_the_hours_of_the_service(first, second, refusal):
    assert why_not_plan(replace(TIMES, first=first, second=second), HOURS, TODAY) is refusal


@pytest.mark.parametrize("today", [TODAY + timedelta(days=n) for n in range(7)])
def test_a_service_that_contacts_people_on_one_day_a_week_may_try_times_on_any(today):
    plan = replace(TIMES, last_day=today)
    assert why_not_plan(plan, replace(HOURS, days=(Weekday.FRI,)), today) is None
    assert why_not_plan(plan, replace(HOURS, days=()), today) is TrialRefusal.OUTSIDE_HOURS


def test_an_arm_gets_its_own():
    assert [TIMES.of(arm) for arm in Arm] == ["10:00", "17:00"]


@pytest.mark.parametrize(
    ("share", "size", "points"),
    [
        # Widely tabulated for 80 % power and two-sided 5 %: 388 an arm for 50 against 60 %, 294 an
        # arm for 20 against 30 % (Fleiss 1981, uncorrected).
        (0.5, 2 * 388, 10.0),
        (0.2, 2 * 294, 10.0),
        (0.2, 2 * 293, 10.1),
    ],
)
def test_the_difference_that_can_be_found_is_that_of_the_published_tables(share, size, points):
    assert detectable_difference(size, share) == points


@settings(max_examples=40)
@given(st.integers(40, 20_000), st.floats(0, 1))
def test_what_is_found_has_the_power_that_is_said_and_a_tenth_less_has_not(size, share):
    points = detectable_difference(size, share)
    top = (1 - share) * 100
    if points is not None:
        assert 0 < points <= top + 0.1
        assert _power(size // 2, share, share + points / 100) >= 0.8 - 1e-6
    least = top if points is None else points
    if least > 0.1:
        assert _power(size // 2, share, share + (least - 0.1) / 100) < 0.8 + 1e-6


def _power(arm: int, low: float, high: float) -> float:
    """How often the pooled test of two shares finds them different, by the normal distribution."""
    high = min(high, 1.0)
    middle = (low + high) / 2
    null = (2 * middle * (1 - middle) / arm) ** 0.5
    own = ((low * (1 - low) + high * (1 - high)) / arm) ** 0.5
    reach = high - low - norm.ppf(0.975) * null
    if own == 0:
        return float(reach > 0)
    return float(norm.cdf(reach / own))


@settings(max_examples=40)
@given(st.integers(40, 10_000), st.floats(0.01, 0.9))
def test_a_larger_trial_never_finds_only_a_larger_difference(size, share):
    smaller, larger = detectable_difference(size, share), detectable_difference(2 * size, share)
    assert smaller is None or (larger is not None and larger <= smaller)


def test_from_the_very_top_there_is_nothing_to_find():
    assert detectable_difference(1000, 1.0) is None
