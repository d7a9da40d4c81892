"""What the provider answered decides whether a text is done, waits, or is in doubt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from survey_app.domain.requests import MessageState, RequestState
from survey_app.messaging.claims import claim_batch
from survey_app.messaging.providers.interface import (
    Accepted,
    Rejected,
    RetryLater,
    SendResult,
    Unclear,
)
from survey_app.messaging.records import (
    FIRST_BACKOFF,
    LONGEST_BACKOFF,
    MOST_ATTEMPTS,
    backoff,
    record_all,
)
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.scope import Scope
from tests.builders import a_person
from tests.messaging.queued import message_of, queue, queued, request_of
from tests.messaging.test_claims import CARRIERS
from tests.texting import a_due_request, a_number, a_texting_service
from tests.world import NOON

LATER = NOON + timedelta(seconds=2)


def answered(process, result: SendResult, *, claims=None):
    """Claim what is due and record this answer for all of it."""
    if claims is None:
        with process.database.write(Scope.worker()) as session:
            claims = claim_batch(session, NOON, CARRIERS, limit=50).claims
    with process.database.write(Scope.worker()) as session:
        record_all(session, [(claim, result) for claim in claims], LATER)
    return claims


def test_an_accepted_text_is_settled_and_its_request_is_asked(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    message, request = message_of(process, message_id), request_of(process, message_id)
    assert (message.state, message.provider_message_id) == (MessageState.ACCEPTED, "P1")
    assert (message.sent_at, message.settled_at, message.lease_until) == (LATER, LATER, None)
    assert (message.to, message.body) == (None, None)
    assert (request.state, request.first_text_accepted_at) == (RequestState.ASKED, LATER)
    assert request.is_contactable


def test_a_later_text_does_not_move_the_day_of_the_first(process):
    [message_id] = queued(process)
    with process.database.write(Scope.worker()) as session:
        request = request_of(process, message_id)
        request = session.merge(request)
        request.state, request.first_text_accepted_at = "started", NOON - timedelta(days=7)
    answered(process, Accepted("P1"))
    request = request_of(process, message_id)
    assert (request.state, request.first_text_accepted_at) == ("started", NOON - timedelta(days=7))


def test_a_rejected_text_has_failed_by_its_code_and_its_request_was_not_asked(process):
    [message_id] = queued(process)
    answered(process, Rejected("21614"))
    message, request = message_of(process, message_id), request_of(process, message_id)
    assert (message.state, message.failure_code) == (MessageState.FAILED, "21614")
    assert (message.to, message.body, message.sent_at) == (None, None, None)
    assert (request.state, request.first_text_accepted_at) == (RequestState.WAITING, None)


def test_an_opt_out_known_to_the_provider_stops_every_text_to_that_number(process):
    with process.database.write(Scope.worker()) as session:
        ours, other = a_texting_service(session), a_texting_service(session)
        here = queue(session, a_due_request(session, ours, last_three="123"))
        there = queue(
            session,
            a_due_request(session, other, last_three="123"),
            due_at=NOON + timedelta(days=1),
        )
        stranger = queue(
            session,
            a_due_request(session, other, last_three="124"),
            due_at=NOON + timedelta(days=1),
        )
        ids = [here.id, there.id, stranger.id]
    answered(process, Rejected("21610", is_opt_out=True))
    states = [message_of(process, i).state for i in ids]
    assert states == [MessageState.FAILED, MessageState.CANCELLED, MessageState.PENDING]
    with process.database.read(Scope.worker()) as session:
        number = session.query(OptOut).one()
        assert (number.number_hash, number.source) == (a_number("123")["number_hash"], "provider")
        opted = session.query(Person).filter(Person.opted_out_at.is_not(None)).count()
    assert opted == 2
    assert request_of(process, ids[0]).opted_out_at == LATER
    assert request_of(process, ids[2]).opted_out_at is None


def test_a_text_turned_away_waits_at_least_as_long_as_asked_and_keeps_its_words(process):
    [message_id] = queued(process)
    answered(process, RetryLater("rate-limited", after=timedelta(minutes=10)))
    message = message_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.PENDING, "rate-limited")
    assert message.due_at == LATER + timedelta(minutes=10)
    assert message.body is not None
    assert message.attempts == 1


def test_a_text_turned_away_too_often_is_given_up(process):
    [message_id] = queued(process)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(OutboxMessage).values(attempts=MOST_ATTEMPTS - 1))
    answered(process, RetryLater("rate-limited"))
    message = message_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.FAILED, "gave-up")
    assert message.body is None


def test_an_unclear_answer_leaves_the_text_in_doubt_with_its_words(process):
    [message_id] = queued(process)
    answered(process, Unclear("timed-out"))
    message, request = message_of(process, message_id), request_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.UNKNOWN, "timed-out")
    assert message.body is not None
    assert request.first_text_accepted_at is None


@pytest.mark.parametrize("state", [MessageState.UNKNOWN, MessageState.PENDING])
def test_acceptance_that_comes_late_is_proof_all_the_same(process, state):
    [message_id] = queued(process)
    claims = answered(process, Unclear("timed-out"))
    with process.database.write(Scope.worker()) as session:
        session.execute(update(OutboxMessage).values(state=state))
    answered(process, Accepted("P1"), claims=claims)
    assert message_of(process, message_id).state == MessageState.ACCEPTED


@pytest.mark.parametrize(
    "result", [Unclear("timed-out"), RetryLater("rate-limited"), Rejected("30001")]
)
def test_a_worse_answer_that_comes_late_never_undoes_acceptance(process, result):
    [message_id] = queued(process)
    claims = answered(process, Accepted("P1"))
    answered(process, result, claims=claims)
    message = message_of(process, message_id)
    assert (message.state, message.failure_code) == (MessageState.ACCEPTED, None)


def test_an_answer_to_an_earlier_attempt_does_not_touch_a_later_one(process):
    [message_id] = queued(process)
    claims = answered(process, RetryLater("rate-limited"))
    with process.database.write(Scope.worker()) as session:
        session.execute(update(OutboxMessage).values(state=MessageState.SENDING, attempts=2))
    answered(process, RetryLater("rate-limited"), claims=claims)
    assert message_of(process, message_id).state == MessageState.SENDING


@given(attempt=st.integers(1, 1000), asked=st.integers(0, 10_000), jitter=st.floats(0, 1))
def test_the_wait_grows_but_never_beyond_its_bounds(attempt, asked, jitter):
    wait = backoff(attempt, timedelta(seconds=asked), jitter)
    assert wait >= timedelta(seconds=asked)
    assert FIRST_BACKOFF / 2 <= wait <= max(LONGEST_BACKOFF * 1.5, timedelta(seconds=asked))


def test_waits_double_and_are_spread():
    assert [backoff(n, None, 0.5) for n in (1, 2, 3)] == [FIRST_BACKOFF * k for k in (1, 2, 4)]
    assert backoff(3, None, 0.0) < backoff(3, None, 1.0)


def test_two_people_in_one_group_of_answers_each_get_their_own(process):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        one, two = (
            queue(session, a_due_request(session, service, a_person(session, service)))
            for _ in range(2)
        )
        ids = [one.id, two.id]
    with process.database.write(Scope.worker()) as session:
        claims = claim_batch(session, NOON, CARRIERS, limit=50).claims
    with process.database.write(Scope.worker()) as session:
        results: list[SendResult] = [Accepted("P1"), Unclear("timed-out")]
        counts = record_all(session, list(zip(claims, results, strict=True)), LATER)
    assert counts == {"accepted": 1, "unknown": 1}
    assert [message_of(process, i).state for i in ids] == ["accepted", "unknown"]
