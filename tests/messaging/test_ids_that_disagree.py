"""No text takes over what is another's: not its id, not its receipts, not its end."""

import pytest
from sqlalchemy import select

from survey_app.domain.requests import A_PERSON_DECIDES, IDS_DISAGREE, MessageState
from survey_app.messaging.claims import claim_batch
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.leases import expire_leases
from survey_app.messaging.providers.interface import (
    Accepted,
    Found,
    NotThere,
    Rejected,
    RetryLater,
    Unclear,
)
from survey_app.messaging.reconcile import MOST_DOUBTS, reconcile_due
from survey_app.messaging.records import record_all
from survey_app.store.messages import MessageEvent, OutboxMessage
from survey_app.store.scope import Scope
from tests.messaging.queued import message_of, queued
from tests.messaging.test_claims import CARRIERS
from tests.messaging.test_dispatch import times_out_after_taking, times_out_without_taking
from tests.messaging.test_receipts import DELIVERED, FAILED, SENT, a_receipt, came
from tests.messaging.test_records import LATER
from tests.world import NOON


def claimed(process, count: int = 2):
    """Ids of this many texts under way, and their claims."""
    ids = queued(process, count)
    with process.database.write(Scope.worker()) as session:
        return ids, claim_batch(session, NOON, CARRIERS, limit=50).claims


def record(process, *answers) -> None:
    with process.database.write(Scope.worker()) as session:
        record_all(session, answers, LATER)


def standing(process, message_id: int) -> tuple[str, str | None, str | None]:
    message = message_of(process, message_id)
    return message.state, message.reason, message.provider_message_id


@pytest.mark.parametrize("together", [True, False])
def test_an_answer_with_the_id_of_another_text_is_doubt(process, together):
    (first, second), claims = claimed(process)
    answers = [(claim, Accepted("P1")) for claim in claims]
    for group in [answers] if together else [answers[:1], answers[1:]]:
        record(process, *group)
    assert standing(process, first) == (MessageState.ACCEPTED, None, "P1")
    assert standing(process, second) == (MessageState.UNKNOWN, "id-of-another-text", None)
    assert message_of(process, second).body is not None
    came(process, a_receipt(DELIVERED))
    assert standing(process, second)[0] == MessageState.UNKNOWN


def test_the_same_answer_twice_is_no_dispute(process):
    [message_id], [claim] = claimed(process, 1)
    record(process, (claim, Accepted("P1")))
    record(process, (claim, Accepted("P1")))
    assert standing(process, message_id) == (MessageState.ACCEPTED, None, "P1")


def test_a_text_found_under_the_id_of_another_has_left_and_does_not_take_the_id(
    process, providers, far_end, clock
):
    first, second = queued(process, 2)
    far_end.script = [lambda end, text: Accepted(end.take(text)), times_out_after_taking]
    dispatch_due(process, providers)
    far_end.find_by_body = lambda *_given, message_id=None: Found("P1")
    clock.move(minutes=4)
    assert reconcile_due(process, providers) == {"found": 1}
    assert standing(process, first) == (MessageState.ACCEPTED, None, "P1")
    assert standing(process, second) == (MessageState.ACCEPTED, None, None)
    came(process, a_receipt(FAILED))
    assert standing(process, second)[0] == MessageState.ACCEPTED
    assert standing(process, first)[0] == MessageState.FAILED


def test_an_early_receipt_is_matched_once_the_list_says_whose_id_it_names(
    process, providers, far_end, clock
):
    [message_id] = queued(process)
    far_end.script = [times_out_after_taking]
    dispatch_due(process, providers)
    came(process, a_receipt(DELIVERED, "P1"))
    assert standing(process, message_id)[0] == MessageState.UNKNOWN
    clock.move(minutes=4)
    assert reconcile_due(process, providers) == {"found": 1}
    assert standing(process, message_id) == (MessageState.DELIVERED, None, "P1")


@pytest.mark.parametrize("status", [DELIVERED, FAILED, SENT])
def test_a_receipt_to_one_texts_address_with_anothers_id_moves_neither(process, status):
    (first, second), claims = claimed(process)
    record(process, (claims[0], Accepted("P1")), (claims[1], Unclear("timed-out")))
    came(process, a_receipt(status, "P1", message_id=second))
    assert standing(process, first) == (MessageState.ACCEPTED, None, "P1")
    assert standing(process, second) == (MessageState.UNKNOWN, IDS_DISAGREE, None)
    with process.database.read(Scope.worker()) as session:
        assert session.scalars(select(MessageEvent.message_id)).all() == [second]


def test_a_text_that_is_known_to_have_left_stays_what_it_is_under_a_strange_receipt(process):
    (first, second), claims = claimed(process)
    record(process, (claims[0], Accepted("P1")), (claims[1], Accepted("P2")))
    came(process, a_receipt(FAILED, "P1", message_id=second))
    assert standing(process, first) == (MessageState.ACCEPTED, None, "P1")
    assert standing(process, second) == (MessageState.ACCEPTED, None, "P2")


