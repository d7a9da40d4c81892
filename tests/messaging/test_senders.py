"""Several calls run at once, never more than allowed; a slow one holds back no other's answer."""

from threading import Event, Lock

import pytest

from survey_app.messaging.leases import Claim
from survey_app.messaging.providers.interface import Accepted
from survey_app.messaging.senders import Senders


def a_claim(number: int) -> Claim:
    return Claim(number, number, 1, "simulated", "Info", "+447700900123", "words")


def ids(groups) -> list[int]:
    return [claim.message_id for answers in groups for claim, _ in answers]


@pytest.mark.parametrize("at_once", [1, 3])
def test_never_more_calls_are_under_way_than_allowed_and_each_is_answered_once(at_once):
    lock, seen, under_way = Lock(), [], []

    def call(claim):
        with lock:
            under_way.append(claim)
            seen.append(len(under_way))
        Event().wait(0.002)
        with lock:
            under_way.remove(claim)
        return Accepted(f"P{claim.message_id}")

    recorded = []
    with Senders(call, at_once) as senders:
        for number in range(30):
            recorded += ids(senders.make_room())
            senders.start(a_claim(number))
        recorded += ids(senders.finish())
    assert sorted(recorded) == list(range(30))
    assert max(seen) == at_once


def test_an_answer_is_there_to_be_recorded_while_another_call_stalls():
    may_go_on = Event()

    def call(claim):
        if claim.message_id == 0:
            assert may_go_on.wait(20)
        return Accepted("P")

    with Senders(call, 2) as senders:
        for number in (0, 1):
            assert ids(senders.make_room()) == []
            senders.start(a_claim(number))
        assert ids([*senders.make_room(), *senders.answered()]) == [1]
        may_go_on.set()
        assert ids(senders.finish()) == [0]


def test_a_process_that_is_to_die_is_not_kept_alive_by_its_calls():
    class Killed(BaseException):
        """The process died here."""

    def call(_claim):
        raise Killed

    with Senders(call, 2) as senders:
        senders.start(a_claim(1))
        with pytest.raises(Killed):
            list(senders.finish())
