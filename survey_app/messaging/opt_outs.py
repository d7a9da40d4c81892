"""What happens when a number's holder asks for no more texts, through whatever way?

The opt-out stands by the number's hash, across the installation; a file never clears it.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import OPEN_STATES
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.people import OptOut, Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.sealed import lookup_key_id

SAID_BY_TEXT = frozenset({"reply", "provider"})
"""Sources of an opt-out that the holder of the phone said by text, to us or to the provider."""


def stop_texts(session: Session, number_hash: str, *, source: str, now: datetime) -> None:
    """Remember the opt-out, mark everyone with this number, take back what is queued for them."""
    known = session.get(OptOut, number_hash)
    if known is None:
        session.add(OptOut(number_hash=number_hash, key_id=lookup_key_id(), at=now, source=source))
    elif source not in SAID_BY_TEXT:
        # Only what was said by text, and not since in another way, can be taken back by text.
        known.source = source
    people = session.scalars(select(Person).where(Person.number_hash == number_hash)).all()
    for person in people:
        if person.opted_out_at is None:
            person.opted_out_at = now
    person_ids = [person.id for person in people]
    open_requests = session.scalars(
        select(SurveyRequest)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(Case.person_id.in_(person_ids), SurveyRequest.state.in_(OPEN_STATES))
    )
    for request in open_requests:
        if request.opted_out_at is None:
            request.opted_out_at = now
    session.flush()
    cancel_queued(session, person_ids=person_ids, reason=Refusal.OPTED_OUT, now=now)
