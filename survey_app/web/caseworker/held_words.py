"""What do staff read about facts that contradict, and rows that were rejected but ask for care?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey_app.domain.file_cells import read_date
from survey_app.domain.file_faults import RowFaultCode
from survey_app.domain.hold_decisions import Choice, kind_of_values
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
    "many-cases": _l("More cases than one person has stand under one client reference."),
}

_COLUMNS: dict[str, LazyString] = FIELDS | {
    "do_not_contact": _l("Do not contact"),
    "name_service": _l("A text may name the service"),
    "safe_days": _l("Safe days"),
    "safe_from": _l("Safe from"),
    "safe_until": _l("Safe until"),
    "closure_reason": _l("Reason for closing"),
}

_E164 = re.compile(r"\+44(\d{4})(\d{6})", re.ASCII)

_WORDS: dict[str, LazyString] = {
    "yes": _l("yes"),
    "no": _l("no"),
    "unknown": _l("not known"),
    "none": _l("none"),
    "unreadable": _l("cannot be read"),
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


@dataclass(frozen=True)
class Said:
    """What files said in one contradiction, as far as whoever looks may see it."""

    about: str
    """The columns, where the cause does not say what it is about."""
    values: tuple[str, ...]
    place: str
    """Lines and file; empty where neither is known."""


def said_by_files(fact: HeldFact, *, in_full: bool) -> Said:
    """Without `in_full` numbers have only their ends, and cells and rows are left out: anything may
    stand in them."""
    evidence = fact.evidence
    kind = kind_of_values(fact.cause, evidence.column)
    columns = [each for each in evidence.column.split(";") if each]
    about = "" if kind is not None else ", ".join(map(column_words, columns))
    values = [value.strip() or _("nothing") for value in evidence.values]
    if kind is Choice.DATE_OF_BIRTH:
        values = [_day_words(value) for value in values]
    elif kind is Choice.MOBILE:
        values = [number_words(value) for value in values]
        values = values if in_full else [_("ends in %(end)s", end=e) for e in ends_of(values)]
    elif not in_full:
        values = []
    return Said(about, tuple(values), place_words(evidence.lines, evidence.file))


def number_words(value: str) -> str:
    """A British number as people write it; anything else as it stands."""
    found = _E164.fullmatch(value.strip())
    return f"0{found[1]} {found[2]}" if found else value.strip()


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
