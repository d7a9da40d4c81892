"""The tablet is handed over where the contact rule allows it, and its link ends with it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import RequestState, Wave
from survey_app.domain.safe_contact import Refusal
from survey_app.store.cases import Case
from survey_app.store.hand_over_pins import HandOverPin
from survey_app.store.people import Person
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.hand_over import (
    HandedOver,
    NotHandedOver,
    give_back,
    hand_over,
    next_to_ask,
)
from survey_app.usecases.hand_over_pin import (
    TRIES,
    PinRefusal,
    has_pin,
    set_pin,
    start_tries,
    tries_left,
    try_pin,
)
from survey_app.usecases.plan_requests import plan_requests
from survey_app.usecases.respond.links import find_link
from tests.builders import a_case, a_programme, a_request, a_service
from tests.messaging.queued import queue
from tests.staff import an_account
from tests.world import NOON


@pytest.fixture
def case(session: Session) -> Case:
    service = a_service(session)
    a_programme(session, service)
    a_request(session, a_case(session, service))
    return a_case(session, service)


@pytest.fixture
def worker(session: Session) -> int:
    return an_account(session).id


def over(session: Session, case: Case, worker: int) -> HandedOver:
    found = hand_over(session, case, account_id=worker, now=NOON)
    assert isinstance(found, HandedOver)
    return found


def test_the_open_request_is_asked_and_reached_and_decided_on(
    session: Session, case: Case, worker: int
):
    request = a_request(session, case, wave=Wave.BASELINE)
    found = over(session, case, worker)
    assert found.request_id == request.id
    assert (request.state, request.handed_over_at, request.reached_at) == ("asked", NOON, NOON)
    assert request.was_asked
    decided = session.scalars(select(ContactDecision)).all()
    assert [(each.channel, each.outcome) for each in decided] == [("in-person", "yes")]


def test_a_text_that_waits_for_the_same_questions_is_taken_back(
    session: Session, case: Case, worker: int
):
    text = queue(session, a_request(session, case))
    over(session, case, worker)
    session.refresh(text)
    assert (text.state, text.reason) == ("cancelled", "handed-over")


def test_without_a_request_a_self_assessment_is_opened_for_a_wave_of_its_own(
    session: Session, case: Case, worker: int
):
    found = over(session, case, worker)
    request = session.get_one(SurveyRequest, found.request_id)
    assert (request.wave, request.instruments) == ("baseline", [["self-assessment", "1"]])
    request.state = RequestState.COMPLETED
    assert session.get_one(SurveyRequest, over(session, case, worker).request_id).wave == "review"


def test_a_case_just_closed_is_asked_the_questions_of_its_end_before_their_day(
    session: Session, case: Case, worker: int
):
    case.closed_on = NOON.date()
    service = session.get_one(Service, case.service_id)
    plan_requests(session, service, [case.id], NOON.date(), NOON)
    found = over(session, case, worker)
    request = session.get_one(SurveyRequest, found.request_id)
    assert (request.wave, request.tier) == ("closure", "1")
    assert request.due_at > NOON
    link = find_link(session, found.token, NOON)
    assert link is not None
    assert link.is_open


def test_a_case_closed_too_long_ago_for_a_text_is_still_asked_in_person(
    session: Session, case: Case, worker: int
):
    case.closed_on, case.deliveries = NOON.date() - timedelta(days=40), 3
    service = session.get_one(Service, case.service_id)
    plan_requests(session, service, [case.id], NOON.date(), NOON)
    assert session.scalars(select(SurveyRequest).filter_by(case_id=case.id)).all() == []
    request = session.get_one(SurveyRequest, over(session, case, worker).request_id)
    assert (request.wave, request.tier, request.channel) == ("closure", "2", "in-person")
    assert [key for key, _version in request.instruments] == ["self-assessment", "sus-tier-2"]
    assert request.reminder_days == []
    # What the person has in their hands stays as it is, whatever arrives about the case.
    plan_requests(session, service, [case.id], NOON.date(), NOON)
    assert (request.state, request.channels) == ("asked", ["in-person"])


@pytest.mark.parametrize(
    "facts", [{"closure_reason": "declined"}, {"deliveries": 0}, {"support_level": "care-unit"}]
)
def test_who_is_not_to_be_asked_at_closure_is_asked_how_things_go_on(
    session: Session, case: Case, worker: int, facts
):
    case.closed_on = NOON.date()
    for name, value in facts.items():
        setattr(case, name, value)
    request = session.get_one(SurveyRequest, over(session, case, worker).request_id)
    assert (request.wave, request.tier) == ("follow-up", None)


def test_a_closed_case_is_asked_once_at_its_end_and_once_how_things_go_on(
    session: Session, case: Case, worker: int
):
    case.closed_on = NOON.date()
    for wave in (Wave.CLOSURE, Wave.FOLLOW_UP):
        assert next_to_ask(session, case, NOON) is wave
        request = session.get_one(SurveyRequest, over(session, case, worker).request_id)
        assert request.wave == wave
        request.state = RequestState.COMPLETED
        session.flush()
    assert hand_over(session, case, account_id=worker, now=NOON) == NotHandedOver(None)
    assert next_to_ask(session, case, NOON) is None


def test_who_is_not_to_be_contacted_is_handed_nothing(session: Session, case: Case, worker: int):
    session.get_one(Person, case.person_id).do_not_contact = "yes"
    request = a_request(session, case)
    outcome = hand_over(session, case, account_id=worker, now=NOON)
    assert outcome == NotHandedOver(Refusal.DO_NOT_CONTACT)
    assert (request.state, request.handed_over_at) == ("waiting", None)
    reasons = session.scalars(select(ContactDecision.reason)).all()
    assert reasons == ["do-not-contact"]


def test_a_link_given_back_leads_nowhere_and_the_request_stays_open(
    session: Session, case: Case, worker: int
):
    a_request(session, case)
    found = over(session, case, worker)
    link = find_link(session, found.token, NOON)
    assert link is not None
    assert link.is_open
    give_back(session, found.token_id, NOON)
    link = find_link(session, found.token, NOON)
    assert link is not None
    assert not link.is_open
    assert link.state.is_open


def test_a_pin_opens_until_it_was_wrong_five_times(session: Session, worker: int):
    assert set_pin(session, worker, "2580", NOON) is None
    assert has_pin(session, worker)
    for left in range(TRIES - 1, 0, -1):
        assert try_pin(session, worker, "0000", NOON) is PinRefusal.WRONG
        assert tries_left(session, worker) == left
    assert try_pin(session, worker, "0000", NOON) is PinRefusal.LOCKED
    assert try_pin(session, worker, "2580", NOON) is PinRefusal.LOCKED
    start_tries(session, worker)
    assert try_pin(session, worker, " 2580 ", NOON) is None


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("258", PinRefusal.NOT_DIGITS),
        ("123456789", PinRefusal.NOT_DIGITS),
        ("25b0", PinRefusal.NOT_DIGITS),
        ("", PinRefusal.NOT_DIGITS),
        ("7777", PinRefusal.TOO_EASY),
        ("1234", PinRefusal.TOO_EASY),
        ("8765", PinRefusal.TOO_EASY),
    ],
)
def test_a_pin_that_is_none_or_easy_is_not_kept(session: Session, worker: int, typed, refusal):
    assert set_pin(session, worker, typed, NOON) is refusal
    assert not has_pin(session, worker)


def test_the_same_pin_of_two_people_is_not_the_same_hash(session: Session, worker: int):
    for account in (worker, an_account(session).id):
        set_pin(session, account, "2580", NOON)
    assert session.scalar(select(func.count(HandOverPin.pin_hash.distinct()))) == 2
