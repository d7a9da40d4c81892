"""Which clocks a round is done by, and which not."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey_app.domain.clock_faults import (
    CLOCK_FAULT_WORDS,
    MOST_SKEW,
    ClockFault,
    find_clock_fault,
)
from tests.world import NOON

ABOUT_A_DAY = st.timedeltas(min_value=timedelta(days=-3), max_value=timedelta(days=3))


@pytest.mark.parametrize(
    ("database_is_ahead_by", "fault"),
    [
        (timedelta(0), None),
        (timedelta(seconds=30), None),
        (timedelta(seconds=-30), None),
        (timedelta(seconds=31), ClockFault.HOST_OFF),
        (timedelta(seconds=-31), ClockFault.HOST_OFF),
        (timedelta(minutes=4), ClockFault.HOST_OFF),
    ],
)
def test_a_host_more_than_half_a_minute_off_does_no_round(database_is_ahead_by, fault):
    assert find_clock_fault(NOON, NOON + database_is_ahead_by, NOON, None) is fault


def test_a_database_that_answers_slowly_is_not_taken_for_a_clock_that_is_off():
    answered = NOON + timedelta(minutes=5)
    for database_now in (NOON - MOST_SKEW, NOON, answered, answered + MOST_SKEW):
        assert find_clock_fault(NOON, database_now, answered, None) is None
    late = answered + MOST_SKEW + timedelta(seconds=1)
    assert find_clock_fault(NOON, late, answered, None) is ClockFault.HOST_OFF


@given(ABOUT_A_DAY)
@example(timedelta(days=1))
@example(timedelta(days=1, seconds=1))
@example(timedelta(days=-1, seconds=-1))
def test_a_clock_that_moved_by_more_than_a_day_either_way_does_no_round(moved):
    expected = ClockFault.JUMPED if abs(moved) > timedelta(days=1) else None
    assert find_clock_fault(NOON, NOON, NOON, NOON - moved) is expected


def test_the_first_round_has_nothing_to_compare_the_clock_with():
    assert find_clock_fault(NOON, NOON, NOON, None) is None


def test_every_fault_has_words_and_a_jump_says_that_a_machine_that_stood_still_looks_the_same():
    assert set(CLOCK_FAULT_WORDS) == set(ClockFault)
    assert "stood still" in CLOCK_FAULT_WORDS[ClockFault.JUMPED]
    assert "messages confirm-clock --by EMAIL" in CLOCK_FAULT_WORDS[ClockFault.JUMPED]
