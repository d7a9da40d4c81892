"""Claim, call, record: a crash between any two never loses a text and never doubles one."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from survey_app.domain.requests import MessageState
from survey_app.messaging import dispatch
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.leases import expire_leases
from survey_app.messaging.providers.choose import Providers
from survey_app.messaging.providers.interface import Accepted, Rejected, RetryLater, Unclear
from survey_app.messaging.reconcile import A_PERSON_DECIDES, MOST_DOUBTS, reconcile_due
from survey_app.store.messages import OutboxMessage
from survey_app.store.scope import Scope
from tests.builders import a_person
from tests.messaging.far_end import FarEnd, takes
from tests.messaging.queued import change_person, message_of, queue, queued
from tests.texting import a_due_request, a_texting_service


class Killed(BaseException):
    """The process died here."""


def times_out_after_taking(far_end, text):
    far_end.take(text)
    return Unclear("timed-out")


def times_out_without_taking(far_end, text):
    return Unclear("timed-out")


def is_busy(far_end, text):
    return RetryLater("rate-limited")


def rejects(far_end, text):
    return Rejected("30001")


def breaks_after_taking(far_end, text):
    far_end.take(text)
    raise RuntimeError(f"could not parse the reply about {text.to}")


def dies_before_taking(far_end, text):
    raise Killed


def dies_after_taking(far_end, text):
    far_end.take(text)
    raise Killed


ACTS = [
    takes,
    times_out_after_taking,
    times_out_without_taking,
    is_busy,
    rejects,
    breaks_after_taking,
    dies_before_taking,
    dies_after_taking,
]


def states(process) -> list[str]:
    with process.database.read(Scope.worker()) as session:
        return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))


def one_pass(process, providers) -> None:
    """What `run_due` does with the outbox; a killed process is a pass cut short."""
    reconcile_due(process, providers)
    with process.database.write(Scope.worker()) as session:
        expire_leases(session, process.now())
    with suppress(Killed):
        dispatch_due(process, providers)


def test_every_due_text_reaches_its_phone_once(process, providers, far_end):
    ids = queued(process, 120)
    counts = dispatch_due(process, providers)
    assert counts.answered == {"accepted": 120}
    assert [t.message_id for t in far_end.phones] == ids
    assert set(states(process)) == {"accepted"}
    assert dispatch_due(process, providers).answered == {}


def test_the_provider_is_given_our_id_sender_number_and_words(process, providers, far_end):
    [message_id] = queued(process, sender="Info")
    to, body = (lambda m: (m.to, m.body))(message_of(process, message_id))
    dispatch_due(process, providers)
    [text] = far_end.phones
    assert (text.message_id, text.sender, text.to, text.body) == (message_id, "Info", to, body)


def test_no_transaction_is_open_while_the_provider_is_called(process, providers, far_end):
    """On SQLite a second writer would have to wait for it."""
    ids = queued(process, 2)

    def changes_someone_meanwhile(far_end, text):
        change_person(process, ids[1], check_word="bluebell")
        return Accepted(far_end.take(text))

    far_end.script = [changes_someone_meanwhile]
    assert dispatch_due(process, providers).answered == {"accepted": 2}


def test_a_killed_process_leaves_the_text_under_way_then_in_doubt_then_found(
    process, providers, far_end, clock
):
    [message_id] = queued(process)
    far_end.script = [dies_after_taking]
    with pytest.raises(Killed):
        dispatch_due(process, providers)
    assert message_of(process, message_id).state == MessageState.SENDING
    one_pass(process, providers)
    assert states(process) == [MessageState.SENDING]
    clock.move(minutes=3)
    one_pass(process, providers)
    assert states(process) == [MessageState.UNKNOWN]
    clock.move(minutes=3)
    one_pass(process, providers)
    message = message_of(process, message_id)
    assert (message.state, message.provider_message_id) == (MessageState.ACCEPTED, "P1")
    assert message.body is None
    assert len(far_end.phones) == 1


def test_a_process_killed_before_the_call_has_its_text_sent_later(
    process, providers, far_end, clock
):
    queued(process)
    far_end.script = [dies_before_taking]
    for _ in range(6):
        one_pass(process, providers)
        clock.move(minutes=3)
    assert states(process) == [MessageState.ACCEPTED]
    assert len(far_end.phones) == 1


def test_a_doubt_is_left_alone_during_its_grace(process, providers, far_end, clock):
    queued(process)
    far_end.script = [times_out_without_taking]
    dispatch_due(process, providers)
    clock.move(minutes=2)
    assert reconcile_due(process, providers) == {}
    assert states(process) == [MessageState.UNKNOWN]


def test_a_text_that_never_gets_through_is_left_to_a_person(process, providers, far_end, clock):
    [message_id] = queued(process)
    far_end.script = [times_out_without_taking] * 20
    for _ in range(20):
        one_pass(process, providers)
        clock.move(minutes=4)
    message = message_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.UNKNOWN, A_PERSON_DECIDES)
    assert message.attempts == MOST_DOUBTS


def test_where_the_provider_cannot_be_asked_nothing_is_resent_and_a_person_decides_in_the_end(
    process, providers, far_end, clock
):
    [message_id] = queued(process)
    far_end.may_be_asked = False
    far_end.script = [times_out_without_taking]
    for _ in range(5):
        one_pass(process, providers)
        clock.move(hours=4)
    assert message_of(process, message_id).reason == "timed-out"
    clock.move(hours=8)
    one_pass(process, providers)
    message = message_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.UNKNOWN, A_PERSON_DECIDES)
    assert far_end.phones == []


def test_a_fault_in_the_providers_client_is_a_doubt_and_its_words_are_not_logged(
    process, providers, far_end, capsys
):
    [message_id] = queued(process)
    number = message_of(process, message_id).to
    far_end.script = [breaks_after_taking]
    dispatch_due(process, providers)
    assert message_of(process, message_id).reason == "provider-fault"
    said = "".join(capsys.readouterr())
    assert "RuntimeError" in said
    assert str(number) not in said


def test_a_text_put_back_after_a_doubt_asks_the_contact_rule_again(
    process, providers, far_end, clock
):
    [message_id] = queued(process)
    far_end.script = [times_out_without_taking]
    dispatch_due(process, providers)
    change_person(process, message_id, sms_safe="no")
    for _ in range(2):
        clock.move(minutes=5)
        one_pass(process, providers)
    message = message_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.CANCELLED, "unsafe")
    assert far_end.phones == []


def test_a_worker_asked_to_stop_finishes_the_text_in_hand_and_gives_the_others_back(
    process, providers, far_end
):
    queued(process, 3)
    dispatch_due(process, providers, should_stop=lambda: len(far_end.phones) > 0)
    assert states(process) == ["accepted", "pending", "pending"]


def test_a_yes_that_has_grown_old_is_given_back_and_asked_again(
    process, providers, far_end, monkeypatch
):
    queued(process, 3)
    seconds = iter(range(0, 10_000, 3))
    monkeypatch.setattr(dispatch, "monotonic", lambda: next(seconds))
    dispatch_due(process, providers)
    assert "pending" in states(process)
    monkeypatch.undo()
    dispatch_due(process, providers)
    assert states(process) == ["accepted"] * 3
    assert len(far_end.phones) == 3


def test_the_clock_is_asked_for_every_batch_so_that_a_long_pass_stops_at_closing_time(
    process, providers, far_end, clock, monkeypatch
):
    monkeypatch.setattr(dispatch, "BATCH", 1)
    queued(process, 3)

    def takes_its_time(far_end, text):
        clock.move(hours=5)
        return Accepted(far_end.take(text))

    far_end.script = [takes_its_time] * 3
    counts = dispatch_due(process, providers)
    assert (counts.answered, counts.deferred) == ({"accepted": 2}, 1)


def test_a_second_text_to_one_person_waits_for_the_first_and_then_for_the_cap(
    process, providers, far_end
):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service)
        for _ in range(2):
            queue(session, a_due_request(session, service, person))
    counts = dispatch_due(process, providers)
    assert (counts.answered, counts.deferred) == ({"accepted": 1}, 1)
    assert len(far_end.phones) == 1


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(script=st.lists(st.sampled_from(ACTS), max_size=40))
def test_whatever_goes_wrong_no_text_is_lost_and_none_is_doubled(process, clock, script):
    far_end = FarEnd(script=list(script))
    providers = Providers({"simulated": far_end}, usual="simulated")
    ids = queued(process, 4)
    start = clock.now
    for _ in range(40):
        one_pass(process, providers)
        clock.move(minutes=4)
    clock.now = start
    phones = [text.message_id for text in far_end.phones if text.message_id in ids]
    assert len(phones) == len(set(phones)), "doubled"
    for message_id in ids:
        message = message_of(process, message_id)
        if message.state == MessageState.ACCEPTED:
            assert message_id in phones
        else:
            is_undecided = message.reason == A_PERSON_DECIDES
            assert is_undecided or message.state in ("failed", "pending"), message.state
            assert message_id not in phones, "lost sight of"


def test_a_provider_that_is_not_there_leaves_its_texts_waiting(process, far_end):
    [message_id] = queued(process)
    elsewhere = replace(process, settings=replace(process.settings, sms_provider="twilio"))
    providers = Providers({"simulated": far_end}, usual="twilio")
    assert dispatch_due(elsewhere, providers).answered == {}
    assert message_of(process, message_id).state == MessageState.PENDING
