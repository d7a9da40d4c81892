"""What do staff read about facts that contradict, and rows that were rejected but ask for care?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey_app.domain.file_cells import read_date
from survey_app.domain.file_faults import RowFaultCode
from survey_app.domain.hold_decisions import Choice, choice_for
from survey_app.domain.holds import HoldCause, HoldEnd
from survey_app.reporting.desk_held import HeldFact, HoldsEnd
from survey_app.web.caseworker.case.words import FIELDS, FLAGS
from survey_app.web.shared.formatting import day, instant

CAUSES: dict[str, LazyString] = {
    HoldCause.SEVERAL_NUMBERS: _l("Different numbers are given for one person."),
    HoldCause.SEVERAL_BIRTH_DATES: _l("Different dates of birth are given for one person."),
    HoldCause.BIRTH_DATE_IMPOSSIBLE: _l("The date of birth cannot be right."),
    HoldCause.CHILD_AND_ADULT: _l(
        "The case is flagged as a child's, and the date of birth is an adult's."
    ),
    HoldCause.CARE_UNREADABLE: _l("A file says something about safe contact that cannot be read."),
    HoldCause.ROW_UNREADABLE: _l(
        "A row about this person cannot be read, and it may ask for more care."
    ),
    HoldCause.ROWS_DISAGREE: _l(
        "Rows about one case say different things, so none of them was taken in."
    ),
    HoldCause.CLIENT_CHANGED: _l(
        "A file gives this case to another client, whose number is a different one."
    ),
}

_COLUMNS: dict[str, LazyString] = FIELDS | {
    "do_not_contact": _l("Do not contact"),
    "name_service": _l("A text may name the service"),
    "safe_days": _l("Safe days"),
    "safe_from": _l("Safe from"),
    "safe_until": _l("Safe until"),
}

_WORDS: dict[str, LazyString] = {
    "yes": _l("yes"),
    "no": _l("no"),
    "unknown": _l("not known"),
    "none": _l("none"),
}

_FAULTS: dict[str, LazyString] = {
    RowFaultCode.EMPTY: _l("is empty"),
    RowFaultCode.BROKEN_QUOTES: _l("quotation marks are broken"),
    RowFaultCode.TOO_MANY_CELLS: _l("the row has more cells than the header"),
    RowFaultCode.TOO_LONG: _l("is too long"),
    RowFaultCode.UNPRINTABLE: _l("has characters that cannot be printed"),
    RowFaultCode.UNKNOWN_VALUE: _l("is none of the words that may stand there"),
    RowFaultCode.NONE_AND_MORE: _l("says none, and others beside it"),
    RowFaultCode.NOT_A_DATE: _l("is not a date"),
    RowFaultCode.NO_SUCH_DATE: _l("is a day that does not exist"),
    RowFaultCode.IMPLAUSIBLE_DATE: _l("has a year that cannot be right"),
    RowFaultCode.FUTURE_DATE: _l("is a day that has not come yet"),
    RowFaultCode.NOT_A_TIME: _l("is not a time"),
    RowFaultCode.NOT_AN_INSTANT: _l("is not a day with a time"),
    RowFaultCode.EMPTY_WINDOW: _l("closes when it opens"),
    RowFaultCode.NOT_A_WHOLE_NUMBER: _l("is not a whole number"),
    RowFaultCode.NEGATIVE: _l("is below nought"),
    RowFaultCode.TOO_LARGE: _l("is too large"),
    RowFaultCode.NOT_A_LANGUAGE: _l("is not a language code"),
    RowFaultCode.CLOSED_BEFORE_REFERRAL: _l("is before the referral"),
    RowFaultCode.BORN_AFTER_REFERRAL: _l("is after the referral"),
    RowFaultCode.CASE_TWICE: _l("stands in the file twice"),
    RowFaultCode.ROWS_DISAGREE: _l("rows of this case say different things"),
}


def cause_words(cause: str) -> str:
    """Why somebody is held, as a sentence."""
    return str(CAUSES.get(cause, cause))


def column_words(column: str) -> str:
    """A column of the case file, as people call it."""
    return str(_COLUMNS.get(column, column))


def said_by_files(fact: HeldFact, *, in_full: bool) -> list[tuple[str, str]]:
    """What was said and where it stood, one pair each."""
    evidence = fact.evidence
    choice = choice_for(fact.cause, evidence.column)
    values = values_shown(evidence.values, choice, in_full=in_full)
    if len(values) == len(evidence.lines):
        return [
            (value, place_words([line], evidence.file))
            for value, line in zip(values, evidence.lines, strict=True)
        ]
    where = place_words(evidence.lines, evidence.file)
    return [(value, where) for value in values] or [("", where)] * bool(where)


def values_shown(values: Sequence[str], choice: Choice | None, *, in_full: bool) -> list[str]:
    """Values as staff read them. A number has only its end unless it is to be shown in full."""
    if choice is Choice.DATE_OF_BIRTH:
        return [_day_words(value) for value in values]
    if choice is not Choice.MOBILE or in_full:
        return [value.strip() or _("nothing") for value in values]
    return [_("ends in %(end)s", end=end) for end in ends_of(values)]


def ends_of(values: Sequence[str]) -> list[str]:
    """The last three characters of each, or as many more as it takes to tell them apart."""
    bare = ["".join(char for char in value if not char.isspace()) for value in values]
    longest = max(map(len, bare), default=0)
    for size in range(3, longest):
        if len({value[-size:] for value in bare}) == len(set(bare)):
            return [value[-size:] for value in bare]
    return [value[-3:] for value in bare]


def _day_words(value: str) -> str:
    found = read_date(value.strip())
    return day(found) if isinstance(found, date) else value.strip() or _("nothing")


def place_words(lines: Sequence[int], file: str) -> str:
    """`lines 2 and 3 of cases.csv`, as much of it as is known."""
    if not lines:
        return file
    numbers = _(" and ").join(str(line) for line in lines)
    where = ngettext("line %(lines)s", "lines %(lines)s", len(lines), lines=numbers)
    return _("%(where)s of %(file)s", where=where, file=file) if file else where


def end_words(end: HoldsEnd | None) -> str:
    """How it came that somebody is not held."""
    if end is None:
        return _("Nothing that is known of this person contradicts itself.")
    if end.how == HoldEnd.RELEASED and end.by:
        return _("%(who)s decided on %(at)s.", who=end.by, at=instant(end.at))
    return _("A file cleared it up on %(at)s.", at=instant(end.at))


def fault_list(faults: Sequence[Any]) -> list[str]:
    """Why a row was rejected: `Deliveries is not a whole number`, one each."""
    found = []
    for fault in faults:
        code = str(fault.get("code") or "") if isinstance(fault, Mapping) else str(fault)
        column = str(fault.get("column") or "") if isinstance(fault, Mapping) else ""
        words = str(_FAULTS.get(code, code.replace("-", " ")))
        found.append(f"{column_words(column)}: {words}" if column else words)
    return list(dict.fromkeys(found))


def care_words(words: Mapping[str, Any]) -> list[str]:
    """What a rejected row asks for: `Texts are safe: no`, one each."""
    return [f"{column_words(column)}: {_care_word(word)}" for column, word in words.items()]


def _care_word(word: Any) -> str:
    if isinstance(word, list):
        return ", ".join(_care_word(each) for each in word)
    known = _WORDS | FLAGS
    return ", ".join(str(known.get(each, each)) for each in str(word).split(";"))


def evidence_title(fact: HeldFact) -> str:
    """The column that it is about, where that says more than the cause does."""
    column = fact.evidence.column
    return "" if choice_for(fact.cause, "") is not None else column and column_words(column)
