"""For how much of its service's hours something has waited."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import Weekday
from survey_app.domain.safe_hours import LONDON, SafeHours
from survey_app.domain.waiting_time import open_time_between

NINE_TO_EIGHT = SafeHours(None, time(9), time(20))
WEEKDAYS = SafeHours(tuple(Weekday)[:5], time(9), time(20))


def london(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "since", "now", "minutes"),
    [
        (NINE_TO_EIGHT, london(18, 12), london(18, 12, 5), 5),
        (NINE_TO_EIGHT, london(18, 3), london(18, 9, 5), 5),
        (NINE_TO_EIGHT, london(18, 19, 50), london(19, 9, 1), 11),
        (NINE_TO_EIGHT, london(18, 19, 50), london(18, 23), 10),
        (NINE_TO_EIGHT, london(18, 21), london(19, 6), 0),
        (NINE_TO_EIGHT, london(16, 12), london(19, 12), 3 * 11 * 60),
        # 21 November 2026 is a Saturday.
        (WEEKDAYS, london(20, 19, 30), london(23, 9, 15), 45),
        (SafeHours(), london(18, 0), london(20, 0), 2 * 24 * 60),
        (NINE_TO_EIGHT, london(18, 12), london(18, 12), 0),
        (NINE_TO_EIGHT, london(18, 12), london(18, 11), 0),
    ],
)
def test_only_hours_in_which_it_might_have_left_count(hours, since, now, minutes):
    assert open_time_between(hours, since, now) == timedelta(minutes=minutes)


def test_a_wait_of_years_is_counted_for_a_month():
    now = london(18, 12)
    assert open_time_between(SafeHours(), now - timedelta(days=900), now) == timedelta(days=31)


@given(st.integers(0, 20 * 24 * 60), st.integers(0, 5 * 24 * 60))
def test_no_more_time_was_open_than_passed_and_parts_add_up(first, second):
    since = london(1, 0)
    middle = since + timedelta(minutes=first)
    now = middle + timedelta(minutes=second)
    whole = open_time_between(NINE_TO_EIGHT, since, now)
    parts = (
        open_time_between(NINE_TO_EIGHT, since, middle),
        open_time_between(NINE_TO_EIGHT, middle, now),
    )
    assert whole == sum(parts, timedelta(0))
    assert timedelta(0) <= whole <= now - since
