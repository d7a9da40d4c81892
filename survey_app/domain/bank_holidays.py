"""Which days are bank holidays in England and Wales?

The rules of the Banking and Financial Dealings Act 1971 (schedule 1) and the days that have been
proclaimed under it since, as GOV.UK lists them. A holiday at a weekend has a substitute on the next
working day; both days count here, for nobody wants a text from us on Christmas Day.

A day that is proclaimed later is added to the tables below
(docs/decisions/bank-holidays-are-computed.md).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

FIRST_YEAR = 2000
"""Earlier years had other days."""

_MOVED = {
    date(2002, 5, 27): date(2002, 6, 4),
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
"""Days that were moved once: for jubilees, and for the end of a war 75 years before."""

_PROCLAIMED = frozenset(
    {
        date(2002, 6, 3),
        date(2011, 4, 29),
        date(2012, 6, 5),
        date(2022, 6, 3),
        date(2022, 9, 19),
        date(2023, 5, 8),
    }
)
"""Days that were held once: jubilees, a wedding, a funeral, a coronation."""

_MONDAY, _SATURDAY = 0, 5
_WEEK = timedelta(days=7)


def is_bank_holiday(day: date) -> bool:
    """Whether a London day is a bank holiday, or the weekend day that one stands for."""
    return day in bank_holidays(day.year)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of a year; none before `FIRST_YEAR`."""
    if year < FIRST_YEAR:
        return frozenset()
    easter = easter_sunday(year)
    usual = {
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 6, 1)) - _WEEK,
        _monday_from(date(year, 9, 1)) - _WEEK,
        *_with_substitutes((date(year, 1, 1),)),
        *_with_substitutes((date(year, 12, 25), date(year, 12, 26))),
    }
    proclaimed = {day for day in _PROCLAIMED if day.year == year}
    return frozenset({_MOVED.get(day, day) for day in usual} | proclaimed)


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar (the anonymous algorithm of 1876; Meeus, chapter 8)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - shift + 15) % 30
    quarter, left = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * quarter - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, before = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, before + 1)


def _monday_from(day: date) -> date:
    """The first Monday on or after a day."""
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _with_substitutes(days: tuple[date, ...]) -> Iterator[date]:
    """Days that follow each other, and a working day after them for each at a weekend."""
    yield from days
    substitute = days[-1]
    for day in days:
        if day.weekday() < _SATURDAY:
            continue
        substitute += timedelta(days=1)
        while substitute.weekday() >= _SATURDAY:
            substitute += timedelta(days=1)
        yield substitute
