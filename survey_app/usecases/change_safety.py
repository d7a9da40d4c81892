"""Staff checked with someone how they may safely be reached, and write it down."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_conflicts import changed_since
from survey_app.domain.safe_hours import LONDON
from survey_app.domain.safety_changes import SafetyMerge, restate_safety
from survey_app.domain.safety_details import RecordedNumber, SafetyDetails, as_shown
from survey_app.messaging.numbers import classify, number_hash
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import write_audit
from survey_app.store.people import Person
from survey_app.store.safety_details import keep_safety, safety_details_of
from survey_app.usecases.case_work import Overtaken
from survey_app.usecases.decide_contact import decide_again

SAFETY_CHANGED = "safety-changed"
"""Why queued texts were taken back."""


def number_as_recorded(typed: str | None, *, drama_allowed: bool) -> RecordedNumber | None:
    """A number as someone typed it, classified; None for a blank."""
    if typed is None or not typed.strip():
        return None
    found = classify(typed, drama_allowed=drama_allowed)
    hashed = None if found.e164 is None else number_hash(found.e164)
    return RecordedNumber(typed.strip(), found.kind, hashed)


def change_safety(
    session: Session,
    person_id: int,
    stated: SafetyDetails,
    *,
    how: str,
    account_id: int,
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> SafetyMerge | Overtaken:
    """Let what staff checked replace all that is recorded; a blank clears.

    Staff may loosen, for they asked the person: `how` says in which way, and
    `stated.safety_checked_on` on which day (None: today). In the same transaction the change is
    audited with both values, texts that were queued on the former details are taken back, and the
    person's open requests are decided on anew. Raises FutureCheck.

    `seen` is what the form was filled in on (`as_shown`): whoever comes second is told what changed
    meanwhile, and nothing is written, so that nobody loosens by accident what was just tightened.
    """
    # Locked, as a text's claim locks its person first: whichever comes second sees the other.
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    today = now.astimezone(LONDON).date()
    stated = replace(stated, safety_checked_on=stated.safety_checked_on or today)
    if stated.safety_checked_on is not None and stated.safety_checked_on > today:
        raise FutureCheck(stated.safety_checked_on)
    before = safety_details_of(person)
    if changes := changed_since(seen or {}, as_shown(before)):
        return Overtaken(changes)
    merge = restate_safety(before, stated)
    keep_safety(person, merge, now)
    if merge.changed:
        person.changed_at = now
    _audit(session, person, before, merge, how=how, account_id=account_id, now=now)
    session.flush()
    if merge.cancels_queued:
        cancel_queued(session, person_ids=[person.id], reason=SAFETY_CHANGED, now=now)
    decide_again(session, [person.id], now)
    return merge


def _audit(
    session: Session,
    person: Person,
    before: SafetyDetails,
    merge: SafetyMerge,
    *,
    how: str,
    account_id: int,
    now: datetime,
) -> None:
    write_audit(
        session,
        at=now,
        actor="staff",
        action="change-safety",
        subject="person",
        subject_id=person.id,
        service_id=person.service_id,
        account_id=account_id,
        details={
            "how": how,
            "from": _plain(before, merge.changed),
            "to": _plain(merge.result, merge.changed),
        },
    )


class FutureCheck(Exception):
    """Safety details cannot have been checked on a day that has not come."""


def _plain(details: SafetyDetails, changed: tuple[str, ...]) -> dict[str, Any]:
    """What changed, as the (sealed) audit row keeps it."""
    values = {name: getattr(details, name, None) for name in changed if name != "mobile"}
    if "mobile" in changed:
        values["mobile"] = None if details.number is None else details.number.typed
    return {
        name: None if value is None else list(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
    }
