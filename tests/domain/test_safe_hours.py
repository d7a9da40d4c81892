"""Safe days and hours: over midnight, over clock changes, and the next opening."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import Weekday
from survey_app.domain.safe_hours import (
    LONDON,
    SafeHours,
    are_all_open_at,
    next_opening,
    open_minutes,
)
from survey_app.domain.safer_hours import NEVER, tightened_hours

SERVICE = SafeHours(None, time(9), time(20))
FRIDAY_NIGHT = SafeHours((Weekday.FRI,), time(22), time(2))
WORKING = SafeHours(None, time(9), time(20), skips_bank_holidays=True)
WORKING_NIGHTS = SafeHours(None, time(22), time(2), skips_bank_holidays=True)


def london(*parts: int, fold: int = 0) -> datetime:
    """An instant by London's wall clock."""
    return datetime(*parts, tzinfo=LONDON, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("hours", "at", "is_open"),
    [
        (SafeHours(), london(2026, 11, 18, 3, 0), True),
        (SERVICE, london(2026, 11, 18, 9, 0), True),
        (SERVICE, london(2026, 11, 18, 8, 59), False),
        (SERVICE, london(2026, 11, 18, 19, 59), True),
        (SERVICE, london(2026, 11, 18, 20, 0), False),
        (SERVICE, london(2026, 7, 18, 9, 0), True),
        (SERVICE, datetime(2026, 7, 18, 19, 30, tzinfo=UTC), False),  # 20:30 in summer
        (SafeHours((Weekday.TUE,)), london(2026, 11, 18, 12, 0), False),
        (SafeHours((Weekday.WED,)), london(2026, 11, 18, 0, 0), True),
        (SafeHours(None, time(18), None), london(2026, 11, 18, 23, 59), True),
        (SafeHours(None, time(18), time(0)), london(2026, 11, 18, 23, 59), True),
        (SafeHours(None, time(18), time(0)), london(2026, 11, 18, 0, 0), False),
        (SafeHours(None, None, time(12)), london(2026, 11, 18, 0, 0), True),
        (SafeHours(None, None, time(12)), london(2026, 11, 18, 12, 0), False),
        (FRIDAY_NIGHT, london(2026, 11, 20, 22, 0), True),
        (FRIDAY_NIGHT, london(2026, 11, 21, 1, 59), True),
        (FRIDAY_NIGHT, london(2026, 11, 21, 2, 0), False),
        (FRIDAY_NIGHT, london(2026, 11, 20, 1, 0), False),  # the night before belongs to Thursday
        (SafeHours(None, time(9), time(9)), london(2026, 11, 18, 9, 0), False),
        (SafeHours(None, time(0), time(0)), london(2026, 11, 18, 12, 0), False),
        (SafeHours((), time(9), time(20)), london(2026, 11, 18, 12, 0), False),
        # Bank holidays: Boxing Day 2026 is a Saturday, Monday its substitute, Sunday neither.
        (SERVICE, london(2026, 12, 25, 12, 0), True),
        (WORKING, london(2026, 12, 24, 12, 0), True),
        (WORKING, london(2026, 12, 25, 12, 0), False),
        (WORKING, london(2026, 12, 26, 12, 0), False),
        (WORKING, london(2026, 12, 27, 12, 0), True),
        (WORKING, london(2026, 12, 28, 12, 0), False),
        (WORKING, london(2026, 12, 29, 12, 0), True),
        # Good Friday 2026: neither its small hours nor the night that begins on it.
        (WORKING_NIGHTS, london(2026, 4, 2, 23, 30), True),
        (WORKING_NIGHTS, london(2026, 4, 3, 0, 30), False),
        (WORKING_NIGHTS, london(2026, 4, 3, 22, 30), False),
        (WORKING_NIGHTS, london(2026, 4, 4, 0, 30), False),
        (WORKING_NIGHTS, london(2026, 4, 4, 22, 30), True),
    ],
)
def test_hours_are_londons_wall_clock(hours: SafeHours, at: datetime, is_open: bool):
    assert hours.are_open_at(at) is is_open


