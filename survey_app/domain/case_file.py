"""What does one row of a cases file say? (FORMATS.md, "Cases CSV".)

A column that the file has not says nothing and is absent from the row's facts. A column that is
there and empty says "not recorded" and is None in them; what an empty cell may do to what is stored
already, the import decides. Texts are kept as written; lists, dates and numbers in one form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from survey_app.domain.cases import ClosureReason, NotGiven, Recorded, SupportLevel
from survey_app.domain.file_cells import (
    Moment,
    read_characteristic,
    read_count,
    read_date,
    read_days,
    read_flags,
    read_instant,
    read_language,
    read_minute,
    read_moment,
    read_text,
    read_word,
)
from survey_app.domain.file_faults import Flaw, RowFault, RowFaultCode

REQUIRED_CASE_COLUMNS: Final = ("case_ref", "referred_on", "support_level", "deliveries")

REF_LIMIT: Final = 100
TEXT_LIMIT: Final = 300
DETAIL_LIMIT: Final = 5_000
"""Characters; a longer text is no reference, category or reason but something misplaced."""

CHARACTERISTIC_COLUMNS: Final = (
    "sex",
    "gender_identity",
    "ethnicity",
    "disability",
    "sexuality",
    "religion",
)
_YES_NO_COLUMNS: Final = (
    "sms_consent",
    "sms_safe",
    "sms_preferred",
    "call_safe",
    "do_not_contact",
    "name_service",
)
SAFETY_COLUMNS: Final = (
    "mobile",
    *_YES_NO_COLUMNS,
    "safe_days",
    "safe_from",
    "safe_until",
    "safety_checked_on",
)
"""What a row says of the person's phone and safety; `flags` belong to the case."""

_MOMENT_COLUMNS: Final = ("first_attempt_at", "second_attempt_at", "first_contact_at")
_DAY_COLUMNS: Final = ("needs_assessment_on", "support_plan_on", "review_on")
_TEXT_COLUMNS: Final = (
    "referral_source",
    "referring_agency",
    "crime_category",
    "local_authority",
    "relationship_to_perpetrator",
    "caseworker",
    "closure_code",
)

_ref = partial(read_text, limit=REF_LIMIT)
_text = partial(read_text, limit=TEXT_LIMIT)
_characteristic = partial(read_characteristic, limit=TEXT_LIMIT)
_recorded = partial(read_word, words=Recorded)


def _day(cell: str) -> date | Flaw:
    moment = read_moment(cell)
    return moment.on if isinstance(moment, Moment) else moment


def _birth(cell: str) -> date | NotGiven | Flaw:
    word = cell.casefold()
    return NotGiven(word) if word in set(NotGiven) else read_date(cell)


def _as_typed(cell: str) -> str:
    """A wrong number never rejects the case, so nothing can be wrong with it here."""
    return "".join(char for char in cell if char.isprintable())


READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "case_ref": _ref,
    "client_ref": _ref,
    "service": _ref,
    "referred_on": read_date,
    "referred_at": read_instant,
    "flags": read_flags,
    "support_level": partial(read_word, words=SupportLevel),
    "deliveries": read_count,
    "date_of_birth": _birth,
    **dict.fromkeys(CHARACTERISTIC_COLUMNS, _characteristic),
    "mobile": _as_typed,
    "language": read_language,
    **dict.fromkeys(_YES_NO_COLUMNS, _recorded),
    "safe_days": read_days,
    "safe_from": read_minute,
    "safe_until": read_minute,
    "safety_checked_on": read_date,
    **dict.fromkeys(_MOMENT_COLUMNS, read_moment),
    **dict.fromkeys(_DAY_COLUMNS, _day),
    **dict.fromkeys(_TEXT_COLUMNS, _text),
    "closed_on": read_date,
    "closure_reason": partial(read_word, words=ClosureReason),
    "closure_detail": partial(read_text, limit=DETAIL_LIMIT),
}
"""How each column is read; there are no others."""

CASE_COLUMNS: Final = frozenset(READERS)

_PERSON_COLUMNS: Final = frozenset(
    {"date_of_birth", "language", *CHARACTERISTIC_COLUMNS, *SAFETY_COLUMNS}
)
_KEY_COLUMNS: Final = frozenset({"case_ref", "client_ref", "service"})


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One sound row. The facts are by the field names of `Case` and `Person`.

    `case` has `flags` and `caseworker` as written; `person` the characteristics, `date_of_birth`,
    `birth_not_given` and `language`; `safety` the SAFETY_COLUMNS. `client_ref` None: the row names
    no client, so the case's person is one of their own.
    """

    line: int
    case_ref: str
    client_ref: str | None
    referred_on: date
    case: Mapping[str, Any]
    person: Mapping[str, Any]
    safety: Mapping[str, Any]


def read_case_row(line: int, cells: Mapping[str, str], today: date) -> CaseRow | list[RowFault]:
    """Return what a row says, or all that is wrong with it.

    `cells` are the trimmed cells by known column; `today` is the London day of the import.
    """
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column, cell in cells.items():
        value = READERS[column](cell) if cell else None
        if isinstance(value, Flaw):
            faults.append(RowFault(line, column, value.code, cell, value.about))
        else:
            values[column] = value
    faults += (
        RowFault(line, column, RowFaultCode.EMPTY)
        for column in REQUIRED_CASE_COLUMNS
        if not cells.get(column)
    )
    faults += (
        RowFault(line, column, flaw.code, cells[column], flaw.about)
        for column, flaw in _disagreements(values, today)
    )
    return faults or _row(line, values)


def _disagreements(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, Flaw]]:
    """What is wrong with a value only beside another, or beside the day of the import."""
    referred_on, closed_on = values.get("referred_on"), values.get("closed_on")
    born, checked_on = values.get("date_of_birth"), values.get("safety_checked_on")
    if referred_on and closed_on and closed_on < referred_on:
        yield "closed_on", Flaw(RowFaultCode.CLOSED_BEFORE_REFERRAL, referred_on.isoformat())
    if referred_on and isinstance(born, date) and born > referred_on:
        yield "date_of_birth", Flaw(RowFaultCode.BORN_AFTER_REFERRAL, referred_on.isoformat())
    if checked_on and checked_on > today:
        yield "safety_checked_on", Flaw(RowFaultCode.FUTURE_DATE, today.isoformat())
    opens, closes = values.get("safe_from"), values.get("safe_until")
    if opens is not None and opens == closes:
        yield "safe_until", Flaw(RowFaultCode.EMPTY_WINDOW, opens.strftime("%H:%M"))


def _row(line: int, values: dict[str, Any]) -> CaseRow:
    case = {c: v for c, v in values.items() if c not in _PERSON_COLUMNS | _KEY_COLUMNS}
    for column in _MOMENT_COLUMNS:
        if column in case:
            moment = case.pop(column)
            case[column] = moment and moment.at
            case[column.removesuffix("_at") + "_on"] = moment and moment.on
    person = {c: v for c, v in values.items() if c in _PERSON_COLUMNS and c not in SAFETY_COLUMNS}
    if "date_of_birth" in person:
        born = person["date_of_birth"]
        person["date_of_birth"] = born if isinstance(born, date) else None
        person["birth_not_given"] = born if isinstance(born, NotGiven) else None
    return CaseRow(
        line=line,
        case_ref=values["case_ref"],
        client_ref=values.get("client_ref"),
        referred_on=values["referred_on"],
        case=case,
        person=person,
        safety={c: values[c] for c in SAFETY_COLUMNS if c in values},
    )
