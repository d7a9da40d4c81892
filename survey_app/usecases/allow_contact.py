"""A person decides what the contact rule leaves to people: a release, a shared number, a child."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case, get_case
from survey_app.store.people import Person
from survey_app.usecases.decide_contact import decide_again

PERMISSION_WITHDRAWN = "permission-withdrawn"
"""Why queued texts were taken back."""


def release_case(
    session: Session, case_id: int, *, may_ask: bool, why: str, account_id: int, now: datetime
) -> None:
    """Release a bereaved or homicide case for contact, or take the release back."""
    case = get_case(session, case_id)
    person = _locked(session, case.person_id)
    case.released_at = now if may_ask else None
    case.changed_at = now
    _follow_up(session, person, "release-case", may_ask, why, account_id, now, case)


def accept_shared_number(
    session: Session, person_id: int, *, may_ask: bool, why: str, account_id: int, now: datetime
) -> None:
    """Let someone be contacted on a number that another person has too, or no longer."""
    person = _locked(session, person_id)
    person.shared_number_accepted = may_ask
    _follow_up(session, person, "accept-shared-number", may_ask, why, account_id, now)


def allow_child(
    session: Session, person_id: int, *, may_ask: bool, why: str, account_id: int, now: datetime
) -> None:
    """Record that a child below the service's age limit may be asked, or may no longer."""
    person = _locked(session, person_id)
    person.under_age_decision_at = now if may_ask else None
    _follow_up(session, person, "allow-child", may_ask, why, account_id, now)


def _locked(session: Session, person_id: int) -> Person:
    """The person's row, locked as a text's claim locks it."""
    return session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()


def _follow_up(
    session: Session,
    person: Person,
    action: str,
    may_ask: bool,
    why: str,
    account_id: int,
    now: datetime,
    case: Case | None = None,
) -> None:
    """Audit the decision, take texts back where it forbids, and decide anew."""
    person.changed_at = now
    write_audit(
        session,
        at=now,
        actor="staff",
        action=action,
        subject="person" if case is None else "case",
        subject_id=person.id if case is None else case.id,
        service_id=person.service_id,
        account_id=account_id,
        details={"may_ask": may_ask, "why": why},
    )
    session.flush()
    if not may_ask:
        cancel_queued(session, person_ids=[person.id], reason=PERMISSION_WITHDRAWN, now=now)
    decide_again(session, [person.id], now)
