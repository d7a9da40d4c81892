"""When a line answers."""

import pytest

from survey_app.domain.opening_hours import (
    ALL_DAY,
    Days,
    OpeningHours,
    Span,
    find_span,
    read_opening_hours,
)

NINE_TO_FIVE, TEN_TO_TWO = ("09:00", "17:00"), ("10:00", "14:00")


@pytest.mark.parametrize(
    ("spans", "grouped"),
    [
        ((None, None, None), []),
        ((ALL_DAY, ALL_DAY, ALL_DAY), [(Days.EVERY_DAY, ALL_DAY)]),
        ((NINE_TO_FIVE, NINE_TO_FIVE, None), [(Days.MONDAY_TO_SATURDAY, NINE_TO_FIVE)]),
        ((None, TEN_TO_TWO, TEN_TO_TWO), [(Days.WEEKEND, TEN_TO_TWO)]),
        (
            (NINE_TO_FIVE, TEN_TO_TWO, TEN_TO_TWO),
            [(Days.WEEKDAYS, NINE_TO_FIVE), (Days.WEEKEND, TEN_TO_TWO)],
        ),
        (
            (NINE_TO_FIVE, None, NINE_TO_FIVE),
            [(Days.WEEKDAYS, NINE_TO_FIVE), (Days.SUNDAY, NINE_TO_FIVE)],
        ),
    ],
)
def test_days_of_the_same_hours_are_said_in_one_breath(
    spans: tuple[Span | None, ...], grouped: list[tuple[Days, Span]]
):
    hours = OpeningHours(spans)
    assert hours.grouped() == grouped
    assert read_opening_hours(hours.as_stored()) == hours
    assert bool(hours) is bool(grouped)


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("09:00-17:00", NINE_TO_FIVE),
        (" 9.00 – 17.00 ", NINE_TO_FIVE),
        ("00:00-24:00", ALL_DAY),
        ("17:00-09:00", None),
        ("09:00-09:00", None),
        ("09:61-17:00", None),
        ("09:00-24:30", None),
        ("nine to five", None),
        ("", None),
    ],
)
def test_hours_are_read_as_they_are_written_or_not_at_all(written: str, span: Span | None):
    assert find_span(written) == span
