"""A person decides what is right where facts contradict, so that the person is held no longer.

The release is of the values that were seen: their hashes stay on the holds, so that a later file
with other values holds anew. Nothing else is restated: every other rule is asked as before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.hold_decisions import may_decide
from survey_app.domain.holds import HoldEnd
from survey_app.domain.safety_changes import merge_safety
from survey_app.domain.safety_details import RecordedNumber, SafetyDetails
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.holds import Hold
from survey_app.store.people import Person
from survey_app.store.safety_details import keep_safety, safety_details_of
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount, roles_in
from survey_app.usecases.case_work import Worker, hold_case
from survey_app.usecases.change_safety import SAFETY_CHANGED
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.hold_decision import HoldDecision, ReleaseRefusal, mark_of, read_decision
from survey_app.usecases.import_cases.case_facts import state_age
from survey_app.usecases.plan_requests import plan_requests


@dataclass(frozen=True)
class Released:
    """The causes that ended, oldest first, and whether another value is recorded now."""

    causes: tuple[str, ...]
    is_number_new: bool
    is_birth_new: bool


@dataclass(frozen=True)
class StillHeld:
    """Nothing was written, for these reasons."""

    refusals: tuple[ReleaseRefusal, ...]


def open_holds(session: Session, person_id: int) -> list[Hold]:
    """The holds of a person that nobody ended, oldest first."""
    return list(
        session.scalars(
            select(Hold)
            .where(Hold.person_id == person_id, Hold.ended_at.is_(None))
            .order_by(Hold.since, Hold.id)
        )
    )


def release_hold(
    session: Session,
    service: Service,
    case_ref: str,
    decision: HoldDecision,
    worker: Worker,
    *,
    drama_allowed: bool,
) -> Released | StillHeld:
    """End every open hold of the case's person by what was decided. Raises CaseNotFound.

    A number other than the stored one is a new number: unconfirmed, and what is queued is taken
    back. The stored one stays exactly as it is. Whatever changed since the page was shown stops it.
    """
    case = hold_case(session, service.id, case_ref)  # Locks the person: a second one waits here.
    person = session.get_one(Person, case.person_id, populate_existing=True)
    holds = open_holds(session, person.id)
    cases = list(session.scalars(select(Case).where(Case.person_id == person.id).order_by(Case.id)))
    if refusal := _barred(session, service, person, cases, holds, decision, worker):
        return StillHeld((refusal,))
    number, born_on, refusals = read_decision(holds, cases, decision, drama_allowed=drama_allowed)
    if refusals:
        return StillHeld(refusals)
    for hold in holds:
        hold.ended_at, hold.ended_how = worker.now, HoldEnd.RELEASED
        hold.ended_by_id, hold.reason = worker.account_id, decision.reason.strip()
    is_number_new = number is not None and _keep_number(person, number, worker)
    is_birth_new = born_on is not None and _keep_birth(person, cases, born_on, worker)
    _audit(session, person, holds, is_number_new, is_birth_new, worker)
    session.flush()
    if is_number_new or is_birth_new:
        cancel_queued(session, person_ids=[person.id], reason=SAFETY_CHANGED, now=worker.now)
    if is_birth_new:
        plan_requests(session, service, [each.id for each in cases], worker.today, worker.now)
    decide_again(session, [person.id], worker.now)
    return Released(tuple(hold.cause for hold in holds), is_number_new, is_birth_new)


def _barred(
    session: Session,
    service: Service,
    person: Person,
    cases: Sequence[Case],
    holds: Sequence[Hold],
    decision: HoldDecision,
    worker: Worker,
) -> ReleaseRefusal | None:
    """Why this account cannot decide on these holds at all."""
    account = session.get_one(StaffAccount, worker.account_id)
    caseworkers = {each.caseworker_id for each in cases if each.caseworker_id is not None}
    roles = roles_in(account, service.id)
    if not account.is_active or not may_decide(roles, account.id, caseworkers):
        return ReleaseRefusal.NOT_YOUR_CASE
    if not holds:
        was_held = select(Hold.id).where(Hold.person_id == person.id).limit(1)
        is_over = session.scalar(was_held) is not None
        return ReleaseRefusal.NO_LONGER_HELD if is_over else ReleaseRefusal.NOT_HELD
    if decision.seen is not None and decision.seen != mark_of(person, holds):
        return ReleaseRefusal.CHANGED_MEANWHILE
    return None


def _keep_number(person: Person, number: RecordedNumber, worker: Worker) -> bool:
    """Record another number as a file's would be: nobody has confirmed it, and it loosens nothing.

    Whether it is another; the same phone, however it is written, is left exactly as it stands.
    """
    before = safety_details_of(person)
    if number.is_same_as(before.number):
        return False
    merge = merge_safety(before, SafetyDetails(number=number), file_day=worker.today)
    keep_safety(person, merge, worker.now)
    person.changed_at = worker.now
    return True


def _keep_birth(person: Person, cases: Sequence[Case], born_on: date, worker: Worker) -> bool:
    """Record another birth date, and the ages that follow from it; whether it is another."""
    if person.date_of_birth == born_on:
        return False
    person.date_of_birth, person.birth_not_given = born_on, None
    person.changed_at = worker.now
    for case in cases:
        state_age(case, person, worker.now)
    return True


def _audit(
    session: Session,
    person: Person,
    holds: Sequence[Hold],
    is_number_new: bool,
    is_birth_new: bool,
    worker: Worker,
) -> None:
    """Who released which holds; no value stands here, and no words: those are on the holds."""
    write_audit(
        session,
        at=worker.now,
        actor="staff",
        action="release-hold",
        subject="person",
        subject_id=person.id,
        service_id=person.service_id,
        account_id=worker.account_id,
        details={
            "holds": [hold.id for hold in holds],
            "causes": [hold.cause for hold in holds],
            "number_changed": is_number_new,
            "birth_date_changed": is_birth_new,
        },
    )
