"""Which value does one cell of an imported file hold, or what is wrong with it?

Each reader takes a trimmed, non-empty cell and returns its value or a `Flaw`. Words of a fixed list
are read in any case, since spreadsheets capitalise; dates have two forms only (FORMATS.md).
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from survey_app.domain.cases import Flag, Weekday
from survey_app.domain.file_faults import Flaw, RowFaultCode
from survey_app.domain.missing_words import Missing, find_missing

LONDON: Final = ZoneInfo("Europe/London")
"""What has no zone is a London time (DESIGN.md, "Time")."""

NO_FLAGS: Final = "none"
"""What stands in `flags` where there are none: an empty cell is not the same."""

NO_VALUES: Final[frozenset[str]] = frozenset()

PLAUSIBLE_YEARS: Final = range(1900, 2101)
LARGEST_COUNT: Final = 100_000

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_BRITISH = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_CLOCK = re.compile(
    r"(?P<day>\S{10})[T ](?P<clock>\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)"
    r" ?(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_MINUTE = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(-[a-z]{3}){0,3}(-(?P<script>[a-z]{4}))?"
    r"(-(?P<region>[a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*(-[a-wyz\d](-[a-z\d]{2,8})+)*"
    r"(-x(-[a-z\d]{1,8})+)?",
    re.ASCII | re.IGNORECASE,
)

_FLAGS: Final[frozenset[str]] = frozenset(Flag)
_WEEKDAYS: Final[frozenset[str]] = frozenset(Weekday)

Word = TypeVar("Word", bound=StrEnum)


class Moment(NamedTuple):
    """A London day, and the instant (UTC) where the file gave one."""

    on: date
    at: datetime | None


def read_date(cell: str, *, any_year: bool = False) -> date | Flaw:
    """A day written `YYYY-MM-DD` or `DD/MM/YYYY`; in a plausible year, unless any will do."""
    iso, british = _ISO.fullmatch(cell), _BRITISH.fullmatch(cell)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif british:
        day, month, year = (int(part) for part in british.groups())
    else:
        return Flaw(RowFaultCode.NOT_A_DATE)
    if year not in PLAUSIBLE_YEARS and not any_year:
        return Flaw(RowFaultCode.IMPLAUSIBLE_DATE)
    try:
        return date(year, month, day)
    except ValueError:
        return Flaw(RowFaultCode.NO_SUCH_DATE)


def read_moment(cell: str) -> Moment | Flaw:
    """A day, or an instant: a day of either form, `T` or a space, `HH:MM[:SS]`, perhaps a zone.

    Without a zone it is London time; an hour that the clocks skip or repeat is read by the offset
    before the change.
    """
    clock = _CLOCK.fullmatch(cell)
    if clock is None:
        day = read_date(cell)
        return day if isinstance(day, Flaw) else Moment(day, None)
    day = read_date(clock["day"])
    if isinstance(day, Flaw):
        return day
    try:
        written = time.fromisoformat(clock["clock"])
        zone = datetime.fromisoformat(f"{day}T00:00{_zone(clock['zone'])}").tzinfo
    except ValueError:
        return Flaw(RowFaultCode.NOT_AN_INSTANT)
    at = datetime.combine(day, written, tzinfo=zone or LONDON).astimezone(UTC)
    return Moment(at.astimezone(LONDON).date(), at)


def _zone(written: str | None) -> str:
    return (written or "").upper().replace("Z", "+00:00")


def read_instant(cell: str) -> datetime | Flaw:
    """An instant (UTC); a day alone is none."""
    moment = read_moment(cell)
    if isinstance(moment, Flaw):
        return Flaw(RowFaultCode.NOT_AN_INSTANT)
    return moment.at or Flaw(RowFaultCode.NOT_AN_INSTANT)


def read_minute(cell: str) -> time | Flaw:
    """A time of day written `HH:MM`."""
    if not _MINUTE.fullmatch(cell):
        return Flaw(RowFaultCode.NOT_A_TIME)
    return time.fromisoformat(cell)


def read_count(cell: str) -> int | Flaw:
    """A whole number from 0."""
    if not _WHOLE.fullmatch(cell):
        return Flaw(RowFaultCode.NOT_A_WHOLE_NUMBER)
    count = int(cell)
    if count < 0:
        return Flaw(RowFaultCode.NEGATIVE)
    return Flaw(RowFaultCode.TOO_LARGE, str(LARGEST_COUNT)) if count > LARGEST_COUNT else count


def read_word(cell: str, words: type[Word]) -> Word | Flaw:
    """One word of a fixed list."""
    try:
        return words(cell.casefold())
    except ValueError:
        return Flaw(RowFaultCode.UNKNOWN_VALUE, " ".join(words))


def read_flags(cell: str) -> str | Flaw:
    """`none`, or flags separated by `;`: as stored, sorted and each once."""
    words = _listed(cell)
    if NO_FLAGS in words:
        return NO_FLAGS if words == {NO_FLAGS} else Flaw(RowFaultCode.NONE_AND_MORE)
    if not words or not words <= _FLAGS:
        return Flaw(RowFaultCode.UNKNOWN_VALUE, " ".join((NO_FLAGS, *Flag)))
    return ";".join(sorted(words))


def read_days(cell: str) -> str | Flaw:
    """Weekdays separated by `;`: as stored, Monday first and each once."""
    words = _listed(cell)
    if not words or not words <= _WEEKDAYS:
        return Flaw(RowFaultCode.UNKNOWN_VALUE, " ".join(Weekday))
    return ";".join(day for day in Weekday if day in words)


def _listed(cell: str) -> set[str]:
    parts: Iterable[str] = (part.strip().casefold() for part in cell.split(";"))
    return {part for part in parts if part}


def read_language(cell: str) -> str | Flaw:
    """A BCP 47 tag (its form, not its registry), in the usual case: `en`, `zh-Hant`, `pt-BR`."""
    found = _LANGUAGE.fullmatch(cell)
    if found is None:
        return Flaw(RowFaultCode.NOT_A_LANGUAGE)
    first, *rest = cell.split("-")
    return "-".join((first.lower(), *(_subtag_case(part, found) for part in rest)))


def _subtag_case(part: str, found: re.Match[str]) -> str:
    if part == found["script"]:
        return part.title()
    return part.upper() if part == found["region"] else part.lower()


def read_text(cell: str, limit: int) -> str | Flaw:
    """Text of at most `limit` characters without control characters but line ends and tabs."""
    if len(cell) > limit:
        return Flaw(RowFaultCode.TOO_LONG, str(limit))
    if not cell.isprintable() and any(_is_control(char) for char in cell):
        return Flaw(RowFaultCode.UNPRINTABLE)
    return cell


def _is_control(char: str) -> bool:
    return char not in "\r\n\t" and unicodedata.category(char) == "Cc"


def read_said_text(
    cell: str, limit: int, values: frozenset[str] = NO_VALUES, declined: frozenset[str] = NO_VALUES
) -> str | Flaw | None:
    """Text, or the word for why there is none; None for the words that say nothing at all.

    `values` are words for nothing that are values in this column, `declined` codes for that word;
    both in lower case.
    """
    word = cell.casefold()
    missing = None if word in values else find_missing(cell)
    if word in declined:
        missing = Missing.DECLINED
    if missing is None:
        return read_text(cell, limit)
    return None if missing is Missing.NOT_RECORDED else missing.value


def read_text_or_nothing(cell: str, limit: int) -> str | Flaw | None:
    """Text in which only the words that say nothing at all are nothing: a name, a code, a story."""
    nothing = find_missing(cell) is Missing.NOT_RECORDED
    return None if nothing else read_text(cell, limit)
