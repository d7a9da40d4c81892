"""The holder of a number texted START: what they had stopped by text may go on.

It lifts the opt-out and nothing else: consent, safety and every other rule are asked as before. An
opt-out that was said on the page or to staff stays, because a phone may change hands.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.messaging.opt_outs import SAID_BY_TEXT
from survey_app.store.audit import write_audit
from survey_app.store.people import OptOut, Person
from survey_app.usecases.decide_contact import decide_again


def opt_in(session: Session, number_hash: str, now: datetime) -> bool:
    """Lift an opt-out that was said by text from this number; whether there was one."""
    known = session.get(OptOut, number_hash, with_for_update=True)
    if known is None or known.source not in SAID_BY_TEXT:
        return False
    people = _lock_people(session, number_hash)
    session.delete(known)
    for person in people:
        person.opted_out_at = None
        write_audit(
            session,
            at=now,
            actor="person",
            action="opt-in",
            subject="person",
            subject_id=person.id,
            service_id=person.service_id,
            details={"source": "reply"},
        )
    session.flush()
    decide_again(session, [person.id for person in people], now)
    return True


def _lock_people(session: Session, number_hash: str) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .where(Person.number_hash == number_hash, Person.opted_out_at.is_not(None))
        .order_by(Person.id)
        .with_for_update()
    ).all()
