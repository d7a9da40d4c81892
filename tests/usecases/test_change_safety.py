"""Staff write down what they checked; what was queued on former details is taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import NumberKind, Recorded, Weekday
from survey_app.domain.requests import MessageState
from survey_app.domain.safety_changes import SafetyMerge
from survey_app.domain.safety_details import SafetyDetails
from survey_app.store.audit import AuditRow
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.safety_details import keep_safety, safety_details_of
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.usecases.allow_contact import accept_shared_number, allow_child, release_case
from survey_app.usecases.change_safety import FutureCheck, change_safety, number_as_recorded
from tests.builders import a_case, a_person, a_request, a_service
from tests.usecases.test_plan_requests import a_queued_text
from tests.world import NOON


@pytest.fixture
def worker(session: Session) -> int:
    """The account of who makes the change."""
    account = StaffAccount(email="worker@example.org", password_hash="x", created_at=NOON)
    session.add(account)
    session.flush()
    return account.id


def someone(session: Session, **facts) -> tuple[Person, SurveyRequest]:
    """A person with an open request by text."""
    service = a_service(session)
    person = a_person(session, service, **facts)
    return person, a_request(session, a_case(session, service, person))


def change(session: Session, person: Person, worker: int, **changes):
    """Staff restate what is recorded, with these changes."""
    stated = replace(safety_details_of(person), safety_checked_on=None, **changes)
    return change_safety(session, person.id, stated, how="by phone", account_id=worker, now=NOON)


def test_a_change_is_kept_audited_and_dated(session: Session, worker: int):
    person, _ = someone(session)
    change(session, person, worker, safe_days=(Weekday.WED, Weekday.MON), name_service=Recorded.NO)
    assert (person.safe_days, person.name_service) == ("mon;wed", "no")
    assert person.safety_checked_on == NOON.date()
    assert person.changed_at == NOON
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.account_id, row.subject_id) == ("change-safety", worker, person.id)
    assert row.details["how"] == "by phone"
    assert row.details["from"]["name_service"] is None
    assert row.details["to"] == {
        "name_service": "no",
        "safe_days": ["wed", "mon"],
        "safety_checked_on": "2026-11-18",
    }


def test_a_worse_detail_takes_back_what_is_queued_and_decides_anew(session: Session, worker: int):
    person, request = someone(session)
    text = a_queued_text(session, request)
    _, other = someone(session)
    noise = a_queued_text(session, other)
    change(session, person, worker, sms_safe=Recorded.NO)
    session.refresh(text)
    session.refresh(noise)
    assert (text.state, text.reason) == (MessageState.CANCELLED, "safety-changed")
    assert noise.state == MessageState.PENDING
    assert (request.channel, request.refusal) == (None, "unsafe")


def test_a_better_detail_brings_the_text_back(session: Session, worker: int):
    person, request = someone(session, sms_consent="no")
    change(session, person, worker)
    assert request.refusal == "no-consent"
    change(session, person, worker, sms_consent=Recorded.YES)
    assert (request.channel, request.refusal) == ("sms", None)


def test_checking_without_a_change_keeps_what_is_queued(session: Session, worker: int):
    person, request = someone(session)
    text = a_queued_text(session, request)
    merge = change(session, person, worker)
    session.refresh(text)
    assert merge.changed == ("safety_checked_on",)
    assert text.state == MessageState.PENDING


def test_a_new_number_voids_what_was_decided_about_the_old_one(session: Session, worker: int):
    person, request = someone(session, shared_number_accepted=True)
    number = number_as_recorded("07700 900155", drama_allowed=True)
    change(session, person, worker, number=number, sms_safe=None, call_safe=None)
    assert (person.mobile, person.number_kind) == ("07700 900155", "uk-mobile")
    assert person.number_changed_at == NOON
    assert not person.shared_number_accepted
    assert request.refusal == "number-changed"
    change(session, person, worker, sms_safe=Recorded.YES)
    assert (person.number_changed_at, request.refusal) == (None, None)


def test_a_number_can_be_cleared(session: Session, worker: int):
    person, request = someone(session)
    change(session, person, worker, number=None)
    assert (person.mobile, person.number_hash, person.number_key_id) == (None, None, None)
    assert person.number_kind == NumberKind.NONE
    assert request.refusal == "no-number"


def test_a_check_in_the_future_is_refused_and_nothing_changes(session: Session, worker: int):
    person, _ = someone(session)
    stated = SafetyDetails(safety_checked_on=NOON.date() + timedelta(days=1))
    with pytest.raises(FutureCheck):
        change_safety(session, person.id, stated, how="", account_id=worker, now=NOON)
    assert person.sms_consent == "yes"
    assert session.scalars(select(AuditRow)).all() == []


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("07700 900001", NumberKind.UK_MOBILE),
        ("0121 496 0001", NumberKind.UK_LANDLINE),
        ("12", NumberKind.INVALID),
    ],
)
def test_a_number_is_recorded_with_its_kind(typed: str, kind: NumberKind):
    number = number_as_recorded(f" {typed} ", drama_allowed=True)
    assert number is not None
    assert (number.typed, number.kind) == (typed, kind)
    assert (number.number_hash is None) == (kind is NumberKind.INVALID)


@pytest.mark.parametrize("typed", [None, "", "  "])
def test_a_blank_is_no_number(typed: str | None):
    assert number_as_recorded(typed, drama_allowed=True) is None


def test_columns_and_details_are_two_forms_of_one_thing(session: Session):
    person, _ = someone(session, safe_days="none", number_changed_at=NOON)
    details = safety_details_of(person)
    assert details.safe_days == ()
    assert details.is_number_unconfirmed
    twin = Person(service_id=person.service_id, created_at=NOON, changed_at=NOON)
    session.add(twin)
    session.flush()
    keep_safety(twin, SafetyMerge(details, ("mobile",), ()), NOON)
    assert safety_details_of(twin) == details
    assert twin.number_hash == person.number_hash


def test_a_bereaved_case_waits_for_its_release_and_may_be_held_again(session: Session, worker: int):
    service = a_service(session)
    case = a_case(session, service, flags="bereaved")
    request = a_request(session, case)
    decided = {"why": "family agreed", "account_id": worker, "now": NOON}
    release_case(session, case.id, may_ask=False, **decided)
    assert request.refusal == "awaits-release"
    release_case(session, case.id, may_ask=True, **decided)
    assert (case.released_at, request.refusal) == (NOON, None)
    text = a_queued_text(session, request)
    release_case(session, case.id, may_ask=False, **decided)
    session.refresh(text)
    assert (text.state, request.refusal) == (MessageState.CANCELLED, "awaits-release")
    actions = [row.action for row in session.scalars(select(AuditRow))]
    assert actions == ["release-case"] * 3


def test_a_shared_number_waits_for_a_human_decision(session: Session, worker: int):
    person, request = someone(session)
    service = session.get_one(Service, person.service_id)
    a_person(session, service, number_hash=person.number_hash)
    decided = {"why": "mother and son", "account_id": worker, "now": NOON}
    accept_shared_number(session, person.id, may_ask=False, **decided)
    assert request.refusal == "shared-number"
    accept_shared_number(session, person.id, may_ask=True, **decided)
    assert request.refusal is None


def test_a_child_waits_for_a_recorded_decision(session: Session, worker: int):
    person, request = someone(session, date_of_birth=NOON.date().replace(year=2012))
    decided = {"why": "asked with a parent", "account_id": worker, "now": NOON}
    allow_child(session, person.id, may_ask=False, **decided)
    assert request.refusal == "age-decision-needed"
    allow_child(session, person.id, may_ask=True, **decided)
    assert (person.under_age_decision_at, request.refusal) == (NOON, None)
