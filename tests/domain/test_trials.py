"""Laws of a trial: nobody flagged is in it, chance decides, nobody moves, hours always win."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from survey_app.domain.cases import Flag, Weekday
from survey_app.domain.safe_hours import LONDON, SafeHours, are_all_open_at
from survey_app.domain.trials import (
    Arm,
    LeftOut,
    PersonStanding,
    TrialEnd,
    TrialKind,
    arm_of,
    leaves_at,
    why_left_out,
    why_over,
)

TODAY = date(2026, 11, 18)
STARTED = datetime(2026, 11, 1, 9, tzinfo=UTC)
FREE = PersonStanding(
    flags=frozenset(),
    are_flags_recorded=True,
    is_young_person=False,
    born_on=date(1980, 5, 5),
    known_since=STARTED + timedelta(days=1),
)
SERVICE = SafeHours(None, time(9), time(20))

kinds = st.sampled_from(TrialKind)
standings = st.builds(
    PersonStanding,
    flags=st.frozensets(st.sampled_from(Flag)),
    are_flags_recorded=st.booleans(),
    is_young_person=st.booleans(),
    born_on=st.none() | st.dates(date(1930, 1, 1), TODAY),
    known_since=st.integers(-40, 17).map(lambda days: STARTED + timedelta(days=days)),
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
hours = st.builds(
    SafeHours,
    days=st.none() | st.lists(st.sampled_from(Weekday), unique=True).map(tuple),
    opens=st.none() | times,
    closes=st.none() | times,
)


@given(kinds, standings)
def test_nobody_is_in_a_trial_who_is_flagged_unrecorded_or_young(kind, standing):
    if why_left_out(kind, STARTED, standing, TODAY) is None:
        assert standing.flags == frozenset()
        assert standing.are_flags_recorded
        assert not standing.is_young_person
        assert standing.born_on is None or standing.born_on <= date(2008, 11, 18)


@pytest.mark.parametrize("flag", list(Flag))
@pytest.mark.parametrize("kind", list(TrialKind))
def test_each_flag_alone_keeps_somebody_out(kind, flag):
    standing = replace(FREE, flags=frozenset({flag}))
    assert why_left_out(kind, STARTED, standing, TODAY) is LeftOut.FLAGGED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"are_flags_recorded": False}, LeftOut.FLAGS_NOT_RECORDED),
        ({"is_young_person": True}, LeftOut.YOUNG),
        ({"born_on": date(2008, 11, 19)}, LeftOut.YOUNG),
        ({"born_on": date(2008, 11, 18)}, None),
        ({"born_on": None}, None),
        ({"known_since": STARTED}, None),
        ({"known_since": STARTED - timedelta(seconds=1)}, LeftOut.KNOWN_BEFORE),
    ],
)
def test_why_somebody_is_left_out_of_a_wording(changes, reason):
    assert why_left_out(TrialKind.WORDING, STARTED, replace(FREE, **changes), TODAY) is reason


def test_a_time_of_day_may_be_tried_with_people_known_before():
    known = replace(FREE, known_since=STARTED - timedelta(days=400))
    assert why_left_out(TrialKind.SEND_TIME, STARTED, known, TODAY) is None


@given(st.text(min_size=1), st.integers(1, 10**9))
def test_the_same_person_is_in_the_same_arm_of_a_trial_for_good(key, person_id):
    assert arm_of(key, person_id) is arm_of(key, person_id)


@settings(max_examples=25)
@given(st.binary(min_size=16, max_size=16).map(bytes.hex), st.integers(1, 10**6))
def test_arms_are_balanced_whoever_comes(key, first_id):
    people = 800
    second = sum(arm_of(key, first_id + n) is Arm.SECOND for n in range(people))
    # Six standard deviations of a fair coin.
    assert abs(second - people / 2) < 6 * sqrt(people / 4)


@settings(max_examples=25)
@given(
    st.binary(min_size=16, max_size=16).map(bytes.hex),
    st.binary(min_size=16, max_size=16).map(bytes.hex),
)
def test_another_trial_draws_anew(key, other):
    assume(key != other)
    alike = sum(arm_of(key, n) is arm_of(other, n) for n in range(800))
    assert abs(alike - 400) < 6 * sqrt(200)


@pytest.mark.parametrize(
    ("people", "today", "over"),
    [
        (39, TODAY, None),
        (40, TODAY, TrialEnd.SIZE_REACHED),
        (0, TODAY + timedelta(days=1), TrialEnd.LAST_DAY_OVER),
    ],
)
def test_a_trial_is_over_at_its_size_or_after_its_last_day(people, today, over):
    assert why_over(40, TODAY, people, today) is over


@example(time(1, 30), datetime(2026, 3, 28, 20, tzinfo=UTC), SERVICE, SERVICE, 28)
@given(times, instants, hours, hours, st.integers(0, 40))
def test_a_tried_time_never_leads_out_of_hours_back_in_time_past_the_end_or_over_a_day(
    at, allowed_from, person, service, days_left
):
    ends = allowed_from + timedelta(days=days_left)
    leaves = leaves_at(at, allowed_from, (person, service), ends)
    if leaves != allowed_from:
        assert are_all_open_at((person, service), leaves)
        assert allowed_from < leaves < ends
        # The night in which autumn's clocks go back has an hour more.
        assert leaves - allowed_from <= timedelta(hours=25)


def london(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("allowed_from", "leaves"),
    [
        (london(18, 0), london(18, 17)),
        (london(18, 9), london(18, 17)),
        (london(18, 17), london(18, 17)),
        (london(18, 17, 1), london(19, 17)),
    ],
)
def test_a_text_waits_for_the_next_time_that_it_is_that_hour(allowed_from, leaves):
    ends = london(30, 0)
    assert leaves_at(time(17), allowed_from, (SafeHours(), SERVICE), ends) == leaves


def test_somebody_whose_hours_are_over_by_then_is_texted_as_without_a_trial():
    mornings = SafeHours((Weekday.WED,), time(9), time(12))
    now = london(18, 9)
    assert leaves_at(time(17), now, (mornings, SERVICE), london(30, 0)) == now


def test_a_time_after_the_request_has_ended_moves_nothing():
    now = london(18, 9)
    assert leaves_at(time(17), now, (SafeHours(), SERVICE), london(18, 17)) == now
