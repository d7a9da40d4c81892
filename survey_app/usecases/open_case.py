"""A case is opened by hand: in the words of the case file, and through the same door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.domain.case_file import CaseRow, read_case_row
from survey_app.domain.file_faults import RowFault, RowFaultCode
from survey_app.store.cases import Case, find_case
from survey_app.store.services import Service
from survey_app.store.transfers import Direction, Transfer
from survey_app.usecases.case_work import Worker, audit_case
from survey_app.usecases.edit_case import Faulty, faults_by_hand
from survey_app.usecases.import_cases.case_facts import case_terms
from survey_app.usecases.import_cases.landing import FileState, Landing
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.import_runs import locked_service


@dataclass(frozen=True)
class CameFrom:
    """A case that was transferred in: from where, and which reference it had there."""

    place: str
    earlier_ref: str = ""


def open_case(
    session: Session,
    service: Service,
    cells: Mapping[str, str],
    worker: Worker,
    *,
    drama_allowed: bool,
    came_from: CameFrom | None = None,
) -> Case | Faulty:
    """Open a case as a row of a file would, or say what is wrong, column by column.

    A known `client_ref` makes it another case of that person: of their safety it may then only
    tighten, as a file may.
    """
    locked_service(session, service.slug)
    whole = {"deliveries": "0"} | {name: cell for name, cell in cells.items() if cell}
    faults = _faults(session, service, whole, worker.today)
    row = read_case_row(0, whole, worker.today)
    if faults or not isinstance(row, CaseRow):
        return Faulty(tuple(faults))
    reading = Reading(worker.now, worker.today, drama_allowed)
    terms = case_terms(session, service)
    Landing(session, service, terms, reading, FileState(), CaseTally()).land([row])
    case = find_case(session, service.id, row.case_ref)
    assert case is not None
    said = {"columns": sorted(whole)}
    if came_from is not None:
        _link(session, service, case, came_from, worker)
        said |= {"from": [came_from.place], "earlier": [came_from.earlier_ref]}
    audit_case(session, case, "open-case", dict(said), worker)
    return case


def _faults(
    session: Session, service: Service, cells: Mapping[str, str], today: date
) -> list[RowFault]:
    row = read_case_row(0, cells, today)
    faults = faults_by_hand(row, today) if isinstance(row, CaseRow) else list(row)
    ref = cells.get("case_ref")
    if ref and find_case(session, service.id, ref) is not None:
        faults.append(RowFault(0, "case_ref", RowFaultCode.CASE_TWICE, ref))
    return faults


def _link(
    session: Session, service: Service, case: Case, came_from: CameFrom, worker: Worker
) -> None:
    earlier = find_case(session, service.id, came_from.earlier_ref)
    session.add(
        Transfer(
            service_id=service.id,
            case_id=case.id,
            direction=Direction.IN,
            on=case.referred_on,
            place=came_from.place,
            other_ref=came_from.earlier_ref or None,
            other_case_id=None if earlier is None else earlier.id,
            recorded_at=worker.now,
            recorded_by_id=worker.account_id,
        )
    )