@pytest.mark.parametrize(
    ("hours", "at", "opening"),
    [
        # At once where it is open already.
        ((SERVICE,), london(2026, 11, 18, 12, 0), london(2026, 11, 18, 12, 0)),
        # The person's hours inside the service's.
        ((SafeHours(None, time(6), time(10)), SERVICE), *[london(2026, 11, 18, 21, 0)],
         london(2026, 11, 19, 9, 0)),
        # The next day named.
        ((SafeHours((Weekday.MON,)), SERVICE), london(2026, 11, 18, 12, 0),
         london(2026, 11, 23, 9, 0)),
        # A day that opens at its midnight.
        ((SafeHours((Weekday.MON,)),), london(2026, 11, 18, 12, 0), london(2026, 11, 23, 0, 0)),
        # Over the spring change: nine o'clock comes an hour earlier in UTC.
        ((SERVICE,), datetime(2027, 3, 27, 20, 0, tzinfo=UTC),
         datetime(2027, 3, 28, 8, 0, tzinfo=UTC)),
        # Over the autumn change: an hour later.
        ((SERVICE,), datetime(2026, 10, 24, 19, 0, tzinfo=UTC),
         datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
        # Hours that begin in the hour that spring leaves out begin when the clocks have changed.
        ((SafeHours((Weekday.SUN,), time(1, 30), time(2, 15)),),
         datetime(2027, 3, 27, 12, 0, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # Hours wholly inside it wait for the week after.
        ((SafeHours((Weekday.SUN,), time(1, 15), time(1, 45)),),
         datetime(2027, 3, 27, 12, 0, tzinfo=UTC), datetime(2027, 4, 4, 0, 15, tzinfo=UTC)),
        # In the hour that autumn repeats, the second time counts too.
        ((SafeHours(None, time(1, 15), time(1, 45)),),
         datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 15, tzinfo=UTC)),
        # Christmas Day: the Sunday after Boxing Day is open.
        ((WORKING,), london(2026, 12, 25, 12, 0), london(2026, 12, 27, 9, 0)),
        # The clocks change on Easter Sunday 2024, and Monday is a holiday.
        ((WORKING,), datetime(2024, 3, 31, 19, 0, tzinfo=UTC),
         datetime(2024, 4, 2, 8, 0, tzinfo=UTC)),
        # Mondays alone, when Christmas Day and New Year's Day are Mondays.
        ((SafeHours((Weekday.MON,)), WORKING), london(2028, 12, 25, 12, 0),
         london(2029, 1, 8, 9, 0)),
        # A night over midnight waits until the first that touches no holiday.
        ((WORKING_NIGHTS,), london(2026, 4, 3, 0, 30), london(2026, 4, 4, 22, 0)),
        # Never.
        ((SafeHours(None, time(21), time(8)), SERVICE), london(2026, 11, 18, 12, 0), None),
        ((SafeHours(()), SERVICE), london(2026, 11, 18, 12, 0), None),
    ],
)  # fmt: skip
def test_the_next_opening_lies_inside_all_hours(hours, at, opening):
    assert next_opening(hours, at) == opening


def any_hours() -> st.SearchStrategy[SafeHours]:
    """Hours of every kind: some days or all, ends given or not, over midnight or not."""
    days = st.none() | st.sets(st.sampled_from(list(Weekday))).map(
        lambda chosen: tuple(day for day in Weekday if day in chosen)
    )
    minute = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))
    return st.builds(SafeHours, days, minute, minute)


def maybe_skipping() -> st.SearchStrategy[SafeHours]:
    """Hours of every kind, with bank holidays or without."""
    return st.builds(
        lambda hours, skips: replace(hours, skips_bank_holidays=skips), any_hours(), st.booleans()
    )


def _instants(first: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 24 * 60).map(lambda minutes: first + timedelta(minutes=minutes))


INSTANTS = st.one_of(
    _instants(datetime(2026, 1, 1, tzinfo=UTC), 730),
    _instants(datetime(2026, 10, 24, tzinfo=UTC), 2),
    _instants(datetime(2027, 3, 27, tzinfo=UTC), 2),
    _instants(datetime(2026, 12, 23, tzinfo=UTC), 12),
)
"""Two years, and more often the days around the clock changes and Christmas."""


@given(maybe_skipping(), maybe_skipping(), INSTANTS)
def test_an_opening_is_never_past_nor_outside(one: SafeHours, other: SafeHours, now: datetime):
    opening = next_opening((one, other), now)
    if opening is not None:
        assert opening >= now
        assert are_all_open_at((one, other), opening)


@given(maybe_skipping(), INSTANTS, st.integers(0, 30 * 24 * 60))
def test_nothing_is_open_before_the_next_opening(hours: SafeHours, now: datetime, minutes: int):
    opening = next_opening((hours,), now)
    between = now + timedelta(minutes=minutes)
    if opening is None:
        assert not hours.are_open_at(between) or minutes > 29 * 24 * 60
    elif between < opening:
        assert not hours.are_open_at(between)


@given(any_hours(), st.integers(0, 7 * 24 * 60 - 1))
def test_the_minutes_of_a_week_are_those_at_which_hours_are_open(hours: SafeHours, minute: int):
    monday = datetime(2026, 11, 16, tzinfo=UTC)  # a week without a change of clocks, on UTC
    is_open = hours.are_open_at(monday + timedelta(minutes=minute))
    assert bool(open_minutes(hours) >> minute & 1) == is_open


@given(any_hours(), any_hours())
def test_tightened_hours_lie_within_those_stored_and_those_said(stored: SafeHours, said: SafeHours):
    kept = open_minutes(tightened_hours(stored, said))
    assert kept & ~open_minutes(stored) == 0
    assert kept & ~open_minutes(said) == 0


@given(any_hours(), any_hours())
def test_tightening_twice_is_tightening_once(stored: SafeHours, said: SafeHours):
    once = tightened_hours(stored, said)
    assert tightened_hours(once, said) == once


@pytest.mark.parametrize(
    ("stored", "said", "kept"),
    [
        (SafeHours(), SERVICE, SERVICE),
        (SERVICE, SafeHours(), SERVICE),
        (SafeHours(None, time(9), time(12)), SafeHours(None, time(10), time(15)),
         SafeHours(None, time(10), time(12))),
        (SafeHours((Weekday.MON, Weekday.TUE)), SafeHours((Weekday.TUE, Weekday.WED)),
         SafeHours((Weekday.TUE,))),
        (SafeHours((Weekday.MON,)), SafeHours((Weekday.TUE,)), NEVER),
        (SafeHours(None, time(9), time(12)), SafeHours(None, time(14), time(17)), NEVER),
        # Friday's small hours are not those of the night that begins on Friday.
        (FRIDAY_NIGHT, SafeHours((Weekday.FRI,), time(0), time(2)), NEVER),
    ],
)  # fmt: skip
def test_hours_are_tightened_to_what_both_allow(stored: SafeHours, said: SafeHours, kept):
    assert tightened_hours(stored, said) == kept
