"""A case is closed with a coded reason, reopened, or handed on: it stays counted in each way."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.domain.case_conflicts import changed_since
from survey_app.domain.cases import ClosureReason
from survey_app.domain.closings import Closing, ClosingRefusal, find_closing_refusals
from survey_app.domain.hand_changes import CLOSING
from survey_app.store.case_cells import CLOSING_COLUMNS, cells_of
from survey_app.store.cases import Case
from survey_app.store.programmes import Programmes
from survey_app.store.services import Service
from survey_app.store.transfers import Direction, Transfer
from survey_app.usecases.case_work import (
    Overtaken,
    Worker,
    audit_case,
    hold_case,
    keep_by_hand,
    plan_anew,
)
from survey_app.usecases.refresh_pairs import refresh_pairs


@dataclass(frozen=True)
class NotClosed:
    """Nothing was written, for these reasons."""

    refusals: tuple[ClosingRefusal, ...]


def close_case(
    session: Session,
    service: Service,
    case_ref: str,
    closing: Closing,
    worker: Worker,
    *,
    seen: Mapping[str, str],
) -> Case | NotClosed | Overtaken:
    """Close a case, and plan what is asked at its end. Raises CaseNotFound.

    `seen` are the cells of CLOSING_COLUMNS that the form was filled in on: whoever comes second is
    told what changed meanwhile, and nothing is written.
    """
    case = hold_case(session, service.id, case_ref)
    stands = cells_of(session, case)
    changes = changed_since(seen, {name: stands[name] for name in CLOSING_COLUMNS})
    if case.closed_on is not None and not any(c.field == "closed_on" for c in changes):
        return NotClosed((ClosingRefusal.ALREADY_CLOSED,))
    if changes:
        return Overtaken(changes)
    refusals = find_closing_refusals(
        closing,
        Programmes.of(session, service.id).in_force,
        referred_on=case.referred_on,
        today=worker.today,
    )
    if refusals:
        return NotClosed(refusals)
    facts = {
        "closed_on": closing.on,
        "closure_reason": closing.reason,
        "closure_code": closing.code or None,
        "closure_detail": closing.detail or None,
    }
    keep_by_hand(case, facts, worker, holding=CLOSING)
    if closing.reason is ClosureReason.TRANSFERRED:
        _hand_on(session, case, closing, worker)
    said = {"on": closing.on.isoformat(), "reason": closing.reason, "code": closing.code}
    _settle(session, service, case, "close-case", said, worker)
    return case


def reopen_case(
    session: Session, service: Service, case_ref: str, *, why: str, worker: Worker
) -> Case | NotClosed:
    """Open a closed case again; its former closing stays in the audit. Raises CaseNotFound."""
    case = hold_case(session, service.id, case_ref)
    if case.closed_on is None:
        return NotClosed(())
    said = {
        "why": why,
        "was": {name: str(getattr(case, name) or "") for name in CLOSING},
    }
    keep_by_hand(case, dict.fromkeys(CLOSING), worker, holding=CLOSING)
    _settle(session, service, case, "reopen-case", said, worker)
    return case


def _settle(
    session: Session,
    service: Service,
    case: Case,
    action: str,
    said: dict[str, object],
    worker: Worker,
) -> None:
    audit_case(session, case, action, said, worker)
    plan_anew(session, service, case, worker)
    refresh_pairs(session, [case.id])


def _hand_on(session: Session, case: Case, closing: Closing, worker: Worker) -> None:
    session.add(
        Transfer(
            service_id=case.service_id,
            case_id=case.id,
            direction=Direction.OUT,
            on=closing.on,
            place=closing.destination,
            recorded_at=worker.now,
            recorded_by_id=worker.account_id,
        )
    )
