"""Deciding on a request: the channel in use, the reason, and the rows that are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import Channel, RequestState
from survey_app.domain.safe_contact import Outcome, Refusal, Verdict
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import record_decision
from survey_app.store.people import Person
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.decide_contact import decide_again, decide_contact, decide_contacts
from tests.builders import a_case, a_person, a_request, a_service
from tests.store.statements import counted_statements
from tests.world import NOON

TEXT_THEN_CALL = {"channels": ["sms", "phone"]}


def asked(session: Session, **facts) -> tuple[Person, SurveyRequest]:
    """A person and a request of theirs by text, then phone."""
    service = a_service(session)
    person = a_person(session, service, **facts)
    return person, a_request(session, a_case(session, service, person), **TEXT_THEN_CALL)


def rows(session: Session, request: SurveyRequest) -> list[tuple[str, str, str | None]]:
    """The decisions kept on a request, oldest first."""
    session.flush()
    found = session.scalars(
        select(ContactDecision)
        .where(ContactDecision.request_id == request.id)
        .order_by(ContactDecision.id)
    )
    return [(row.channel, row.outcome, row.reason) for row in found]


def test_an_allowed_text_keeps_its_channel_and_makes_someone_contactable(session: Session):
    _, request = asked(session)
    choice = decide_contact(session, request, NOON)
    assert choice.channel is Channel.SMS
    assert (request.channel, request.refusal, request.is_contactable) == ("sms", None, True)
    assert rows(session, request) == [("sms", "yes", None)]


def test_a_refused_text_moves_on_to_the_phone_with_its_reason(session: Session):
    _, request = asked(session, sms_consent="no", call_safe="yes")
    decide_contact(session, request, NOON)
    assert (request.channel, request.refusal) == ("phone", Refusal.NO_CONSENT)
    assert request.is_contactable
    assert rows(session, request) == [("sms", "no", "no-consent"), ("phone", "yes", None)]


def test_nobody_is_asked_when_every_channel_is_refused(session: Session):
    _, request = asked(session, sms_safe="no", call_safe="yes")
    decide_contact(session, request, NOON)
    assert (request.channel, request.refusal) == (None, Refusal.UNSAFE)
    assert not request.is_contactable
    assert request.state == RequestState.WAITING


def test_a_text_that_has_to_wait_says_until_when(session: Session):
    _, request = asked(session, safe_from=NOON.replace(hour=18).time())
    decide_contact(session, request, NOON)
    assert request.channel == "sms"
    assert request.deferred_until == NOON.replace(hour=18)
    assert not request.is_contactable
    decide_contact(session, request, NOON.replace(hour=18))
    assert (request.deferred_until, request.is_contactable) == (None, True)


def test_when_facts_change_the_text_comes_back_while_nobody_was_asked(session: Session):
    person, request = asked(session, sms_consent="no", call_safe="yes")
    decide_contact(session, request, NOON)
    person.sms_consent = "yes"
    decide_contact(session, request, NOON)
    assert (request.channel, request.refusal) == ("sms", None)


def test_after_a_call_the_text_does_not_come_back(session: Session):
    person, request = asked(session, sms_consent="no", call_safe="yes")
    decide_contact(session, request, NOON)
    request.call_made_at = NOON
    person.sms_consent = "yes"
    decide_contact(session, request, NOON)
    assert (request.channel, request.refusal) == ("phone", Refusal.NO_CONSENT)


def test_what_was_contactable_once_stays_so(session: Session):
    person, request = asked(session)
    decide_contact(session, request, NOON)
    person.do_not_contact = "yes"
    decide_contact(session, request, NOON)
    assert (request.channel, request.is_contactable) == (None, True)


def test_a_decision_is_kept_again_only_when_outcome_or_facts_changed(session: Session):
    person, request = asked(session)
    for _ in range(3):
        decide_contact(session, request, NOON)
    assert len(rows(session, request)) == 1
    person.name_service = "yes"  # no fact of the rule
    decide_contact(session, request, NOON)
    assert len(rows(session, request)) == 1
    person.sms_preferred = "yes"
    decide_contact(session, request, NOON)
    assert rows(session, request) == [("sms", "yes", None)] * 2


def test_facts_are_kept_sealed(session: Session, database):
    _, request = asked(session)
    decide_contact(session, request, NOON)
    session.flush()
    raw = session.connection().exec_driver_sql("SELECT facts FROM decisions").scalar_one()
    assert b"uk-mobile" not in bytes(raw)
    kept = session.scalars(select(ContactDecision)).one()
    assert kept.facts["number_kind"] == "uk-mobile"
    assert kept.facts["service_hours"]["opens"] == "09:00:00"


def test_a_verdict_on_one_channel_leaves_the_choice_to_the_next_decision(session: Session):
    _, request = asked(session)
    decide_contact(session, request, NOON)
    facts = contact_facts(session, [request.id])[request.id]
    until = NOON + timedelta(hours=3)
    later = Verdict(Outcome.LATER, Refusal.OUTSIDE_SAFE_HOURS, until)
    record_decision(session, request, Channel.SMS, later, facts, NOON)
    assert (request.deferred_until, request.refusal) == (until, None)
    refused = Verdict(Outcome.NO, Refusal.OPTED_OUT)
    record_decision(session, request, Channel.SMS, refused, facts, NOON)
    assert (request.channel, request.refusal) == ("sms", Refusal.OPTED_OUT)
    assert [outcome for _, outcome, _ in rows(session, request)] == ["yes", "later", "no"]


@pytest.mark.parametrize("state", ["completed", "expired", "withdrawn"])
def test_deciding_again_leaves_ended_requests_and_other_people_alone(session: Session, state: str):
    person, request = asked(session, do_not_contact="yes")
    _, noise = asked(session, do_not_contact="yes")
    service = session.get_one(Service, person.service_id)
    ended = a_request(session, a_case(session, service, person), state=state)
    decide_again(session, [person.id], NOON)
    assert len(rows(session, request)) == 2
    assert rows(session, noise) == []
    assert rows(session, ended) == []


def test_deciding_takes_as_many_queries_for_many_as_for_one(session: Session):
    service = a_service(session)
    requests = [a_request(session, a_case(session, service)) for _ in range(20)]
    decide_contacts(session, requests, NOON)
    with counted_statements(session) as for_one:
        decide_contacts(session, requests[:1], NOON)
    with counted_statements(session) as for_many:
        decide_contacts(session, requests, NOON)
    assert len(for_many) == len(for_one)
