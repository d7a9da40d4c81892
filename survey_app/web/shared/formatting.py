"""How are days, instants, counts and shares written for people?

Days are days in London. A share is shown in whole per cent, half up, always with its base
(DOMAIN.md, "Every percentage"); suppressed is `[c]`; a zero base is "no data", never 0 %.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import format_date, format_number, gettext, ngettext

from survey_app.domain.periods import LONDON, PeriodRefusal, parse
from survey_app.domain.statistics import SUPPRESSED, Rate, whole_percent


def day(value: date) -> str:
    """`18 November 2026`."""
    return str(format_date(value, "d MMMM yyyy"))


def instant(value: datetime) -> str:
    """`18 November 2026, 12:00`, London time."""
    local = value.astimezone(LONDON)
    return f"{day(local.date())}, {local:%H:%M}"


def quarter_label(code: str) -> str:
    """`2018-Q1` as `Q1 2018/19`; anything else as it stands."""
    quarter = parse(code)
    return code if isinstance(quarter, PeriodRefusal) else quarter.label


def due(due_at: datetime, now: datetime) -> str:
    """`due in 5 hours`, `2 days overdue`: how long is left, rounded down."""
    left = abs(due_at - now)
    span = _days(left.days) if left >= timedelta(days=1) else _hours(left.seconds // 3600)
    if due_at < now:
        return gettext("%(span)s overdue", span=span)
    return gettext("due in %(span)s", span=span)


def _days(n: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", n)


def _hours(n: int) -> str:
    if n == 0:
        return gettext("less than an hour")
    return ngettext("%(num)s hour", "%(num)s hours", n)


def count(value: int | str | None) -> str:
    """A count with separators, `[c]`, or "no data"."""
    if value is None:
        return gettext("no data")
    return value if isinstance(value, str) else str(format_number(value))


def share(rate: Mapping[str, Any] | None) -> str:
    """A RATE (FORMATS.md) as `74 % (74 of 100, likely 65 to 82 %)`."""
    if rate is None:
        return gettext("not applicable")
    if rate["suppressed"]:
        return SUPPRESSED
    if not rate["denominator"]:
        return gettext("no data")
    return gettext(
        "%(percent)s %% (%(numerator)s of %(base)s, likely %(interval)s)",
        percent=whole_percent(rate["numerator"], rate["denominator"]),
        numerator=count(rate["numerator"]),
        base=count(rate["denominator"]),
        interval=interval(rate),
    )


def short_share(rate: Mapping[str, Any]) -> str:
    """A RATE as `74 % of 100`, for where its interval is drawn."""
    if rate["suppressed"] or not rate["denominator"]:
        return share(rate)
    return gettext(
        "%(percent)s %% of %(base)s",
        percent=whole_percent(rate["numerator"], rate["denominator"]),
        base=count(rate["denominator"]),
    )


def whole_share(rate: Rate) -> str:
    """A share of the domain's own as `74 %`; "no data" with a zero base."""
    percent = whole_percent(rate.numerator or 0, rate.denominator or 0)
    if percent is None:
        return gettext("no data")
    return gettext("%(percent)s %%", percent=percent)


def interval(rate: Mapping[str, Any]) -> str:
    """The 95 % interval as `65 to 82 %`; empty where there is none to show."""
    if rate["suppressed"] or not rate["denominator"]:
        return ""
    return gettext("%(low)s to %(high)s %%", low=_whole(rate["low"]), high=_whole(rate["high"]))


def _whole(bound: float) -> int:
    """A bound of one place in whole per cent, half up."""
    return (round(bound * 10) + 5) // 10
