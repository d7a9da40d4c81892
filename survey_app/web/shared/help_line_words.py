"""How is a help line said in the language of the page: its name, and when it answers?"""

from dataclasses import replace

from flask_babel import gettext

from survey_app.domain.help_lines import HelpLine
from survey_app.domain.languages import ENGLISH
from survey_app.domain.opening_hours import ALL_DAY, Days, OpeningHours, Span
from survey_app.web.shared.numbers_in_order import numbers_in_order
from survey_app.web.shared.page_language import page_catalogue, page_tag


def as_shown(line: HelpLine) -> HelpLine:
    """The line with a name where its service has none in this language, and with its hours."""
    hours = numbers_in_order(line.hours) or spoken_hours(line.opens)
    return replace(line, name=line.name or gettext("Help line"), hours=hours)


def spoken_hours(opens: OpeningHours) -> str:
    """When it answers, as "Monday to Friday, 9am to 5pm; Saturday, 10am to 2pm"; else blank."""
    semicolon = "; " if page_catalogue().language.direction == "ltr" else "\N{ARABIC SEMICOLON} "
    return semicolon.join(_spoken(days, span) for days, span in opens.grouped())


def _spoken(days: Days, span: Span) -> str:
    if span == ALL_DAY:
        return gettext("%(days)s, day and night", days=_days()[days])
    start, end = map(_time, span)
    return gettext("%(days)s, %(start)s to %(end)s", days=_days()[days], start=start, end=end)


def _time(time: str) -> str:
    """As the page's readers write it; the clock of 24 hours is read in every language."""
    if page_tag() != ENGLISH.tag:
        return time
    hour, minute = int(time[:2]) % 24, time[3:]
    if minute == "00" and hour in {0, 12}:
        return "midday" if hour else "midnight"
    past = "" if minute == "00" else f":{minute}"
    return f"{hour % 12 or 12}{past}{'pm' if hour > 11 else 'am'}"


def _days() -> dict[Days, str]:
    return {
        Days.EVERY_DAY: gettext("every day"),
        Days.WEEKDAYS: gettext("Monday to Friday"),
        Days.MONDAY_TO_SATURDAY: gettext("Monday to Saturday"),
        Days.WEEKEND: gettext("Saturday and Sunday"),
        Days.SATURDAY: gettext("Saturday"),
        Days.SUNDAY: gettext("Sunday"),
    }
