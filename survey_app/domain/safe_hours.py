"""When may someone be contacted: inside which hours of which days, and when do they open next?

Hours are wall-clock hours in Europe/London (DOMAIN.md, safety rule 2): a person's own, inside the
service's. Hours that end before they begin run over midnight and belong to the day they begin on.
A service may leave bank holidays out: neither such a day nor a night that begins on it is open.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from survey_app.domain.bank_holidays import is_bank_holiday
from survey_app.domain.cases import Weekday

LONDON = ZoneInfo("Europe/London")
_WEEK = tuple(Weekday)
_MIDNIGHT = time(0)
_CLOCKS_CHANGE_AT = time(1)
"""In UTC, spring and autumn (The Summer Time Order 2002)."""
_SEARCH_DAYS = 31
"""Of hours open once a week, one may fall into the hour that spring leaves out and two on bank
holidays: Christmas Day and New Year's Day are the same day of the week."""


@dataclass(frozen=True)
class SafeHours:
    """Hours of some days. `days` None is every day; `opens` and `closes` None the day's own ends.

    `closes` is the first minute that is outside. Hours that close when they open are never open:
    somebody who means "any time" leaves both blank.
    """

    days: tuple[Weekday, ...] | None = None
    opens: time | None = None
    closes: time | None = None
    skips_bank_holidays: bool = False

    @property
    def first_minute(self) -> time:
        """The wall-clock time at which a day's hours begin."""
        return self.opens or _MIDNIGHT

    @property
    def is_over_midnight(self) -> bool:
        """Whether the hours of a day reach into the next one."""
        return self.closes is not None and _MIDNIGHT < self.closes < self.first_minute

    def are_open_at(self, now: datetime) -> bool:
        """Whether an instant lies inside; in the hour that autumn repeats, both times count."""
        local = now.astimezone(LONDON)
        at = local.time()
        if self._are_left_out(local.date()):
            return False
        if self.is_over_midnight and self.closes is not None and at < self.closes:
            return self._are_on(local.date() - timedelta(days=1))
        return self._are_on(local.date()) and self._have_begun_and_last(at)

    def openings_on(self, day: date) -> set[datetime]:
        """When the hours of a London day begin, were they kept that day: twice in autumn's hour."""
        first = datetime.combine(day, self.first_minute, LONDON)
        return {first.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}

    def _are_on(self, day: date) -> bool:
        is_named = self.days is None or _WEEK[day.weekday()] in self.days
        return is_named and not self._are_left_out(day)

    def _are_left_out(self, day: date) -> bool:
        return self.skips_bank_holidays and is_bank_holiday(day)

    def _have_begun_and_last(self, at: time) -> bool:
        if at < self.first_minute:
            return False
        if self.closes is None or self.is_over_midnight:
            return True
        if self.closes == _MIDNIGHT:
            return self.opens is not None and self.opens != _MIDNIGHT
        return at < self.closes


def are_all_open_at(hours: tuple[SafeHours, ...], now: datetime) -> bool:
    """Whether an instant lies inside every one of these hours."""
    return all(each.are_open_at(now) for each in hours)


def next_opening(hours: tuple[SafeHours, ...], not_before: datetime) -> datetime | None:
    """The first instant from `not_before` on that lies inside all these hours, if one does."""
    if are_all_open_at(hours, not_before):
        return not_before
    return next(
        (at for at in _openings(hours, not_before) if are_all_open_at(hours, at)),
        None,
    )


def _openings(hours: tuple[SafeHours, ...], after: datetime) -> Iterator[datetime]:
    """Every instant at which some hours may begin, in order: their openings and clock changes."""
    first = after.astimezone(LONDON).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(_SEARCH_DAYS)):
        found = {at for each in hours for at in each.openings_on(day)}
        # Hours of the day before end at midnight unless they run over it: a new weekday is a start.
        found.add(datetime.combine(day, _MIDNIGHT, LONDON).astimezone(UTC))
        found.add(datetime.combine(day, _CLOCKS_CHANGE_AT, UTC))
        yield from sorted(at for at in found if at > after)


_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = len(_WEEK) * _DAY_MINUTES


@lru_cache(maxsize=512)
def open_minutes(hours: SafeHours) -> int:
    """The minutes of a usual week that hours are open, as bits from Monday 00:00 on: sets to
    compare."""
    found = 0
    for number, day in enumerate(_WEEK):
        if hours.days is None or day in hours.days:
            found |= _minutes_of_a_day(hours) << (number * _DAY_MINUTES)
    # Hours that run over midnight on Sunday end on Monday.
    return (found | (found >> _WEEK_MINUTES)) & ((1 << _WEEK_MINUTES) - 1)


def _minutes_of_a_day(hours: SafeHours) -> int:
    first = _minute(hours.first_minute)
    last = _DAY_MINUTES if hours.closes is None else _minute(hours.closes)
    if hours.is_over_midnight or (last == 0 and first > 0):
        last += _DAY_MINUTES
    return ((1 << max(last - first, 0)) - 1) << first


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