def test_an_early_receipt_to_another_address_is_not_taken_over_once_its_id_is_known(process):
    """It named the second text, which has an id of its own: it is none of the first one's."""
    (first, second), claims = claimed(process)
    record(process, (claims[1], Accepted("P2")))
    came(process, a_receipt(DELIVERED, "P1", message_id=second))
    record(process, (claims[0], Accepted("P1")))
    assert standing(process, first) == (MessageState.ACCEPTED, None, "P1")
    assert standing(process, second) == (MessageState.ACCEPTED, None, "P2")


def test_an_early_receipt_that_named_a_text_which_never_left_is_nobody_elses_later(process):
    [message_id], [claim] = claimed(process, 1)
    [waiting] = queued(process)
    came(process, a_receipt(DELIVERED, "P1", message_id=waiting))
    record(process, (claim, Accepted("P1")))
    assert standing(process, message_id) == (MessageState.ACCEPTED, None, "P1")


def test_an_early_and_a_late_receipt_with_the_providers_id_alone_are_understood(process):
    [message_id], [claim] = claimed(process, 1)
    came(process, a_receipt(SENT))
    assert standing(process, message_id)[0] == MessageState.SENDING
    record(process, (claim, Accepted("P1")))
    assert standing(process, message_id) == (MessageState.ACCEPTED, None, "P1")
    came(process, a_receipt(DELIVERED))
    assert standing(process, message_id)[0] == MessageState.DELIVERED


@pytest.mark.parametrize("worse", [Unclear("timed-out"), RetryLater("429"), Rejected("30001")])
def test_a_text_under_way_that_a_strange_receipt_named_is_in_doubt_whatever_is_answered(
    process, worse
):
    (_first, second), claims = claimed(process)
    record(process, (claims[0], Accepted("P1")))
    came(process, a_receipt(SENT, "P1", message_id=second))
    assert standing(process, second)[0] == MessageState.SENDING
    record(process, (claims[1], worse))
    assert standing(process, second) == (MessageState.UNKNOWN, IDS_DISAGREE, None)


def test_its_acceptance_is_proof_all_the_same(process):
    (_first, second), claims = claimed(process)
    record(process, (claims[0], Accepted("P1")))
    came(process, a_receipt(SENT, "P1", message_id=second))
    record(process, (claims[1], Accepted("P2")))
    assert standing(process, second) == (MessageState.ACCEPTED, None, "P2")


def test_a_lease_that_ends_does_not_make_it_an_ordinary_doubt(process, clock):
    (_first, second), claims = claimed(process)
    record(process, (claims[0], Accepted("P1")))
    came(process, a_receipt(SENT, "P1", message_id=second))
    with process.database.write(Scope.worker()) as session:
        expire_leases(session, clock.move(minutes=5))
    assert standing(process, second)[1] == IDS_DISAGREE


def test_it_is_never_sent_again_by_itself(process, providers, far_end, clock):
    first, second = queued(process, 2)
    far_end.script = [lambda end, text: Accepted(end.take(text)), times_out_without_taking]
    dispatch_due(process, providers)
    came(process, a_receipt(DELIVERED, "P1", message_id=second))
    clock.move(minutes=4)
    assert message_of(process, second).attempts < MOST_DOUBTS
    assert reconcile_due(process, providers) == {"left-to-a-person": 1}
    assert standing(process, second) == (MessageState.UNKNOWN, A_PERSON_DECIDES, None)
    dispatch_due(process, providers)
    assert [text.message_id for text in far_end.phones] == [first]


def test_a_text_that_waits_to_be_sent_again_does_not_leave_once_a_strange_receipt_named_it(
    process, providers, far_end, clock
):
    first, second = queued(process, 2)
    far_end.script = [lambda end, text: Accepted(end.take(text)), times_out_without_taking]
    dispatch_due(process, providers)
    clock.move(minutes=4)
    assert reconcile_due(process, providers) == {"put-back": 1}
    came(process, a_receipt(DELIVERED, "P1", message_id=second))
    clock.move(hours=2)
    dispatch_due(process, providers)
    assert [text.message_id for text in far_end.phones] == [first]
    assert standing(process, second) == (MessageState.UNKNOWN, IDS_DISAGREE, None)


def test_a_text_that_never_left_is_not_moved_by_a_receipt_with_anothers_id(process):
    (first, _), claims = claimed(process)
    record(process, (claims[0], Accepted("P1")))
    [waiting] = queued(process)
    came(process, a_receipt(DELIVERED, "P1", message_id=waiting))
    assert standing(process, first) == (MessageState.ACCEPTED, None, "P1")
    assert standing(process, waiting)[0] == MessageState.PENDING


def test_absence_is_proved_by_a_whole_list_alone(process, providers, far_end, clock):
    [message_id] = queued(process)
    far_end.script = [times_out_without_taking]
    dispatch_due(process, providers)
    asked = []
    far_end.find_by_body = lambda *given, message_id=None: asked.append(message_id) or NotThere()
    clock.move(minutes=4)
    assert reconcile_due(process, providers) == {"put-back": 1}
    assert asked == [message_id], "providers whose list carries our id are told it"
    with process.database.read(Scope.worker()) as session:
        assert session.get_one(OutboxMessage, message_id).state == MessageState.PENDING
