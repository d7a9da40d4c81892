"""What everything that staff do to a case has in common: it is locked, audited and planned anew."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_conflicts import FieldChange
from survey_app.domain.hand_changes import hold
from survey_app.domain.safe_hours import LONDON
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case, CaseNotFound, find_case, lock_case
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.usecases.plan_requests import plan_requests


@dataclass(frozen=True)
class Worker:
    """Who does it, and when."""

    account_id: int
    now: datetime

    @property
    def today(self) -> date:
        """The London day."""
        return self.now.astimezone(LONDON).date()


@dataclass(frozen=True)
class Overtaken:
    """Nothing was written: somebody changed these fields since the form was shown."""

    changes: tuple[FieldChange, ...]


def hold_case(session: Session, service_id: int, case_ref: str) -> Case:
    """The case, with its person locked first, as a text's claim locks them. `CaseNotFound`."""
    case = find_case(session, service_id, case_ref)
    if case is None:
        raise CaseNotFound(case_ref)
    session.scalars(select(Person).where(Person.id == case.person_id).with_for_update()).one()
    return lock_case(session, service_id, case_ref)


def keep_by_hand(
    case: Case, facts: Mapping[str, Any], worker: Worker, *, holding: Collection[str]
) -> None:
    """Write facts that staff stated, and remember what stood in those that a file may repeat."""
    before = {name: getattr(case, name) for name in holding}
    case.held = hold(case.held or {}, before, holding)
    for name, value in facts.items():
        setattr(case, name, value)
    case.changed_at = worker.now


def audit_case(
    session: Session, case: Case, action: str, details: dict[str, Any], worker: Worker
) -> None:
    """Append what was done to a case."""
    write_audit(
        session,
        at=worker.now,
        actor="staff",
        action=action,
        subject="case",
        subject_id=case.id,
        service_id=case.service_id,
        account_id=worker.account_id,
        details=details,
    )


def plan_anew(session: Session, service: Service, case: Case, worker: Worker) -> None:
    """Let the case's requests follow from what was changed."""
    plan_requests(session, service, [case.id], worker.today, worker.now)
