"""Staff put the facts of a case right: read as a file's row is, audited, never over a colleague."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_conflicts import changed_since
from survey_app.domain.case_file import CaseRow, read_case_row
from survey_app.domain.file_faults import NoteCode, RowFault, RowFaultCode
from survey_app.domain.hand_changes import hold
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.case_cells import FACT_COLUMNS, cells_of
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.usecases.case_work import Overtaken, Worker, audit_case, hold_case, plan_anew
from survey_app.usecases.change_safety import SAFETY_CHANGED
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.import_cases.case_facts import case_terms, state_age, state_case
from survey_app.usecases.refresh_pairs import refresh_pairs

_OF_SAFETY = frozenset({"flags", "crime_category", "date_of_birth"})
"""What the contact rule goes by. A file may always tighten these again, so they are not held."""


@dataclass(frozen=True)
class Faulty:
    """Nothing was written: this is wrong, column by column."""

    faults: tuple[RowFault, ...]


@dataclass(frozen=True)
class Edited:
    """The columns that were changed; none where the form said what stood there."""

    changed: tuple[str, ...]


def edit_case(
    session: Session,
    service: Service,
    case_ref: str,
    *,
    seen: Mapping[str, str],
    entered: Mapping[str, str],
    why: str,
    worker: Worker,
) -> Edited | Faulty | Overtaken:
    """Let what was entered replace what was seen, where both differ. Raises CaseNotFound.

    `seen` and `entered` are cells by FACT_COLUMNS, as `store.case_cells` writes them.
    """
    case = hold_case(session, service.id, case_ref)
    stands = cells_of(session, case)
    if changes := changed_since(seen, {name: stands[name] for name in FACT_COLUMNS}):
        return Overtaken(changes)
    changed = tuple(n for n in FACT_COLUMNS if n in entered and entered[n] != stands[n])
    row = _read(case, {name: entered[name] for name in changed}, stands, worker.today)
    if not isinstance(row, CaseRow):
        return Faulty(tuple(row))
    if changed:
        _keep(session, service, case, row, changed, stands, worker)
        said = {
            "from": {name: stands[name] for name in changed},
            "to": {name: entered[name] for name in changed},
            "why": why,
        }
        audit_case(session, case, "edit-case", said, worker)
    return Edited(changed)


def _read(
    case: Case, changes: Mapping[str, str], stands: Mapping[str, str], today: date
) -> CaseRow | list[RowFault]:
    whole = {
        "case_ref": case.case_ref,
        "referred_on": stands["referred_on"],
        "support_level": stands["support_level"],
        "deliveries": str(case.deliveries),
        "date_of_birth": stands["date_of_birth"],
        "closed_on": stands["closed_on"],
        **changes,
    }
    row = read_case_row(0, whole, today, {case.case_ref})
    faults = row if isinstance(row, list) else []
    if "flags" in changes and not changes["flags"]:
        faults = [*faults, RowFault(0, "flags", RowFaultCode.EMPTY)]
    faults = [*faults, *faults_by_hand(row, today)] if isinstance(row, CaseRow) else faults
    return faults or row


def faults_by_hand(row: CaseRow, today: date) -> list[RowFault]:
    """What a file's row may say and a form may not: on the desk nothing is written down ahead, and
    whoever types an impossible birth date can put it right at once."""
    planned = [note.column for note in row.notes if note.code is NoteCode.PLANNED]
    faults = [
        RowFault(row.line, column, RowFaultCode.FUTURE_DATE, "", today.isoformat())
        for column in planned
    ]
    born, referred_on = row.impossible_birth, row.referred_on
    if born is not None:
        is_unborn = born > referred_on
        code = RowFaultCode.BORN_AFTER_REFERRAL if is_unborn else RowFaultCode.IMPLAUSIBLE_DATE
        value, about = born.isoformat(), referred_on.isoformat()
        faults.append(RowFault(row.line, "date_of_birth", code, value, about))
    return faults


def _keep(
    session: Session,
    service: Service,
    case: Case,
    row: CaseRow,
    changed: tuple[str, ...],
    stands: Mapping[str, str],
    worker: Worker,
) -> None:
    names = {*changed, *(n.removesuffix("_at") + "_on" for n in changed if n.endswith("_at"))}
    stated = replace(row, case={n: v for n, v in row.case.items() if n in names})
    before = {name: getattr(case, name) for name in stated.case if name != "caseworker"}
    before["caseworker"] = stands["caseworker"] or None
    kept = hold(case.held or {}, before, set(stated.case) - _OF_SAFETY)
    case.held = None  # What staff say now counts, whatever was held.
    state_case(case, stated, case_terms(session, service), worker.now, is_new=False, is_newer=True)
    case.held = kept
    person = session.get_one(Person, case.person_id)
    if "date_of_birth" in changed:
        _keep_birth(person, row.person, worker)
    session.flush()
    for one in session.scalars(select(Case).where(Case.person_id == person.id)):
        state_age(one, person, worker.now)
    session.flush()
    if _OF_SAFETY.intersection(changed):
        cancel_queued(session, person_ids=[person.id], reason=SAFETY_CHANGED, now=worker.now)
    plan_anew(session, service, case, worker)
    if _OF_SAFETY.intersection(changed):
        decide_again(session, [person.id], worker.now)
    if "referred_on" in changed:
        refresh_pairs(session, [case.id])


def _keep_birth(person: Person, said: Mapping[str, Any], worker: Worker) -> None:
    person.date_of_birth = said["date_of_birth"]
    person.birth_not_given = said["birth_not_given"]
    person.changed_at = worker.now
