"""How well are cases recorded: by topic, worker and file, with the cases behind each number?

The judgement is `domain.record_quality`'s; here the records are read, in one query.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import NumberKind
from survey_app.domain.record_quality import CaseRecord, Moment, Topic, states
from survey_app.reporting.marked_cases import CaseGroup, MarkedCase
from survey_app.reporting.workers import Worker
from survey_app.store.cases import Case
from survey_app.store.people import CHARACTERISTICS, Person

_OF_CASE = (
    Case.id,
    Case.referred_on,
    Case.referred_at,
    Case.created_at,
    Case.caseworker_id,
    Case.caseworker_text,
    Case.flags,
    Case.age_at_referral,
    Case.first_attempt_on,
    Case.first_attempt_at,
    Case.second_attempt_on,
    Case.second_attempt_at,
    Case.first_contact_on,
    Case.first_contact_at,
    Case.needs_assessment_on,
    Case.support_plan_on,
    Case.review_on,
    Case.closed_on,
)
_OF_PERSON = (
    Person.birth_not_given,
    Person.number_kind,
    Person.sms_consent,
    Person.sms_safe,
    Person.call_safe,
    Person.safety_checked_on,
    *(getattr(Person, name) for name in CHARACTERISTICS),
)
_RECORDED = "recorded"


def judged_cases(session: Session, group: CaseGroup, now: datetime) -> list[MarkedCase]:
    """The cases of a group, each with its state in every topic: one query."""
    query = (
        select(*_OF_CASE, *_OF_PERSON)
        .join(Person, Person.id == Case.person_id)
        .where(*group.conditions)
    )
    return [_judged(row, now) for row in session.execute(query).mappings()]


def _judged(row: Any, now: datetime) -> MarkedCase:
    found = states(_record(row), now)
    return MarkedCase(
        id=row["id"],
        referred_on=row["referred_on"],
        worker=Worker.of(row["caseworker_id"], row["caseworker_text"]),
        arrived_at=row["created_at"],
        marks=frozenset((topic.value, state.value) for topic, state in found.items()),
    )


def _record(row: Any) -> CaseRecord:
    given = {Topic(name.replace("_", "-")): row[name] for name in CHARACTERISTICS}
    # The birth date itself stays sealed: that there is one shows in the age worked out from it.
    is_born = row["age_at_referral"] is not None
    given[Topic.DATE_OF_BIRTH] = _RECORDED if is_born else row["birth_not_given"]
    return CaseRecord(
        referred=Moment(row["referred_on"], row["referred_at"]),
        characteristics=given,
        number_kind=NumberKind(row["number_kind"]),
        flags=row["flags"],
        sms_consent=row["sms_consent"],
        sms_safe=row["sms_safe"],
        call_safe=row["call_safe"],
        safety_checked_on=row["safety_checked_on"],
        first_attempt=Moment(row["first_attempt_on"], row["first_attempt_at"]),
        second_attempt=Moment(row["second_attempt_on"], row["second_attempt_at"]),
        first_contact=Moment(row["first_contact_on"], row["first_contact_at"]),
        needs_assessment_on=row["needs_assessment_on"],
        support_plan_on=row["support_plan_on"],
        review_on=row["review_on"],
        closed_on=row["closed_on"],
    )
