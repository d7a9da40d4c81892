"""What of an old backlog may still be started before people's quiet time."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey_app.domain.backlog_pace import QUIET_MARGIN, hold_back_until, is_old_backlog
from survey_app.domain.safe_hours import LONDON, SafeHours, are_all_open_at
from tests.world import NOON

SERVICE = SafeHours(None, time(9), time(20))
ANY_TIME = SafeHours()
IN_A_MONTH = datetime(2026, 12, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def london(hour: int, minute: int = 0, day: int = 18) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("person", "now", "until"),
    [
        (ANY_TIME, london(19, 58), london(9, day=19)),
        (ANY_TIME, london(19), london(9, day=19)),
        (ANY_TIME, london(18, 59), None),
        (ANY_TIME, london(9), None),
        # Their own hours count, not only the service's.
        (SafeHours(None, time(12), time(15)), london(14, 30), london(12, day=19)),
        (SafeHours(None, time(12), time(15)), london(13, 59), None),
        # Their whole safe time lies in that hour: there is no better time.
        (SafeHours(None, time(19), time(20)), london(19, 58), None),
        (SafeHours(None, time(19, 30), time(22)), london(19, 58), None),
        (SafeHours(None, time(14, 30), time(15)), london(14, 45), None),
        # A minute more than the hour, and there is.
        (SafeHours(None, time(18, 59), time(20)), london(19, 58), london(18, 59, day=19)),
    ],
)
def test_the_last_hour_before_quiet_time_starts_nothing_old(person, now, until):
    assert hold_back_until((person, SERVICE), IN_A_MONTH, now) == until


def test_hours_that_never_close_hold_nothing_back():
    assert hold_back_until((ANY_TIME, ANY_TIME), IN_A_MONTH, london(19, 58)) is None


@pytest.mark.parametrize(
    ("expires_at", "until"),
    [
        (london(9, day=19), None),
        (london(22), None),
        (london(9, 1, day=19), london(9, day=19)),
    ],
)
def test_what_would_have_expired_by_the_next_opening_is_not_held_back(expires_at, until):
    assert hold_back_until((ANY_TIME, SERVICE), expires_at, london(19, 58)) == until


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
HOURS = st.builds(SafeHours, st.none(), MINUTES, MINUTES)


@given(HOURS, st.integers(0, 24 * 60 - 1))
def test_whoever_is_held_back_has_a_longer_window_and_a_later_one(person, minute):
    """Compared with going through the minutes one by one."""
    hours, now = (person, SERVICE), london(0) + minute * MINUTE
    if not are_all_open_at(hours, now):
        return
    closes = opened = now
    while are_all_open_at(hours, closes):
        closes += MINUTE
    while are_all_open_at(hours, opened - MINUTE):
        opened -= MINUTE
    until = hold_back_until(hours, IN_A_MONTH, now)
    is_late = closes - now <= QUIET_MARGIN
    assert (until is not None) == (is_late and closes - opened > QUIET_MARGIN)
    if until is not None:
        assert closes <= until < IN_A_MONTH
        assert are_all_open_at(hours, until)


@given(st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(9)))
@example(60 * MINUTE, timedelta(days=3))
@example(timedelta(days=3), 60 * MINUTE)
@example(60 * MINUTE + timedelta(seconds=1), timedelta(days=3))
def test_a_text_is_old_an_hour_after_it_was_due_and_its_request_had_come_about(due, came):
    is_old = is_old_backlog(NOON - due, NOON - came, NOON)
    assert is_old == (min(due, came) > timedelta(hours=1))
