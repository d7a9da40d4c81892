"""When is so much working time over? An office's: Monday to Friday, 09:00 to 17:00 in London.

Bank holidays are none of it. What counts in working hours is promised by people at their desks;
texts to people have hours of their own (`domain.safe_hours`).
"""

from datetime import UTC, datetime, time, timedelta

from survey_app.domain.bank_holidays import is_bank_holiday
from survey_app.domain.safe_hours import LONDON

OPENS, CLOSES = time(9), time(17)
_SATURDAY = 5
_DAY = timedelta(days=1)


def after_working_hours(start: datetime, hours: int) -> datetime:
    """The instant at which `hours` of working time have passed since `start`, in UTC."""
    left = timedelta(hours=hours)
    day = start.astimezone(LONDON).date()
    while True:
        if day.weekday() < _SATURDAY and not is_bank_holiday(day):
            opens, closes = (
                datetime.combine(day, at, LONDON).astimezone(UTC) for at in (OPENS, CLOSES)
            )
            begins = max(opens, start.astimezone(UTC))
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta())
        day += _DAY
