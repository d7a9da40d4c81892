"""Which rejected rows are held, and until when?

FORMATS-INTAKE.md, section 3, point 5: a rejected row that asks for more care, or names a number
that nobody else is known by, is held until a later file lands its case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.care import HOURS_COLUMNS, UNREADABLE_WORD, united_words
from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_columns import YES_NO_COLUMNS
from survey_app.domain.cases import Flag, Recorded
from survey_app.domain.file_cells import NO_FLAGS
from survey_app.domain.file_faults import RowFault
from survey_app.domain.holds import Contradiction, HoldCause, HoldEnd
from survey_app.domain.safety_details import RecordedNumber
from survey_app.store.holds import HeldRow
from survey_app.store.sealed import lookup_key_id
from survey_app.usecases.import_cases.known import Known


@dataclass(frozen=True)
class RowToHold:
    """A rejected row as it is held: its words in codes, its cells, its number."""

    case_ref: str | None
    client_ref: str | None
    person_id: int | None
    line: int
    faults: Sequence[RowFault]
    words: Mapping[str, str]
    cells: Mapping[str, str]
    number: RecordedNumber | None


def keep_row(
    session: Session, service_id: int, known: Known, row: RowToHold, now: datetime
) -> HeldRow:
    """Hold a row; one a case, or without a case one a client: the latest, its words united. One
    for each number, where rows of one file name several."""
    held = _find(known, row, now)
    if held is None:
        held = HeldRow(service_id=service_id, case_ref=row.case_ref, words={}, arrived_at=now)
        session.add(held)
        known.held_rows.append(held)
    held.client_ref = row.client_ref or held.client_ref
    held.person_id = row.person_id or held.person_id
    held.line = row.line
    held.faults = [{"column": fault.column, "code": fault.code.value} for fault in row.faults]
    held.words = united_words(held.words, row.words)
    held.content = dict(row.cells)
    held.arrived_at = now
    if row.number is not None and row.number.number_hash is not None:
        held.number_hash, held.number_key_id = row.number.number_hash, lookup_key_id()
    return held


def _find(known: Known, row: RowToHold, now: datetime) -> HeldRow | None:
    """The held row that this one comes after. Rows of one file that name several numbers are held
    each: the number of none of them may hide that two people share a phone."""
    number = row.number and row.number.number_hash
    found = [held for held in known.held_rows if held.ended_at is None and _is_of_same(held, row)]
    for held in found:
        if number in (None, held.number_hash):
            return held
    return next((h for h in found if h.number_hash is None or h.arrived_at < now), None)


def _is_of_same(held: HeldRow, row: RowToHold) -> bool:
    if row.case_ref is not None:
        return held.case_ref == row.case_ref
    return held.case_ref is None and held.client_ref == row.client_ref


def end_landed(known: Known, case_ref: str, client_ref: str | None, now: datetime) -> set[str]:
    """End the held rows that this case's landing makes good; the numbers that they had."""
    numbers = set()
    for held in known.held_for(case_ref, client_ref):
        is_of_client = held.case_ref is None and held.arrived_at < now
        if held.ended_at is None and (held.case_ref == case_ref or is_of_client):
            held.ended_at, held.ended_how = now, HoldEnd.FILE
            if held.number_hash:
                numbers.add(held.number_hash)
    return numbers


@dataclass(frozen=True)
class HeldCare:
    """What rows held from earlier files say of a case that is new, and of its person."""

    said: Sequence[Mapping[str, Any]] = ()
    contradictions: Sequence[Contradiction] = ()
    flags: frozenset[str] = frozenset()

    def flagged(self, row: CaseRow) -> CaseRow:
        """The row with the flags that a held row of its case named; a blank stays a blank."""
        if not self.flags or not row.case.get("flags"):
            return row
        flags = {*row.case["flags"].split(";"), *self.flags} - {NO_FLAGS}
        return replace(row, case={**row.case, "flags": ";".join(sorted(flags))})


def held_care(known: Known, row: CaseRow, *, is_person_new: bool) -> HeldCare:
    """What to add to a row that makes a case. Of somebody known, their own rows were heard when
    they came. A check later than the day a held row came outweighs it."""
    held_rows = known.held_for(row.case_ref, row.client_ref if is_person_new else None)
    if not held_rows:
        return HeldCare()
    checked_on = row.safety.get("safety_checked_on")
    heard = [h for h in held_rows if not checked_on or checked_on <= h.arrived_at.date()]
    own = [h for h in heard if h.case_ref == row.case_ref]
    return HeldCare(
        said=[_said(held) for held in heard],
        contradictions=[
            unreadable(column, (held.content or {}).get(column, ""), held.line)
            for held in heard
            for column, word in held.words.items()
            if UNREADABLE_WORD in word.split(";")
            # The row that lands corrects that of its own case, where it says something: a blank
            # never loosens.
            and not (held in own and _says(row, column))
        ],
        flags=frozenset(
            f for h in own for f in h.words.get("flags", "").split(";") if f in set(Flag)
        ),
    )


def _says(row: CaseRow, column: str) -> bool:
    return any(facts.get(column) for facts in (row.case, row.person, row.safety))


def _said(held: HeldRow) -> dict[str, Any]:
    """The words of a held row as the care pass read them."""
    said: dict[str, Any] = {}
    for column, word in held.words.items():
        if word == UNREADABLE_WORD:
            continue
        if column in YES_NO_COLUMNS:
            said[column] = Recorded(word)
        elif column == "safe_days":
            said[column] = word
        elif column in HOURS_COLUMNS:
            said[column] = time.fromisoformat(word)
    return said


def unreadable(column: str, cell: str, line: int) -> Contradiction:
    """A care cell that nobody can read; of `do_not_contact` it stands in person too."""
    return Contradiction(
        HoldCause.CARE_UNREADABLE,
        column,
        (cell,),
        (line,),
        stands_in_person=column == "do_not_contact",
    )
