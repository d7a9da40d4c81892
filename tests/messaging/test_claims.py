"""A text leaves only if the contact rule says yes at that very moment, and only once."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import update

from survey_app.domain.requests import MessageState, RequestState
from survey_app.messaging.claims import Carriers, ClaimedBatch, claim_batch
from survey_app.messaging.leases import LEASE, expire_leases, give_back
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from tests.builders import a_person
from tests.messaging.queued import change_person, message_of, queue, queued, request_of
from tests.texting import a_due_request, a_number, a_texting_service
from tests.world import NOON

CARRIERS = Carriers(usable=frozenset({"simulated"}), usual="simulated")


def claim(process: Runtime, now=NOON, limit: int = 50, carriers=CARRIERS) -> ClaimedBatch:
    with process.database.write(Scope.worker()) as session:
        return claim_batch(session, now, carriers, limit=limit)


def test_a_claimed_text_is_under_way_with_a_lease_and_is_not_claimed_again(process):
    [message_id] = queued(process, sender="Info")
    batch = claim(process)
    message = message_of(process, message_id)
    assert [c.message_id for c in batch.claims] == [message_id]
    assert (batch.claims[0].attempt, batch.claims[0].sender) == (1, "Info")
    assert (message.state, message.lease_until) == (MessageState.SENDING, NOON + LEASE)
    assert claim(process).claims == []


def test_a_claim_never_shows_number_or_words_when_printed(process):
    queued(process)
    [taken] = claim(process).claims
    assert taken.to not in repr(taken)
    assert "Hello" not in repr(taken)


def test_texts_leave_oldest_due_first_and_not_before_they_are_due(process):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        late, early, future = (
            queue(session, a_due_request(session, service), due_at=NOON + timedelta(minutes=m)).id
            for m in (-1, -5, 1)
        )
    assert [c.message_id for c in claim(process).claims] == [early, late]
    assert message_of(process, future).state == MessageState.PENDING


WORSENED = [
    ({"sms_safe": "no"}, "unsafe"),
    ({"sms_safe": None}, "safe-not-confirmed"),
    ({"sms_consent": "no"}, "no-consent"),
    ({"do_not_contact": "unknown"}, "do-not-contact"),
    ({"opted_out_at": NOON}, "opted-out"),
    ({"number_changed_at": NOON}, "number-changed"),
    ({"number_kind": "uk-landline"}, "landline"),
    ({"safety_checked_on": NOON.date() - timedelta(days=91)}, "safety-details-stale"),
]


@pytest.mark.parametrize(("facts", "reason"), WORSENED)
def test_a_text_whose_person_became_unsafe_after_queueing_is_not_sent(process, facts, reason):
    [message_id] = queued(process)
    change_person(process, message_id, **facts)
    batch = claim(process)
    message = message_of(process, message_id)
    assert batch.claims == []
    assert batch.cancelled == {reason: 1}
    assert (message.state, message.reason) == (MessageState.CANCELLED, reason)
    assert (message.to, message.body) == (None, None)
    with process.database.read(Scope.worker()) as session:
        decision = session.query(ContactDecision).one()
        assert (decision.outcome, decision.reason) == ("no", reason)


def test_a_number_that_opted_out_anywhere_in_the_installation_is_not_texted(process):
    [message_id] = queued(process)
    with process.database.write(Scope.worker()) as session:
        person = session.get_one(Person, message_of(process, message_id).person_id)
        number = OptOut(number_hash=person.number_hash, key_id="k", at=NOON, source="reply")
        session.add(number)
    assert claim(process).cancelled == {"opted-out": 1}


def test_a_text_to_a_number_that_is_no_longer_the_persons_is_not_sent(process):
    """Though whoever changed the number forgot everything that goes with it."""
    [message_id] = queued(process)
    change_person(process, message_id, **a_number("199"))
    assert claim(process).set_aside == {"number-unreadable": 1}
    assert message_of(process, message_id).state == MessageState.UNKNOWN


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (RequestState.COMPLETED, "request-finished"),
        (RequestState.WITHDRAWN, "request-withdrawn"),
        (RequestState.EXPIRED, "request-expired"),
    ],
)
def test_a_text_of_an_ended_request_is_not_sent(process, state, reason):
    [message_id] = queued(process)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(SurveyRequest).values(state=state))
    assert claim(process).cancelled == {reason: 1}
    assert message_of(process, message_id).state == MessageState.CANCELLED


def test_a_transferred_case_is_not_texted(process):
    queued(process)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(Case).values(closure_reason="transferred"))
    assert claim(process).cancelled == {"case-transferred": 1}


def test_outside_safe_hours_a_text_waits_with_its_reason_and_leaves_when_they_begin(process):
    [message_id] = queued(process)
    night = NOON.replace(hour=22)
    assert claim(process, night).deferred == 1
    message = message_of(process, message_id)
    morning = NOON.replace(hour=9) + timedelta(days=1)
    assert (message.state, message.reason) == (MessageState.PENDING, "outside-safe-hours")
    assert message.due_at == morning
    assert message.body is not None
    assert claim(process, morning - timedelta(minutes=1)).claims == []
    assert len(claim(process, morning).claims) == 1


def test_two_first_texts_to_one_person_are_never_under_way_together(process):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service)
        first, second = (queue(session, a_due_request(session, service, person)).id for _ in "ab")
    batch = claim(process)
    assert ([c.message_id for c in batch.claims], batch.passed_over) == ([first], 1)
    assert claim(process).claims == []
    assert message_of(process, second).state == MessageState.PENDING


def test_a_first_text_within_the_cap_after_another_one_waits_until_the_cap_is_over(process):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service)
        asked = a_due_request(session, service, person, state="asked", first_text_accepted_at=NOON)
        second = queue(session, a_due_request(session, service, person)).id
    now = NOON + timedelta(days=1)
    assert claim(process, now).deferred == 1
    message = message_of(process, second)
    assert (message.reason, message.due_at) == ("texted-lately", NOON + timedelta(days=14))
    assert asked.id != message.request_id


@pytest.mark.parametrize("mode", ["shadow", "paused"])
def test_only_live_services_send(process, mode):
    [message_id] = queued(process, mode=mode)
    assert claim(process).position is None
    assert message_of(process, message_id).state == MessageState.PENDING
    with process.database.write(Scope.worker()) as session:
        session.execute(update(Service).values(mode="live"))
    assert len(claim(process).claims) == 1


def test_texts_of_a_provider_that_cannot_be_called_here_wait(process):
    [message_id] = queued(process, sms_provider="twilio")
    assert claim(process).position is None
    both = Carriers(usable=frozenset({"simulated", "twilio"}), usual="simulated")
    assert [c.provider for c in claim(process, carriers=both).claims] == ["twilio"]
    assert message_of(process, message_id).provider == "twilio"


def test_a_service_that_changed_its_provider_sends_with_the_new_one(process):
    queued(process)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(Service).values(sms_provider="notify"))
    both = Carriers(usable=frozenset({"simulated", "notify"}), usual="simulated")
    assert [c.provider for c in claim(process, carriers=both).claims] == ["notify"]


def test_a_batch_ends_at_its_limit_and_the_next_goes_on_behind_it(process):
    ids = queued(process, 5)
    with process.database.write(Scope.worker()) as session:
        one = claim_batch(session, NOON, CARRIERS, limit=3)
    with process.database.write(Scope.worker()) as session:
        two = claim_batch(session, NOON, CARRIERS, limit=3, after=one.position)
    assert [c.message_id for c in one.claims + two.claims] == ids


def test_a_claim_that_was_never_used_is_given_back_whole(process):
    [message_id] = queued(process)
    claims = claim(process).claims
    with process.database.write(Scope.worker()) as session:
        give_back(session, claims)
    message = message_of(process, message_id)
    assert (message.state, message.attempts) == (MessageState.PENDING, 0)
    assert message.body is not None


def test_giving_back_late_does_not_touch_a_text_that_moved_on(process):
    [message_id] = queued(process)
    claims = claim(process).claims
    with process.database.write(Scope.worker()) as session:
        session.execute(update(OutboxMessage).values(state=MessageState.UNKNOWN))
        give_back(session, claims)
    assert message_of(process, message_id).state == MessageState.UNKNOWN


def test_an_expired_lease_is_a_doubt_and_never_a_second_chance(process):
    [message_id] = queued(process)
    claim(process)
    with process.database.write(Scope.worker()) as session:
        assert expire_leases(session, NOON + LEASE) == 0
        assert expire_leases(session, NOON + LEASE + timedelta(seconds=1)) == 1
    message = message_of(process, message_id)
    assert (message.state, message.reason) == (MessageState.UNKNOWN, "lease-expired")
    assert message.body is not None
    assert claim(process, NOON + timedelta(hours=1)).claims == []


def test_whoever_marks_a_number_unsafe_meanwhile_wins_or_comes_after(process, database_kind):
    """The change holds the person's row: the claim skips it (PostgreSQL) or waits (SQLite); in
    neither case does the text leave once the change is there."""
    [message_id] = queued(process)
    is_changing, may_commit = Event(), Event()

    def mark_unsafe() -> None:
        with process.database.write(Scope.worker()) as session:
            session.execute(update(Person).values(sms_safe="no"))
            is_changing.set()
            assert may_commit.wait(10)

    changer = Thread(target=mark_unsafe)
    changer.start()
    assert is_changing.wait(10)
    if database_kind == "postgresql":
        assert claim(process).claims == []
        assert message_of(process, message_id).state == MessageState.PENDING
        may_commit.set()
        changer.join()
        batch = claim(process)
    else:
        Thread(target=lambda: (is_changing.wait(0.2), may_commit.set())).start()
        batch = claim(process)
        changer.join()
    assert (batch.claims, batch.cancelled) == ([], {"unsafe": 1})
    assert request_of(process, message_id).refusal == "unsafe"


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_text_whose_request_is_being_changed_waits_for_a_later_claim(process):
    """Otherwise a claim and someone who finishes and cancels could wait for each other. SQLite has
    one writer at a time, so that there is nothing to wait for."""
    [message_id] = queued(process)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(SurveyRequest).values(state=RequestState.COMPLETED))
        batch = claim(process)
        assert (batch.claims, batch.passed_over) == ([], 1)
    assert claim(process).cancelled == {"request-finished": 1}
    assert message_of(process, message_id).state == MessageState.CANCELLED


def test_two_claims_at_once_never_take_the_same_text(process):
    ids = queued(process, 40)
    taken: list[int] = []

    def take() -> None:
        while batch := claim(process, limit=7).claims:
            taken.extend(c.message_id for c in batch)

    threads = [Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken.extend(c.message_id for c in claim(process).claims)
    assert sorted(taken) == ids
