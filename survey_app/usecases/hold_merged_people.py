"""Who was made one person by a placeholder before placeholders were nobody's reference?"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.holds import Contradiction, HoldCause
from survey_app.domain.missing_words import is_nobodys_client
from survey_app.domain.plain_text import key_form
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.hold_person import FACTS_CONTRADICT, Found, hold_people


def hold_merged_people(
    session: Session, service: Service, now: datetime
) -> tuple[frozenset[int], int]:
    """Hold people of several cases whose client reference is a placeholder: nobody knows whose
    number theirs is (FORMATS-INTAKE.md, section 3, point 7).

    Asked by `db upgrade`, and at each import. Returns who is held from now on, and how many of
    their texts were taken back.
    """
    several = session.execute(
        select(Person.id, Person.client_ref)
        .join(Case, Case.person_id == Person.id)
        .where(Person.service_id == service.id, Person.client_ref.is_not(None))
        .group_by(Person.id, Person.client_ref)
        .having(func.count(Case.id) > 1)
    )
    found = [
        Found(row.id, Contradiction(HoldCause.SEVERAL_NUMBERS, "client_ref", (row.client_ref,)))
        for row in several
        if row.client_ref and _is_nobodys(row.client_ref)
    ]
    held = frozenset(hold_people(session, service.id, found, file="", now=now))
    if not held:
        return held, 0
    taken_back = cancel_queued(session, person_ids=held, reason=FACTS_CONTRADICT, now=now)
    decide_again(session, held, now)
    return held, taken_back


def _is_nobodys(stored: str) -> bool:
    key = key_form(stored)
    return not key or is_nobodys_client(key)
