"""Which quarter does a day fall in, and how is a quarter written (DOMAIN.md, "quarter")?

Quarters are those of the UK financial year, so January to March 2019 is `2018-Q4`. A day is a day
in Europe/London; instants are stored in UTC and turned into days here, in one place.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

FIRST_YEAR = 1900
LAST_YEAR = 2199

LONGEST = 40
"""Quarters in a span: ten years."""

_BETWEEN = ".."
_WRITTEN = re.compile(r"([0-9]{4})-Q([0-9])")
_FIRST_MONTHS = {1: 4, 2: 7, 3: 10, 4: 1}
_QUARTER_OF_MONTH = {4: 1, 5: 1, 6: 1, 7: 2, 8: 2, 9: 2, 10: 3, 11: 3, 12: 3, 1: 4, 2: 4, 3: 4}


class PeriodRefusal(StrEnum):
    """Why a written period is none."""

    WRONG_FORM = "wrong-form"
    NO_SUCH_QUARTER = "no-such-quarter"
    YEAR_OUT_OF_RANGE = "year-out-of-range"
    BACKWARDS = "backwards"
    TOO_LONG = "too-long"


class NoSuchQuarterError(ValueError):
    """A quarter was built from numbers that name none: the caller's fault, not the typist's."""


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of the financial year that begins in April of `year`; sorts by time."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in _FIRST_MONTHS or not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise NoSuchQuarterError(f"{self.year}-Q{self.number}")

    @property
    def code(self) -> str:
        """As written in commands, addresses and files: `2018-Q1`."""
        return f"{self.year}-Q{self.number}"

    @property
    def label(self) -> str:
        """As shown to people: `Q1 2018/19`. A name, not a sentence, so it is not translated."""
        return f"Q{self.number} {self.year}/{(self.year + 1) % 100:02d}"

    @property
    def starts_on(self) -> date:
        """The first day."""
        return date(self.year + (self.number == 4), _FIRST_MONTHS[self.number], 1)

    @property
    def ends_on(self) -> date:
        """The last day, still inside."""
        month = _FIRST_MONTHS[self.number] + 3
        year = self.starts_on.year + (month > 12)
        return date(year, (month - 1) % 12 + 1, 1) - timedelta(days=1)

    @property
    def starts_at(self) -> datetime:
        """The first instant, in UTC: midnight in London as the quarter begins."""
        return _london_midnight(self.starts_on)

    @property
    def ends_before(self) -> datetime:
        """The first instant, in UTC, that is no longer inside."""
        return _london_midnight(self.ends_on + timedelta(days=1))

    @property
    def months(self) -> tuple[str, ...]:
        """Its three months, as `2018-04`."""
        first = self.starts_on
        return tuple(f"{first.year}-{first.month + n:02d}" for n in range(3))

    @property
    def previous(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def next(self) -> "Quarter":
        """The quarter after."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Span:
    """Several quarters in a row, from `first` to `last`, both inside."""

    first: Quarter
    last: Quarter

    def __post_init__(self) -> None:
        if self.last <= self.first:
            raise NoSuchQuarterError(self.code)

    @property
    def code(self) -> str:
        """As written in commands and addresses: `2018-Q1..2018-Q4`."""
        return f"{self.first.code}{_BETWEEN}{self.last.code}"

    @property
    def label(self) -> str:
        """As shown to people: `Q1 2018/19 – Q4 2018/19`. A name, so it is not translated."""
        return f"{self.first.label} – {self.last.label}"

    @property
    def starts_on(self) -> date:
        """The first day."""
        return self.first.starts_on

    @property
    def ends_on(self) -> date:
        """The last day, still inside."""
        return self.last.ends_on

    @property
    def starts_at(self) -> datetime:
        """The first instant, in UTC."""
        return self.first.starts_at

    @property
    def ends_before(self) -> datetime:
        """The first instant, in UTC, that is no longer inside."""
        return self.last.ends_before

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Every quarter of it, the oldest first."""
        found = [self.first]
        while found[-1] < self.last:
            found.append(found[-1].next)
        return tuple(found)

    @property
    def previous(self) -> "Span":
        """As many quarters, right before."""
        last = self.first.previous
        return Span(back(last, len(self.quarters) - 1), last)

    @property
    def next(self) -> "Span":
        """As many quarters, right after."""
        first = last = self.last.next
        for _ in self.quarters[1:]:
            last = last.next
        return Span(first, last)


Period: TypeAlias = Quarter | Span
"""What a report may be about."""


def back(quarter: Quarter, quarters: int) -> Quarter:
    """The quarter so many quarters before."""
    for _ in range(quarters):
        quarter = quarter.previous
    return quarter


def quarters_of(period: Period) -> tuple[Quarter, ...]:
    """The quarters that a period is made of, the oldest first."""
    return period.quarters if isinstance(period, Span) else (period,)


def months_of(period: Period) -> tuple[str, ...]:
    """The months that a period is made of, as `2018-04`, the oldest first."""
    return tuple(month for quarter in quarters_of(period) for month in quarter.months)


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of a month written as `2018-04`."""
    first = date.fromisoformat(f"{month}-01")
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)


def parse_period(written: str) -> Period | PeriodRefusal:
    """The quarter or span that a person wrote as `2018-Q1` or `2018-Q1..2018-Q4`, or why not."""
    start, between, end = written.partition(_BETWEEN)
    first = parse(start)
    last = parse(end) if between else first
    if isinstance(first, PeriodRefusal):
        return first
    if isinstance(last, PeriodRefusal):
        return last
    if last < first:
        return PeriodRefusal.BACKWARDS
    if first == last:
        return first
    span = Span(first, last)
    return span if len(span.quarters) <= LONGEST else PeriodRefusal.TOO_LONG


def parse(written: str) -> Quarter | PeriodRefusal:
    """The quarter that a person wrote as `2018-Q1`, or why it is none."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return PeriodRefusal.WRONG_FORM
    year, number = int(found[1]), int(found[2])
    if number not in _FIRST_MONTHS:
        return PeriodRefusal.NO_SUCH_QUARTER
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return PeriodRefusal.YEAR_OUT_OF_RANGE
    return Quarter(year, number)


def quarter_of(day: date) -> Quarter:
    """The quarter that a London day falls in."""
    number = _QUARTER_OF_MONTH[day.month]
    return Quarter(day.year - (number == 4), number)


def london_day(instant: datetime) -> date:
    """The day it is in London at an instant. An instant without a zone is a fault of the caller."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone to have a day")
    return instant.astimezone(LONDON).date()


def _london_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
