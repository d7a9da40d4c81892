"""A worker that comes back pours nothing into people's last hour, and loses nothing by it."""

from datetime import time, timedelta

import pytest

from survey_app.domain.backlog_pace import NEAR_QUIET_TIME
from survey_app.domain.requests import MessageState
from survey_app.messaging import claims
from survey_app.messaging.claims import Carriers, claim_batch
from survey_app.messaging.dispatch import dispatch_due
from survey_app.store.scope import Scope
from tests.messaging.queued import change_person, message_of, queue
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

CARRIERS = Carriers(usable=frozenset({"simulated"}), usual="simulated")
THREE_DAYS_AGO = NOON - timedelta(days=3)
NEARLY_EIGHT = NOON.replace(hour=19, minute=58)
NEXT_MORNING = NOON.replace(hour=9) + timedelta(days=1)


def waiting(process, count: int, *, due_at=THREE_DAYS_AGO, came=THREE_DAYS_AGO) -> list[int]:
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        return [
            queue(
                session,
                a_due_request(session, service, created_at=came, due_at=due_at),
                due_at=due_at,
            ).id
            for _ in range(count)
        ]


def claim(process, now, **asked):
    with process.database.write(Scope.worker()) as session:
        return claim_batch(session, now, CARRIERS, **({"limit": 300} | asked))


def test_two_hundred_old_texts_at_two_minutes_to_eight_wait_for_the_morning(process):
    ids = waiting(process, 200)
    batch = claim(process, NEARLY_EIGHT)
    assert (batch.claims, batch.deferred) == ([], 200)
    message = message_of(process, ids[0])
    assert (message.state, message.reason) == (MessageState.PENDING, NEAR_QUIET_TIME)
    assert message.due_at == NEXT_MORNING
    assert len(claim(process, NEXT_MORNING).claims) == 200


def test_a_text_that_fell_due_within_the_hour_leaves_in_the_last_minutes_too(process):
    waiting(process, 1, due_at=NEARLY_EIGHT - timedelta(minutes=59))
    waiting(process, 1, came=NEARLY_EIGHT - timedelta(minutes=59))
    assert len(claim(process, NEARLY_EIGHT).claims) == 2


def test_whose_whole_safe_time_lies_in_that_hour_is_texted(process):
    [message_id] = waiting(process, 1)
    change_person(process, message_id, safe_from=time(19), safe_until=time(20))
    assert len(claim(process, NEARLY_EIGHT).claims) == 1


@pytest.mark.parametrize(("old_left", "expected"), [(None, 8), (3, 3), (1, 1), (0, 0), (50, 8)])
def test_no_more_of_an_old_backlog_is_claimed_than_is_left_of_the_pace(process, old_left, expected):
    waiting(process, 8)
    batch = claim(process, NOON, old_left=old_left)
    assert (len(batch.claims), batch.old) == (expected, expected)


def test_the_pace_holds_up_no_text_that_fell_due_just_now(process, far_end, providers):
    old = waiting(process, 6)
    fresh = waiting(process, 4, due_at=NOON - timedelta(minutes=5))
    late_file = waiting(process, 2, came=NOON)
    counts = dispatch_due(process, providers, old_texts=2)
    assert counts.answered["accepted"] == 8
    states = [message_of(process, n).state for n in (*fresh, *late_file)]
    assert set(states) == {MessageState.ACCEPTED}
    left = [message_of(process, n).state for n in old]
    assert left.count(MessageState.PENDING) == 4


def test_the_pace_is_the_same_where_texts_are_claimed_one_by_one(
    process, far_end, providers, monkeypatch
):
    ids, take = waiting(process, 8), claims._take

    def fails_once(message, *given):
        if message.id == ids[0]:
            raise LookupError
        return take(message, *given)

    monkeypatch.setattr(claims, "_take", fails_once)
    assert dispatch_due(process, providers, old_texts=3).answered == {"accepted": 3}


def test_a_pass_by_hand_sends_all_of_it(process, far_end, providers):
    waiting(process, 70)
    assert dispatch_due(process, providers).answered["accepted"] == 70
