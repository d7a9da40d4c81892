"""Receipts are all kept; a text only moves forward, in whatever order they come."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select, update

from survey_app.domain.requests import MessageState, RequestState
from survey_app.messaging.providers.interface import (
    Accepted,
    Receipt,
    ReceiptStatus,
    Unclear,
)
from survey_app.messaging.receipts import receive
from survey_app.store.messages import MessageEvent, OutboxMessage
from survey_app.store.scope import Scope
from tests.messaging.queued import message_of, queued, request_of
from tests.messaging.test_records import answered
from tests.world import NOON

LATER = NOON + timedelta(minutes=1)
SENT, DELIVERED, FAILED = ReceiptStatus


def a_receipt(status: ReceiptStatus, provider_message_id: str = "P1", **facts) -> Receipt:
    code = "30003" if status is FAILED else None
    return Receipt("simulated", provider_message_id, status, str(status), code, **facts)


def came(process, *receipts: Receipt, now=LATER) -> None:
    for receipt in receipts:
        with process.database.write(Scope.worker()) as session:
            receive(session, receipt, now)


def events(process) -> list[MessageEvent]:
    with process.database.read(Scope.worker()) as session:
        return list(session.scalars(select(MessageEvent).order_by(MessageEvent.id)))


def test_delivery_makes_the_text_delivered_and_its_request_reached(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    came(process, a_receipt(SENT), a_receipt(DELIVERED))
    message, request = message_of(process, message_id), request_of(process, message_id)
    assert (message.state, message.delivered_at) == (MessageState.DELIVERED, LATER)
    assert (request.reached_at, request.state) == (LATER, RequestState.ASKED)
    assert [e.message_id for e in events(process)] == [message_id, message_id]


def test_a_failure_after_acceptance_makes_the_text_failed_but_the_request_stays_asked(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    came(process, a_receipt(FAILED))
    message, request = message_of(process, message_id), request_of(process, message_id)
    assert (message.state, message.failure_code) == (MessageState.FAILED, "30003")
    assert (request.state, request.reached_at) == (RequestState.ASKED, None)


@pytest.mark.parametrize("order", list(permutations([SENT, DELIVERED, FAILED, DELIVERED])))
def test_a_delivery_once_proved_stands_in_whatever_order_receipts_come(process, order):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    came(process, *(a_receipt(status) for status in order))
    message = message_of(process, message_id)
    assert (message.state, message.failure_code) == (MessageState.DELIVERED, None)
    assert len(events(process)) == 4


def test_repeated_receipts_change_nothing_but_are_kept(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    came(process, a_receipt(DELIVERED))
    came(process, a_receipt(DELIVERED), now=LATER + timedelta(hours=1))
    assert message_of(process, message_id).delivered_at == LATER
    assert request_of(process, message_id).reached_at == LATER
    assert len(events(process)) == 2


def test_receipts_that_come_before_the_text_is_known_are_kept_and_matched(process):
    [message_id] = queued(process)
    came(process, a_receipt(DELIVERED))
    assert message_of(process, message_id).state == MessageState.PENDING
    assert [e.message_id for e in events(process)] == [None]
    answered(process, Accepted("P1"))
    message = message_of(process, message_id)
    assert (message.state, message.delivered_at) == (MessageState.DELIVERED, LATER)
    assert [e.message_id for e in events(process)] == [message_id]


def test_a_receipt_with_our_own_id_proves_that_a_doubtful_text_left(process):
    [message_id] = queued(process)
    answered(process, Unclear("timed-out"))
    came(process, a_receipt(SENT, message_id=message_id))
    message, request = message_of(process, message_id), request_of(process, message_id)
    assert (message.state, message.provider_message_id) == (MessageState.ACCEPTED, "P1")
    assert (message.body, message.sent_at) == (None, NOON)
    assert request.first_text_accepted_at == NOON


@pytest.mark.parametrize("state", [MessageState.PENDING, MessageState.CANCELLED])
def test_proof_that_a_text_left_counts_even_when_we_had_given_it_up(process, state):
    """So that a text put back after a doubt is not sent a second time."""
    [message_id] = queued(process)
    answered(process, Unclear("timed-out"))
    with process.database.write(Scope.worker()) as session:
        session.execute(update(OutboxMessage).values(state=state))
    came(process, a_receipt(DELIVERED, message_id=message_id))
    assert message_of(process, message_id).state == MessageState.DELIVERED


def test_a_receipt_with_the_id_of_a_text_that_never_left_is_kept_and_believed_in_nothing(process):
    [message_id] = queued(process)
    came(process, a_receipt(DELIVERED, message_id=message_id))
    assert message_of(process, message_id).state == MessageState.PENDING
    assert len(events(process)) == 1


def test_our_id_under_another_provider_id_does_not_touch_a_text_that_has_one(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    came(process, a_receipt(DELIVERED, "P2", message_id=message_id))
    assert message_of(process, message_id).state == MessageState.ACCEPTED


def test_another_providers_receipt_under_the_same_id_does_not_touch_the_text(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    came(process, Receipt("twilio", "P1", DELIVERED, "delivered", message_id=message_id))
    assert message_of(process, message_id).state == MessageState.ACCEPTED


def test_an_early_receipt_of_another_provider_is_nobodys_once_the_same_id_is_known(process):
    [message_id] = queued(process)
    came(process, Receipt("twilio", "P1", DELIVERED, "delivered"))
    answered(process, Accepted("P1"))
    assert message_of(process, message_id).state == MessageState.ACCEPTED


def test_a_receipt_of_nobodys_text_is_kept(process):
    came(process, a_receipt(DELIVERED, "nobody's", message_id=4711))
    with process.database.read() as session:
        assert session.scalar(select(func.count(MessageEvent.id))) == 1


def test_a_request_that_ended_meanwhile_stays_ended_though_the_text_arrived(process):
    [message_id] = queued(process)
    answered(process, Accepted("P1"))
    with process.database.write(Scope.worker()) as session:
        session.merge(request_of(process, message_id)).state = RequestState.WITHDRAWN
    came(process, a_receipt(DELIVERED))
    request = request_of(process, message_id)
    assert (request.state, request.reached_at) == (RequestState.WITHDRAWN, LATER)
