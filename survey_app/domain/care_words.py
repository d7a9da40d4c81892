"""What does one care cell say, read alone and with every word that systems write for it?

FORMATS-INTAKE.md, section 2 ("Values"). What is read here never lands: the strict readers of
`case_file` say what may. It is only heard, so that a cell that the strict ones refuse, or that
stands in a refused row, still asks for care. A reader takes a cell in key form that is not empty.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from typing import Any, Final, NamedTuple

from survey_app.domain.cases import ClosureReason, Flag, Recorded, Weekday
from survey_app.domain.file_cells import NO_FLAGS, read_date
from survey_app.domain.file_faults import Flaw
from survey_app.domain.missing_words import Missing, find_missing
from survey_app.domain.plain_text import folded


class CareWord(NamedTuple):
    """What one care cell says: a value, nothing, or something that nobody can read.

    A list of flags may do two of these at once.
    """

    said: Any = None
    is_unreadable: bool = False


NOTHING: Final = CareWord()
UNREADABLE: Final = CareWord(is_unreadable=True)

CareReader = Callable[[str], CareWord]

_YES: Final = frozenset(("yes", "y", "true", "t", "1", "1.0", "ok", "agreed"))
_NO: Final = frozenset(("no", "n", "false", "f", "0", "0.0"))
_REFUSED: Final = frozenset(("refused", "declined"))
_DOUBT: Final = frozenset(("u",))


def care_permission(cell: str) -> CareWord:
    """A yes/no cell of consent or safety: `refused` is a no."""
    word = folded(cell)
    if word in _YES:
        return CareWord(Recorded.YES)
    if word in _NO or word in _REFUSED:
        return CareWord(Recorded.NO)
    return _missing_word(cell, word)


def care_do_not_contact(cell: str) -> CareWord:
    """The same of `do_not_contact`: `refused` is a yes, and no word for nothing unsets it."""
    word = folded(cell)
    if word in _YES or word in _REFUSED:
        return CareWord(Recorded.YES)
    if word in _NO:
        return CareWord(Recorded.NO)
    is_doubt = word in _DOUBT or find_missing(cell) is not None
    return CareWord(Recorded.UNKNOWN) if is_doubt else UNREADABLE


def _missing_word(cell: str, word: str) -> CareWord:
    missing = Missing.UNKNOWN if word in _DOUBT else find_missing(cell)
    if missing is None:
        return UNREADABLE
    is_doubt = missing in (Missing.UNKNOWN, Missing.DECLINED)
    return CareWord(Recorded.UNKNOWN) if is_doubt else NOTHING


_FLAG_WORDS: Final[Mapping[Flag, tuple[str, ...]]] = {
    Flag.DOMESTIC_ABUSE: ("da", "dv", "domestic abuse", "domestic violence"),
    Flag.SEXUAL_VIOLENCE: ("sv", "sexual violence", "sexual offence", "rape"),
    Flag.STALKING: ("stalking", "harassment"),
    Flag.HATE_CRIME: ("hc", "hate crime", "hate incident"),
    Flag.HOMICIDE: ("homicide", "murder", "manslaughter"),
    Flag.HIGH_RISK: ("hr", "high risk", "marac"),
    Flag.VULNERABLE: ("vulnerable",),
    Flag.CHILD: ("child", "under 18", "cyp", "minor"),
    Flag.BEREAVED: ("bereaved",),
}
_FLAGS: Final = {word: flag for flag, words in _FLAG_WORDS.items() for word in words}
_NO_FLAGS: Final = frozenset((NO_FLAGS, "no flags", "no markers", "no", "n", "0"))


def care_flags(cell: str) -> CareWord:
    """Flags as stored; `none` beside a flag is no word at all, and a strange word hides none."""
    words = [part.strip() for part in re.split("[;,|/]", cell) if part.strip()]
    if find_missing(cell) not in (None, Missing.NOT_RECORDED):
        return NOTHING
    flags = {_FLAGS[folded(word)] for word in words if folded(word) in _FLAGS}
    strange = [word for word in words if not _is_flag_word(word)]
    if flags:
        return CareWord(";".join(sorted(flags)), bool(strange))
    if strange:
        return UNREADABLE
    return CareWord(NO_FLAGS) if any(folded(word) in _NO_FLAGS for word in words) else NOTHING


def _is_flag_word(word: str) -> bool:
    known = folded(word)
    return known in _FLAGS or known in _NO_FLAGS or find_missing(word) is not None


def care_days(cell: str) -> CareWord:
    """Weekdays, by their first three letters or in full."""
    if find_missing(cell) is not None:
        return NOTHING
    found = [_day(part) for part in re.split(r"[;,|/\s]+", cell) if part]
    if None in found or not found:
        return UNREADABLE
    return CareWord(";".join(day for day in Weekday if day in found))


_FULL_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS: Final = {
    word: day for day, full in zip(Weekday, _FULL_DAYS, strict=True) for word in (day.value, full)
}


def _day(part: str) -> Weekday | None:
    return _DAYS.get(folded(part))


_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)([:.]00)?", re.ASCII)


def care_minute(cell: str) -> CareWord:
    """A time of day, also as `9:00` or `09:00:00`."""
    if find_missing(cell) is not None:
        return NOTHING
    clock = _CLOCK.fullmatch(cell)
    try:
        return (
            UNREADABLE
            if clock is None
            else CareWord(time(int(clock["hour"]), int(clock["minute"])))
        )
    except ValueError:
        return UNREADABLE


def care_text(cell: str) -> CareWord:
    """A text, such as a number as typed or a category; a word for nothing says nothing."""
    return NOTHING if find_missing(cell) is not None else CareWord(cell)


def care_birth(cell: str) -> CareWord:
    """A birth date; a placeholder for one says nothing."""
    if find_missing(cell) is not None or is_placeholder_birth(cell):
        return NOTHING
    born = read_date(cell, any_year=True)
    return UNREADABLE if isinstance(born, Flaw) else CareWord(born)


def care_closing(cell: str) -> CareWord:
    """Whether the case was transferred: of the reasons for closing only that asks for care."""
    return CareWord(ClosureReason.TRANSFERRED) if folded(cell).startswith("transfer") else NOTHING


_PLACEHOLDER_BIRTHS: Final = frozenset(
    (
        *(date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)),
        *(date(1901, 1, 1), date(1, 1, 1), date(9999, 12, 31)),
    )
)
"""What databases and spreadsheets hold where nobody gave a birth date."""


def is_placeholder_birth(cell: str) -> bool:
    """Whether a cell holds a date that stands for no birth date."""
    born = read_date(cell, any_year=True)
    return not isinstance(born, Flaw) and born in _PLACEHOLDER_BIRTHS


_NO_IS_CAREFUL: Final = (Recorded.NO, Recorded.UNKNOWN, Recorded.YES)
_YES_IS_CAREFUL: Final = (Recorded.YES, Recorded.UNKNOWN, Recorded.NO)


def by_care(column: str) -> tuple[Recorded, Recorded, Recorded]:
    """The words of a yes/no column, the most careful first."""
    return _YES_IS_CAREFUL if column == "do_not_contact" else _NO_IS_CAREFUL


def most_careful(column: str, words: Iterable[Recorded | None]) -> Recorded | None:
    """The most careful word of those that were said; None when none was."""
    return min((word for word in words if word), key=by_care(column).index, default=None)
