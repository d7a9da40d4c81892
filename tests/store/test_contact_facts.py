"""The contact rule's facts as they stand in the tables."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.cases import Flag, NumberKind, Recorded, Weekday
from survey_app.domain.requests import MessageKind, MessageState, RequestState, Wave
from survey_app.domain.safe_hours import SafeHours
from survey_app.store.contact_facts import contact_facts
from survey_app.store.holds import HeldRow, Hold
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.programmes import ProgrammeMissing
from survey_app.store.requests import LinkToken, SurveyRequest
from survey_app.store.scope import Scope, set_scope
from survey_app.store.services import ProgrammeVersion, Service
from tests.builders import a_case, a_person, a_programme, a_request, a_service
from tests.store.statements import counted_statements
from tests.world import NOON


def facts_of(session: Session, request: SurveyRequest):
    """The facts of one request."""
    session.flush()
    return contact_facts(session, [request.id])[request.id]


def a_text(session: Session, request: SurveyRequest, person: Person, **facts) -> OutboxMessage:
    """A text that was sent for a request."""
    token = LinkToken(
        request_id=request.id, token_hash=f"t{request.id}", key_id="k", created_at=NOON
    )
    session.add(token)
    session.flush()
    facts = {
        "kind": MessageKind.INVITATION,
        "state": MessageState.DELIVERED,
        "due_at": NOON,
        "created_at": NOON,
        "sent_at": NOON,
    } | facts
    message = OutboxMessage(
        service_id=request.service_id,
        request_id=request.id,
        person_id=person.id,
        token_id=token.id,
        dedupe_key=f"{request.id}:{facts['kind']}:0",
        provider="simulated",
        language="en",
        segments=1,
        **facts,
    )
    session.add(message)
    session.flush()
    return message


def test_a_service_leaves_bank_holidays_out_where_its_programme_says_so(session: Session):
    request = a_request(session, a_case(session))
    assert not facts_of(session, request).service_hours.skips_bank_holidays
    service = session.get_one(Service, request.service_id)
    newer = a_programme(session, service, number=10**6)
    newer.content = newer.content | {
        "contact": newer.content.get("contact", {}) | {"skip_bank_holidays": True}
    }
    assert facts_of(session, request).service_hours.skips_bank_holidays


def test_what_is_recorded_of_a_person_reaches_the_rule(session: Session):
    service = a_service(session)
    person = a_person(
        session,
        service,
        call_safe="no",
        sms_preferred="unknown",
        safe_days="mon;wed",
        safe_from=time(10),
        date_of_birth=date(2011, 2, 3),
        number_changed_at=NOON,
    )
    facts = facts_of(session, a_request(session, a_case(session, service, person)))
    assert facts.number_kind is NumberKind.UK_MOBILE
    assert (facts.sms_consent, facts.call_safe) == (Recorded.YES, Recorded.NO)
    assert (facts.sms_preferred, facts.do_not_contact) == (Recorded.UNKNOWN, None)
    assert facts.person_hours == SafeHours((Weekday.MON, Weekday.WED), time(10), None)
    assert facts.service_hours.closes == time(20)
    assert facts.born_on == date(2011, 2, 3)
    assert facts.is_number_unconfirmed
    assert facts.request_state is RequestState.WAITING
    assert facts.is_first_text
    assert (facts.cap_days, facts.stale_after_days) == (14, 90)


def test_the_terms_are_those_of_the_programme_in_force(session: Session):
    request = a_request(session, a_case(session))
    service_id = request.service_id
    newest = session.get_one(ProgrammeVersion, request.programme_version_id)
    content = {**newest.content, "contact": {**newest.content["contact"], "cap_days": 30}}
    session.add(
        ProgrammeVersion(
            service_id=service_id,
            number=newest.number + 1,
            key="standard",
            content=content,
            content_hash="1",
            created_at=NOON,
        )
    )
    a_programme(session, a_service(session))
    assert facts_of(session, request).cap_days == 30


def test_a_service_without_a_programme_is_a_broken_expectation(session: Session):
    stray = a_programme(session, a_service(session))
    request = a_request(session, a_case(session), programme_version_id=stray.id)
    with pytest.raises(ProgrammeMissing):
        facts_of(session, request)


def test_flags_of_all_the_persons_cases_count(session: Session):
    service = a_service(session, sensitive_crimes={"malicious letters": "stalking"})
    person = a_person(session, service)
    case = a_case(session, service, person, flags="none")
    a_case(session, service, person, flags="bereaved;hate-crime")
    a_case(session, service, person, flags="none", crime_category=" Malicious Letters ")
    a_case(session, service, flags="sexual-violence")
    facts = facts_of(session, a_request(session, case))
    assert facts.flags == {Flag.BEREAVED, Flag.HATE_CRIME, Flag.STALKING}
    assert facts.are_flags_recorded


@pytest.mark.parametrize("which", ["own", "other"])
def test_flags_count_as_recorded_once_every_case_has_them(session: Session, which: str):
    service = a_service(session)
    person = a_person(session, service)
    case = a_case(session, service, person, flags=None if which == "own" else "none")
    a_case(session, service, person, flags=None if which == "other" else "none")
    assert not facts_of(session, a_request(session, case)).are_flags_recorded


def test_a_number_is_shared_within_the_service_only(session: Session):
    service = a_service(session)
    person = a_person(session, service)
    request = a_request(session, a_case(session, service, person))
    a_person(session, a_service(session), number_hash=person.number_hash)
    a_person(session, service)
    assert not facts_of(session, request).is_number_shared
    a_person(session, service, number_hash=person.number_hash)
    assert facts_of(session, request).is_number_shared


def test_people_without_a_number_do_not_share_one(session: Session):
    service = a_service(session)
    nobody = {"mobile": None, "number_hash": None, "number_kind": "none"}
    person = a_person(session, service, **nobody)
    a_person(session, service, **nobody)
    request = a_request(session, a_case(session, service, person))
    assert not facts_of(session, request).is_number_shared


@pytest.mark.parametrize("where", ["person", "number", "nowhere"])
def test_an_opt_out_holds_for_the_person_and_across_services_for_the_number(
    session: Session, where: str
):
    person = a_person(session, service := a_service(session))
    request = a_request(session, a_case(session, service, person))
    person.opted_out_at = NOON if where == "person" else None
    number = person.number_hash if where == "number" else "another number's hash"
    session.add(OptOut(number_hash=number, key_id="k", at=NOON, source="page"))
    assert facts_of(session, request).has_opted_out == (where != "nowhere")


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({"state": MessageState.DELIVERED}, True),
        ({"state": MessageState.ACCEPTED}, True),
        ({"state": MessageState.UNKNOWN}, True),
        ({"state": MessageState.SENDING, "sent_at": None, "claimed_at": NOON}, True),
        ({"state": MessageState.PENDING}, False),
        ({"state": MessageState.FAILED}, False),
        ({"state": MessageState.CANCELLED}, False),
        ({"kind": MessageKind.REMINDER}, False),
    ],
)
def test_a_first_text_that_may_have_gone_counts_over_all_the_persons_cases(
    session: Session, facts, counts: bool
):
    service = a_service(session)
    person, other = a_person(session, service), a_person(session, service)
    request = a_request(session, a_case(session, service, person))
    earlier = a_request(session, a_case(session, service, person), wave=Wave.BASELINE)
    a_text(session, earlier, person, **facts)
    noise = a_request(session, a_case(session, service, other))
    a_text(session, noise, other, sent_at=NOON + timedelta(days=1))
    assert facts_of(session, request).last_first_text_at == (NOON if counts else None)


def test_the_requests_own_first_text_is_no_earlier_one(session: Session):
    service = a_service(session)
    person = a_person(session, service)
    request = a_request(session, a_case(session, service, person), first_text_accepted_at=NOON)
    a_text(session, request, person)
    facts = facts_of(session, request)
    assert facts.last_first_text_at is None
    assert not facts.is_first_text
    later = a_request(session, a_case(session, service, person))
    assert facts_of(session, later).last_first_text_at == NOON


def test_a_release_is_the_cases_own_and_a_transfer_is_seen(session: Session):
    service = a_service(session)
    person = a_person(session, service)
    released = a_case(session, service, person, released_at=NOON, flags="bereaved")
    other = a_case(session, service, person, closure_reason="transferred")
    assert facts_of(session, a_request(session, released)).is_released
    facts = facts_of(session, a_request(session, other))
    assert (facts.is_released, facts.is_case_transferred) == (False, True)


def test_facts_stay_within_the_sessions_scope(session: Session):
    ours, theirs = a_service(session), a_service(session)
    our_request = a_request(session, a_case(session, ours))
    their_request = a_request(session, a_case(session, theirs))
    set_scope(session, Scope.staff([ours.id]))
    found = contact_facts(session, [our_request.id, their_request.id])
    assert set(found) == {our_request.id}


def test_gathering_takes_as_many_queries_for_many_as_for_one(session: Session):
    service = a_service(session)
    requests = [a_request(session, a_case(session, service)) for _ in range(20)]
    with counted_statements(session) as for_one:
        contact_facts(session, [requests[0].id])
    with counted_statements(session) as for_many:
        found = contact_facts(session, [request.id for request in requests])
    assert len(found) == 20
    assert len(for_many) == len(for_one)
    assert contact_facts(session, []) == {}


def a_hold(session: Session, person: Person, **facts) -> Hold:
    """An open hold of a person."""
    known = {"cause": "several-numbers", "evidence": {}, "evidence_hash": "h", "since": NOON}
    hold = Hold(service_id=person.service_id, person_id=person.id, **(known | facts))
    session.add(hold)
    return hold


def a_held_row(session: Session, service: Service, **facts) -> HeldRow:
    """A rejected row in force."""
    known = {"case_ref": "R-9", "line": 2, "faults": [], "words": {}, "arrived_at": NOON}
    row = HeldRow(service_id=service.id, **(known | facts))
    session.add(row)
    return row


def test_who_is_held_is_held_until_the_hold_ends(session: Session):
    service = a_service(session)
    person = a_person(session, service)
    request = a_request(session, a_case(session, service, person))
    session.flush()
    hold = a_hold(session, person)
    found = facts_of(session, request)
    assert (found.is_held, found.is_held_in_person) == (True, False)
    a_hold(session, person, stands_in_person=True, evidence_hash="i").ended_at = NOON
    assert not facts_of(session, request).is_held_in_person
    hold.ended_at = NOON
    assert not facts_of(session, request).is_held


def test_a_held_row_counts_as_somebody_with_its_number(session: Session):
    service = a_service(session)
    person = a_person(session, service, number_hash="n", client_ref="P")
    case = a_case(session, service, person)
    request = a_request(session, case)
    held = a_held_row(session, service, number_hash="n", words={"do_not_contact": "unreadable"})
    found = facts_of(session, request)
    assert (found.is_number_shared, found.do_not_contact) == (True, Recorded.UNKNOWN)
    held.client_ref = "P"
    found = facts_of(session, request)
    assert (found.is_number_shared, found.do_not_contact) == (False, None)
    held.client_ref, held.case_ref = None, case.case_ref
    assert not facts_of(session, request).is_number_shared
    held.case_ref, held.ended_at = "R-9", NOON
    assert not facts_of(session, request).is_number_shared


def test_another_services_held_row_is_of_nobody_here(session: Session):
    service, other = a_service(session), a_service(session)
    request = a_request(
        session, a_case(session, service, a_person(session, service, number_hash="n"))
    )
    a_held_row(session, other, number_hash="n", words={"sms_safe": "no"})
    found = facts_of(session, request)
    assert (found.is_number_shared, found.sms_safe) == (False, Recorded.YES)


def test_a_held_row_brings_its_persons_flags_and_its_cases_transfer(session: Session):
    service = a_service(session)
    person = a_person(session, service)
    case = a_case(session, service, person)
    request = a_request(session, case)
    session.flush()
    a_held_row(session, service, person_id=person.id, words={"flags": "stalking;unreadable"})
    a_held_row(session, service, case_ref=case.case_ref, words={"closure_reason": "transferred"})
    found = facts_of(session, request)
    assert found.flags == {Flag.STALKING}
    assert found.is_case_transferred
