"""Quarters: what is written, which days are inside, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.periods import (
    NoSuchQuarterError,
    PeriodRefusal,
    Quarter,
    london_day,
    parse,
    quarter_of,
)

quarters = st.builds(Quarter, st.integers(1901, 2198), st.integers(1, 4))


@pytest.mark.parametrize(
    ("written", "first", "last", "label"),
    [
        ("2018-Q1", date(2018, 4, 1), date(2018, 6, 30), "Q1 2018/19"),
        ("2018-Q2", date(2018, 7, 1), date(2018, 9, 30), "Q2 2018/19"),
        ("2018-Q3", date(2018, 10, 1), date(2018, 12, 31), "Q3 2018/19"),
        ("2018-Q4", date(2019, 1, 1), date(2019, 3, 31), "Q4 2018/19"),
        ("1999-Q4", date(2000, 1, 1), date(2000, 3, 31), "Q4 1999/00"),
        ("2009-Q1", date(2009, 4, 1), date(2009, 6, 30), "Q1 2009/10"),
    ],
)
def test_a_quarter_is_of_the_financial_year(written, first, last, label):
    quarter = parse(written)
    assert isinstance(quarter, Quarter)
    assert (quarter.starts_on, quarter.ends_on, quarter.label) == (first, last, label)
    assert quarter.code == written


@pytest.mark.parametrize(
    ("written", "refusal"),
    [
        ("", PeriodRefusal.WRONG_FORM),
        ("2018", PeriodRefusal.WRONG_FORM),
        ("2018Q1", PeriodRefusal.WRONG_FORM),
        ("2018-q1", PeriodRefusal.WRONG_FORM),
        ("Q1 2018/19", PeriodRefusal.WRONG_FORM),
        ("2018-06", PeriodRefusal.WRONG_FORM),
        ("18-Q1", PeriodRefusal.WRONG_FORM),
        ("2018-Q1 ", PeriodRefusal.WRONG_FORM),
        ("2018-Q1\n", PeriodRefusal.WRONG_FORM),
        ("2018-Q12", PeriodRefusal.WRONG_FORM),
        ("２０１８-Q1", PeriodRefusal.WRONG_FORM),
        ("2018-Q0", PeriodRefusal.NO_SUCH_QUARTER),
        ("2018-Q5", PeriodRefusal.NO_SUCH_QUARTER),
        ("0000-Q1", PeriodRefusal.YEAR_OUT_OF_RANGE),
        ("9999-Q4", PeriodRefusal.YEAR_OUT_OF_RANGE),
    ],
)
def test_any_other_form_is_refused_by_name(written, refusal):
    assert parse(written) is refusal


@pytest.mark.parametrize(("year", "number"), [(2018, 0), (2018, 5), (1899, 1), (2200, 1)])
def test_a_quarter_that_is_none_cannot_be_built(year, number):
    with pytest.raises(NoSuchQuarterError):
        Quarter(year, number)


@given(quarters)
def test_quarters_follow_each_other_without_gap_or_overlap(quarter):
    assert quarter.next.previous == quarter
    assert quarter.next.starts_on == quarter.ends_on + timedelta(days=1)
    assert quarter.ends_before == quarter.next.starts_at
    assert quarter < quarter.next
    assert parse(quarter.code) == quarter


@given(st.dates(date(1901, 1, 1), date(2198, 12, 31)))
def test_every_day_is_in_its_own_quarter_and_in_no_neighbour(day):
    quarter = quarter_of(day)
    assert day in quarter
    assert day not in quarter.next
    assert day not in quarter.previous


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2018, 6, 30, 22, 59, tzinfo=UTC), date(2018, 6, 30)),
        (datetime(2018, 6, 30, 23, 0, tzinfo=UTC), date(2018, 7, 1)),
        (datetime(2018, 12, 31, 23, 59, tzinfo=UTC), date(2018, 12, 31)),
        (datetime(2018, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=12))), date(2018, 6, 30)),
    ],
)
def test_a_day_is_a_day_in_london(instant, day):
    assert london_day(instant) == day


@given(quarters, st.integers(-200_000, 200_000))
def test_the_bounds_in_utc_hold_exactly_the_instants_of_its_days(quarter, seconds):
    for bound in (quarter.starts_at, quarter.ends_before):
        instant = bound + timedelta(seconds=seconds)
        is_inside = quarter.starts_at <= instant < quarter.ends_before
        assert is_inside == (london_day(instant) in quarter)


def test_an_instant_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="zone"):
        london_day(datetime(2018, 6, 30, 12, 0))  # noqa: DTZ001 - that is the fault
