"""A text is sent again by a person, with a reason, and only where it is safe and needed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.requests import MessageState, RequestState
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.tokens import find_by_token
from survey_app.store.audit import AuditRow
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.scope import Scope, set_scope
from survey_app.store.services import Service
from survey_app.usecases.decider import Decider
from survey_app.usecases.resend_text import (
    DECIDED_BY_A_PERSON,
    ResendRefusal,
    TextNotFound,
    give_up_text,
    resend_text,
)
from tests.messaging.queued import SETTINGS
from tests.staff import an_account
from tests.staff_texts import a_text
from tests.texting import a_texting_service
from tests.world import NOON


@pytest.fixture
def service(session: Session) -> Service:
    return a_texting_service(session)


@pytest.fixture
def by(session: Session, service: Service) -> Decider:
    return Decider(an_account(session, (service, Role.CASEWORKER)).id, "They rang us.", NOON)


def again(session: Session, message: OutboxMessage, by: Decider, **said: bool):
    return resend_text(session, message.id, by, SETTINGS, **said)


def texts(session: Session, message: OutboxMessage) -> list[OutboxMessage]:
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.request_id == message.request_id)
            .order_by(OutboxMessage.id)
        )
    )


def test_a_failed_text_is_queued_again_with_a_fresh_link_and_the_reason_on_record(
    session, service, by
):
    message = a_text(session, service, MessageState.FAILED, reason="undelivered")
    assert again(session, message, by).refusal is None
    first, second = texts(session, message)
    assert (first.state, second.state) == (MessageState.FAILED, MessageState.PENDING)
    assert (second.kind, second.ordinal, second.attempts) == (first.kind, first.ordinal, 0)
    assert second.token_id != first.token_id
    token = second.body.split("/s/")[1].split()[0]
    assert find_by_token(session, token).id == second.token_id
    row = session.scalars(select(AuditRow).where(AuditRow.action == "resend-text")).one()
    assert (row.subject_id, row.account_id) == (message.id, by.account_id)
    assert row.details == {"why": "They rang us.", "text": second.id, "was": "failed"}


def test_a_fresh_decision_is_made_and_a_no_sends_nothing(session, service, by):
    message = a_text(session, service, MessageState.FAILED)
    session.get_one(Person, message.person_id).sms_safe = "no"
    resent = again(session, message, by)
    assert (resent.refusal, resent.reason) == (ResendRefusal.NOT_ALLOWED, Refusal.UNSAFE)
    assert texts(session, message) == [message]
    decision = session.scalars(select(ContactDecision)).one()
    assert (decision.outcome, decision.reason) == ("no", Refusal.UNSAFE)


def test_outside_safe_hours_it_waits(session, service, by):
    message = a_text(session, service, MessageState.FAILED)
    night = NOON.replace(hour=22)
    resent = resend_text(session, message.id, Decider(by.account_id, "x", night), SETTINGS)
    assert resent.reason is Refusal.OUTSIDE_SAFE_HOURS
    second = texts(session, message)[1]
    assert second.due_at == resent.until > night


@pytest.mark.parametrize(
    "state", [MessageState.UNKNOWN, MessageState.ACCEPTED, MessageState.DELIVERED]
)
def test_what_may_have_arrived_is_sent_again_only_where_somebody_says_that_it_did_not(
    session, service, by, state
):
    message = a_text(session, service, state)
    assert again(session, message, by).refusal is ResendRefusal.MAY_HAVE_ARRIVED
    assert texts(session, message) == [message]
    assert again(session, message, by, says_it_did_not_arrive=True).refusal is None
    assert len(texts(session, message)) == 2


def test_a_doubtful_text_no_longer_holds_back_the_one_sent_in_its_place(session, service, by):
    message = a_text(session, service, MessageState.UNKNOWN)
    again(session, message, by, says_it_did_not_arrive=True)
    assert (message.state, message.reason) == (MessageState.FAILED, DECIDED_BY_A_PERSON)
    assert (message.to, message.body) == (None, None)


@pytest.mark.parametrize("state", [MessageState.PENDING, MessageState.SENDING])
def test_a_text_under_way_is_not_doubled(session, service, by, state):
    message = a_text(session, service, state)
    assert again(session, message, by).refusal is ResendRefusal.STILL_UNDER_WAY


def test_pressing_twice_queues_one(session, service, by):
    message = a_text(session, service, MessageState.FAILED)
    assert again(session, message, by).refusal is None
    assert again(session, message, by).refusal is ResendRefusal.STILL_UNDER_WAY
    assert len(texts(session, message)) == 2


def test_it_may_be_sent_a_third_time_when_the_second_failed_too(session, service, by):
    message = a_text(session, service, MessageState.FAILED)
    again(session, message, by)
    texts(session, message)[1].state = MessageState.FAILED
    assert again(session, message, by).refusal is None
    assert len({text.dedupe_key for text in texts(session, message)}) == 3


@pytest.mark.parametrize("state", ["completed", "expired", "withdrawn"])
def test_nothing_is_sent_once_the_request_has_ended(session, service, by, state):
    message = a_text(session, service, MessageState.FAILED)
    session.get_one(SurveyRequest, message.request_id).state = RequestState(state)
    assert again(session, message, by).refusal is ResendRefusal.REQUEST_ENDED


def test_a_person_lets_a_doubtful_text_be(session, service, by):
    message = a_text(session, service, MessageState.UNKNOWN)
    assert give_up_text(session, message.id, by) is None
    assert message.state == MessageState.FAILED
    assert texts(session, message) == [message]
    assert give_up_text(session, message.id, by) is ResendRefusal.NOT_IN_DOUBT
    actions = session.scalars(select(AuditRow.action)).all()
    assert actions == ["give-up-text"]


def test_a_text_of_another_service_does_not_exist(session, service, by):
    elsewhere = a_text(session, a_texting_service(session), MessageState.FAILED)
    set_scope(session, Scope.staff([service.id]))
    for act in (lambda: again(session, elsewhere, by), lambda: give_up_text(session, 10**9, by)):
        with pytest.raises(TextNotFound):
            act()
