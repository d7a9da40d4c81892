"""A text may wait at a provider until safe time ends, and not a minute longer."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import Weekday
from survey_app.domain.safe_hours import LONDON, SafeHours, are_all_open_at
from survey_app.domain.safe_window import first_closing, safe_until
from tests.domain.contact_cases import facts

NINE_TO_EIGHT = SafeHours(None, time(9), time(20))
EVERY_HOUR = SafeHours()


def london(*at: int, fold: int = 0) -> datetime:
    return datetime(*at, tzinfo=LONDON, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("person", "service", "now", "ends"),
    [
        (EVERY_HOUR, NINE_TO_EIGHT, london(2026, 11, 18, 12), london(2026, 11, 18, 20)),
        (
            SafeHours(None, time(10), time(12, 30)),
            NINE_TO_EIGHT,
            london(2026, 11, 18, 12),
            london(2026, 11, 18, 12, 30),
        ),
        # Only Wednesdays: the day ends at midnight, before the service's hours would matter.
        (
            SafeHours((Weekday.WED,), None, None),
            EVERY_HOUR,
            london(2026, 11, 18, 12),
            london(2026, 11, 19, 0),
        ),
        # The day after is a bank holiday that the service leaves out: midnight ends it.
        (
            EVERY_HOUR,
            SafeHours(skips_bank_holidays=True),
            london(2026, 12, 24, 12),
            london(2026, 12, 25, 0),
        ),
        # Hours over midnight.
        (
            SafeHours(None, time(22), time(6)),
            EVERY_HOUR,
            london(2026, 11, 18, 23),
            london(2026, 11, 19, 6),
        ),
        # The evening before British Summer Time begins.
        (
            SafeHours(None, time(22), time(6)),
            EVERY_HOUR,
            london(2027, 3, 27, 23),
            london(2027, 3, 28, 6),
        ),
        (EVERY_HOUR, EVERY_HOUR, london(2026, 11, 18, 12), None),
    ],
)
def test_safe_time_ends_when_the_first_of_the_hours_close(person, service, now, ends):
    assert first_closing((person, service), now) == ends


def test_the_request_may_end_before_the_hours_do():
    now = london(2026, 11, 18, 12)
    ends_soon = facts(service_hours=NINE_TO_EIGHT, expires_at=now + timedelta(hours=1))
    assert safe_until(ends_soon, now) == now + timedelta(hours=1)


def test_an_end_beyond_a_day_is_no_end():
    now = london(2026, 11, 18, 12)
    open_always = facts(
        person_hours=EVERY_HOUR, service_hours=EVERY_HOUR, expires_at=now + timedelta(days=9)
    )
    assert safe_until(open_always, now) is None


@given(
    opens=st.times(),
    closes=st.times(),
    minute=st.integers(0, 60 * 24 * 365 * 2),
    ahead=st.integers(0, 60 * 24),
)
def test_every_minute_before_the_end_is_safe_and_the_end_is_not(opens, closes, minute, ahead):
    hours = (SafeHours(None, opens.replace(second=0, microsecond=0), closes), NINE_TO_EIGHT)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    if not are_all_open_at(hours, now):
        return
    ends = first_closing(hours, now)
    assert ends is not None
    assert not are_all_open_at(hours, ends)
    later = now + timedelta(minutes=ahead)
    assert later >= ends or are_all_open_at(hours, later)
