"""Someone asked for no more texts: it holds for them and their number, over all cases."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import OPEN_STATES
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.opt_outs import stop_texts
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.usecases.decide_contact import decide_again


class OptOutSource(StrEnum):
    """Where the wish was said."""

    PAGE = "page"
    REPLY = "reply"
    PROVIDER = "provider"
    STAFF = "staff"


def opt_out(
    session: Session,
    person_id: int,
    source: OptOutSource,
    now: datetime,
    *,
    account_id: int | None = None,
) -> None:
    """Let no text leave to this person or their number any more, from any service here.

    The number is remembered by its hash, so that a person who turns up later with it is not texted
    either. Queued texts are taken back in this transaction. Open requests stay open: the link may
    still be answered, and they are decided on anew. Asking again changes nothing.
    """
    # Locked, as a text's claim locks its person first: whichever comes second sees the other.
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    if person.opted_out_at is None:
        _audit(session, person, source, now, account_id)
    if person.number_hash is None:
        _stop_without_number(session, person, now)
        decide_again(session, [person.id], now)
        return
    stop_texts(session, person.number_hash, source=source, now=now)
    same_phone = session.scalars(select(Person.id).where(Person.number_hash == person.number_hash))
    decide_again(session, same_phone.all(), now)


def _stop_without_number(session: Session, person: Person, now: datetime) -> None:
    """There is no number to remember; the wish holds for the person all the same."""
    if person.opted_out_at is None:
        person.opted_out_at = now
    open_requests = session.scalars(
        select(SurveyRequest)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(
            Case.person_id == person.id,
            SurveyRequest.state.in_(OPEN_STATES),
            SurveyRequest.opted_out_at.is_(None),
        )
    )
    for request in open_requests:
        request.opted_out_at = now
    session.flush()
    cancel_queued(session, person_ids=[person.id], reason=Refusal.OPTED_OUT, now=now)


def _audit(
    session: Session, person: Person, source: OptOutSource, now: datetime, account_id: int | None
) -> None:
    write_audit(
        session,
        at=now,
        actor="staff" if source is OptOutSource.STAFF else "person",
        action="opt-out",
        subject="person",
        subject_id=person.id,
        service_id=person.service_id,
        account_id=account_id,
        details={"source": source},
    )
