"""The person chooses the word by which they will know a text; staff write it down."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_conflicts import changed_since
from survey_app.domain.check_word import CheckWordRefusal, plain_word, why_not_check_word
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import write_audit
from survey_app.store.people import Person
from survey_app.store.unreadable import is_unreadable, readable_or_none
from survey_app.usecases.case_work import Overtaken

WORD = "check_word"
"""The field, as a form calls it."""
CHECK_WORD_CHANGED = "check-word-changed"
"""Why queued texts were taken back; they are written anew with the word that holds now."""


def agree_check_word(
    session: Session,
    person_id: int,
    typed: str,
    *,
    account_id: int,
    now: datetime,
    seen: str | None = None,
) -> CheckWordRefusal | Overtaken | None:
    """Keep the word, or with a blank none at all; why not, where it cannot be one.

    `seen` is the word that the form was filled in on: another one agreed since is not overwritten.

    Texts that are queued with another word are taken back in the same transaction. The audit row
    says that it changed, never the word.
    """
    word = plain_word(typed) or None
    if word is not None and (refusal := why_not_check_word(word)) is not None:
        return refusal
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    stands = readable_or_none(person.check_word) or ""
    if stands == (word or "") and not is_unreadable(person.check_word):
        return None
    if changes := changed_since({} if seen is None else {WORD: seen}, {WORD: stands}):
        return Overtaken(changes)
    write_audit(
        session,
        at=now,
        actor="staff",
        action="agree-check-word",
        subject="person",
        subject_id=person.id,
        service_id=person.service_id,
        account_id=account_id,
        details={"had_one": person.check_word is not None, "has_one": word is not None},
    )
    person.check_word, person.changed_at = word, now
    session.flush()
    cancel_queued(session, person_ids=[person.id], reason=CHECK_WORD_CHANGED, now=now)
    return None
