"""Bank holidays of England and Wales: as published, with substitutes, and Easter."""

from datetime import date

import pytest

from survey_app.domain.bank_holidays import bank_holidays, easter_sunday, is_bank_holiday

PUBLISHED = {
    2012: "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
"""What GOV.UK published for England and Wales, year by year: working days alone."""


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_working_days_are_those_that_were_published(year: int):
    found = sorted(day for day in bank_holidays(year) if day.weekday() < 5)
    assert " ".join(f"{day:%m-%d}" for day in found) == PUBLISHED[year]


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (date(2021, 12, 25), True),  # a Saturday, with Monday in its place
        (date(2021, 12, 26), True),  # a Sunday, with Tuesday in its place
        (date(2022, 12, 25), True),  # a Sunday, with Tuesday: Monday is Boxing Day
        (date(2026, 12, 27), False),  # the Sunday between Boxing Day and its substitute
        (date(2022, 5, 30), False),  # moved to June that year
        (date(2026, 11, 18), False),
        (date(1999, 12, 25), False),  # before the table begins
    ],
)
def test_a_weekend_holiday_counts_as_well_as_its_substitute(day: date, is_one: bool):
    assert is_bank_holiday(day) is is_one


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (2008, date(2008, 3, 23)),
        (2011, date(2011, 4, 24)),
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2038, date(2038, 4, 25)),
        (2049, date(2049, 4, 18)),
        (2076, date(2076, 4, 19)),
    ],
)
def test_easter_is_where_the_almanac_has_it(year: int, easter: date):
    assert easter_sunday(year) == easter


def test_every_year_of_a_century_has_eight_to_ten_on_working_days():
    for year in range(2000, 2100):
        assert 8 <= sum(day.weekday() < 5 for day in bank_holidays(year)) <= 10, year
