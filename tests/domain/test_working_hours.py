"""Working hours are an office's: nights, weekends and bank holidays are none of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.alerts import AlertHours
from survey_app.domain.requests import AlertKind
from survey_app.domain.safe_hours import LONDON
from survey_app.domain.working_hours import after_working_hours


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-18 10:00", 4, "2026-11-18 14:00"),
        ("2026-11-18 13:00", 4, "2026-11-18 17:00"),
        ("2026-11-18 13:01", 4, "2026-11-19 09:01"),
        ("2026-11-18 06:00", 4, "2026-11-18 13:00"),  # before the office opens
        ("2026-11-18 17:00", 4, "2026-11-19 13:00"),
        ("2026-11-18 23:30", 1, "2026-11-19 10:00"),
        ("2026-11-20 16:00", 4, "2026-11-23 12:00"),  # over a weekend
        ("2026-11-21 12:00", 4, "2026-11-23 13:00"),
        ("2026-12-24 15:00", 4, "2026-12-29 11:00"),  # Christmas; the 28th stands for the 26th
        ("2026-04-02 16:59", 4, "2026-04-07 12:59"),  # Good Friday to Easter Monday
        ("2026-03-27 16:00", 4, "2026-03-30 12:00"),  # the clocks go forward meanwhile
        ("2026-10-23 16:00", 4, "2026-10-26 12:00"),  # and back
        ("2026-07-01 09:00", 16, "2026-07-02 17:00"),
    ],
)
def test_only_time_at_the_desk_passes(start, hours, due):
    assert after_working_hours(at(start), hours) == at(due)


@given(
    since=st.timedeltas(timedelta(), timedelta(days=2200)),
    hours=st.integers(1, 16),
)
def test_what_is_due_lies_ahead_in_working_time_and_later_is_never_due_earlier(since, hours):
    start = at("2024-01-01 00:00") + since
    due = after_working_hours(start, hours)
    local = due.astimezone(LONDON)
    assert due - start >= timedelta(hours=hours)
    assert local.weekday() < 5
    assert (9, 0) < (local.hour, local.minute + (local.second + local.microsecond > 0)) <= (17, 0)
    assert after_working_hours(start + timedelta(minutes=7), hours) >= due


@pytest.mark.parametrize("kind", sorted(set(AlertKind) - {AlertKind.LOW_SAFETY}))
def test_every_other_kind_is_due_in_hours_of_the_clock(kind):
    friday = at("2026-11-20 16:00")
    assert AlertHours(48, 4).due_at(kind, friday) == friday + timedelta(hours=48)


def test_low_safety_is_due_after_four_working_hours_unless_the_service_says_otherwise():
    friday = at("2026-11-20 16:00")
    assert AlertHours().due_at(AlertKind.LOW_SAFETY, friday) == at("2026-11-23 12:00")
    assert AlertHours(low_safety=1).due_at(AlertKind.LOW_SAFETY, friday) == at("2026-11-20 17:00")
