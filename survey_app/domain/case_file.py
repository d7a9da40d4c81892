"""What does one row of a cases file say? (FORMATS.md, "Cases CSV".)

A column that the file has not says nothing and is absent from the row's facts. A column that is
there and empty says "not recorded" and is None in them; what an empty cell may do to what is stored
already, the import decides. Texts are kept as written; lists, dates and numbers in one form.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from survey_app.domain.birth_dates import is_impossible_birth
from survey_app.domain.care_words import is_placeholder_birth
from survey_app.domain.case_file_columns import (
    CASE_COLUMNS,
    COLUMNS,
    DAY_COLUMNS,
    KEY_COLUMNS,
    MOMENT_COLUMNS,
    PERSON_COLUMNS,
    REQUIRED_CASE_COLUMNS,
    SAFETY_COLUMNS,
)
from survey_app.domain.cases import NotGiven
from survey_app.domain.file_cells import Moment
from survey_app.domain.file_faults import Flaw, Note, NoteCode, RowFault, RowFaultCode
from survey_app.domain.missing_words import is_nobodys_case

_CASE_FACTS: Final = CASE_COLUMNS - PERSON_COLUMNS - KEY_COLUMNS
_PERSON_FACTS: Final = PERSON_COLUMNS - set(SAFETY_COLUMNS)
_READERS: Final = {name: column.read for name, column in COLUMNS.items()}

_NOT_AHEAD: Final = ("referred_on", "closed_on", *MOMENT_COLUMNS)
"""What happened cannot be dated after the day of the import."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One sound row. The facts are by the field names of `Case` and `Person`.

    `case` has `flags` and `caseworker` as written; `person` the characteristics, `date_of_birth`,
    `birth_not_given` and `language`; `safety` the SAFETY_COLUMNS. `client_ref` None: the row names
    no client, so the case's person is one of their own. `impossible_birth`: a birth date that is
    not stored, for nobody was so old, or so unborn, on the referral day.
    """

    line: int
    case_ref: str
    client_ref: str | None
    referred_on: date
    case: Mapping[str, Any]
    person: Mapping[str, Any]
    safety: Mapping[str, Any]
    impossible_birth: date | None = None
    notes: tuple[Note, ...] = ()


def read_case_row(
    line: int, cells: Mapping[str, str], today: date, known_refs: Set[str] = frozenset()
) -> CaseRow | list[RowFault]:
    """Return what a row says, or all that is wrong with it.

    `cells` are the cells by known column in their one form; `today` is the London day of the
    import; `known_refs` are case references that count though they read as placeholders.
    """
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column, cell in cells.items():
        value = _READERS[column](cell) if cell else None
        if isinstance(value, Flaw):
            faults.append(RowFault(line, column, value.code, cell, value.about))
        else:
            values[column] = value
    faults += (
        RowFault(line, column, RowFaultCode.EMPTY)
        for column in REQUIRED_CASE_COLUMNS
        if not cells.get(column)
    )
    ref = values.get("case_ref")
    if ref and is_nobodys_case(ref) and ref not in known_refs:
        faults.append(RowFault(line, "case_ref", RowFaultCode.PLACEHOLDER_KEY, ref))
    faults += (
        RowFault(line, column, flaw.code, cells[column], flaw.about)
        for column, flaw in _disagreements(values, today)
    )
    return faults or _row(line, values, list(_notes(cells, values)), today)


def _disagreements(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, Flaw]]:
    """What is wrong with a value only beside another, or beside the day of the import."""
    referred_on, closed_on = values.get("referred_on"), values.get("closed_on")
    checked_on = values.get("safety_checked_on")
    if referred_on and closed_on and closed_on < referred_on:
        yield "closed_on", Flaw(RowFaultCode.CLOSED_BEFORE_REFERRAL, referred_on.isoformat())
    for column in _NOT_AHEAD:
        said = values.get(column)
        if said and (said.on if isinstance(said, Moment) else said) > today:
            yield column, Flaw(RowFaultCode.FUTURE_DATE, today.isoformat())
    if checked_on and checked_on > today:
        yield "safety_checked_on", Flaw(RowFaultCode.FUTURE_DATE, today.isoformat())
    opens, closes = values.get("safe_from"), values.get("safe_until")
    if opens is not None and opens == closes:
        yield "safe_until", Flaw(RowFaultCode.EMPTY_WINDOW, opens.strftime("%H:%M"))


def _notes(cells: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[Note]:
    if cells.get("client_ref") and values["client_ref"] is None:
        yield Note("client_ref", NoteCode.PLACEHOLDER_CLIENT)
    born = cells.get("date_of_birth")
    if born and values["date_of_birth"] is None and is_placeholder_birth(born):
        yield Note("date_of_birth", NoteCode.PLACEHOLDER_DATE)


def _row(line: int, values: dict[str, Any], notes: list[Note], today: date) -> CaseRow:
    for column in DAY_COLUMNS:
        if values.get(column) and values[column] > today:
            # Planned, not done: "not recorded" until it was.
            values[column] = None
            notes.append(Note(column, NoteCode.PLANNED))
    born, impossible = values.get("date_of_birth"), None
    if isinstance(born, date) and is_impossible_birth(born, values["referred_on"]):
        values["date_of_birth"], impossible = None, born
        notes.append(Note("date_of_birth", NoteCode.BIRTH_DATE_IMPOSSIBLE))
    return CaseRow(
        line=line,
        case_ref=values["case_ref"],
        client_ref=values.get("client_ref"),
        referred_on=values["referred_on"],
        case=_of_case(values),
        person=_of_person(values),
        safety={c: values[c] for c in SAFETY_COLUMNS if c in values},
        impossible_birth=impossible,
        notes=tuple(notes),
    )


def _of_case(values: Mapping[str, Any]) -> dict[str, Any]:
    case = {c: v for c, v in values.items() if c in _CASE_FACTS}
    for column in MOMENT_COLUMNS:
        if column in case:
            moment = case.pop(column)
            case[column] = moment and moment.at
            case[column.removesuffix("_at") + "_on"] = moment and moment.on
    return case


def _of_person(values: Mapping[str, Any]) -> dict[str, Any]:
    person = {c: v for c, v in values.items() if c in _PERSON_FACTS}
    if "date_of_birth" in person:
        born = person["date_of_birth"]
        person["date_of_birth"] = born if isinstance(born, date) else None
        person["birth_not_given"] = born if isinstance(born, NotGiven) else None
    return person
