"""A text is written down once per key, sealed, and can be taken back until it leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from survey_app.domain.requests import NUMBER_UNREADABLE, UNREADABLE, MessageKind, MessageState
from survey_app.messaging.numbers import number_hash
from survey_app.messaging.outbox import TextToQueue, cancel_queued, queue_texts
from survey_app.messaging.tokens import find_by_token
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import LinkToken
from tests.builders import a_person
from tests.messaging.queued import SETTINGS, queue
from tests.spoiled import spoil_in
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON


def test_a_queued_text_waits_with_its_words_number_and_a_working_link(session: Session):
    request = a_due_request(session, a_texting_service(session), last_three="123")
    message = queue(session, request)
    assert (message.state, message.due_at, message.attempts) == (MessageState.PENDING, NOON, 0)
    assert message.to == "+447700900123"
    assert message.dedupe_key == f"{request.id}:invitation:0"
    assert message.segments == 1
    assert message.body is not None
    token = find_by_token(session, message.body.split("/s/")[1].split()[0])
    assert token is not None
    assert (token.id, token.request_id) == (message.token_id, request.id)


def test_neither_number_nor_words_can_be_read_from_the_table(session: Session):
    message = queue(session, a_due_request(session, a_texting_service(session), last_three="123"))
    row = session.execute(text("SELECT * FROM messages")).mappings().one()
    assert message.body is not None
    raw = b" ".join(
        bytes(v) if isinstance(v, memoryview) else str(v).encode() for v in row.values()
    )
    for word in ("900123", "Hello", message.body.split("/s/")[1].split()[0]):
        assert word.encode() not in raw


def test_the_same_text_queued_twice_is_there_once_with_its_first_link(session: Session):
    request = a_due_request(session, a_texting_service(session))
    first = queue(session, request)
    body = first.body
    second = queue(session, request, due_at=NOON + timedelta(days=1))
    assert second is first
    assert (second.body, second.due_at) == (body, NOON)
    assert session.scalar(select(func.count(OutboxMessage.id))) == 1
    assert session.scalar(select(func.count(LinkToken.id))) == 1


def test_a_text_taken_back_before_it_left_can_be_written_anew_in_its_place(session: Session):
    request = a_due_request(session, a_texting_service(session))
    first = queue(session, request)
    old_body = first.body
    cancel_queued(session, request_ids=[request.id], reason="unsafe", now=NOON)
    session.expire_all()
    again = queue(session, request)
    assert again.id == first.id
    assert (again.state, again.reason, again.settled_at) == (MessageState.PENDING, None, None)
    assert again.body not in (None, old_body)


def test_invitation_and_reminders_have_keys_and_links_of_their_own(session: Session):
    request = a_due_request(session, a_texting_service(session))
    made = [
        queue(session, request),
        queue(session, request, MessageKind.REMINDER, 1),
        queue(session, request, MessageKind.REMINDER, 2),
    ]
    assert len({m.id for m in made}) == len({m.token_id for m in made}) == 3


@pytest.mark.parametrize("name_service", [None, "no", "unknown"])
def test_the_service_is_not_named_unless_the_person_agreed(session: Session, name_service):
    service = a_texting_service(session, name="Valley Victim Care")
    person = a_person(session, service, name_service=name_service)
    assert "Valley" not in str(queue(session, a_due_request(session, service, person)).body)


def test_the_service_is_named_where_the_person_agreed_and_the_check_word_is_carried(
    session: Session,
):
    service = a_texting_service(session, name="Valley Care")
    person = a_person(session, service, name_service="yes", check_word="bluebell")
    body = str(queue(session, a_due_request(session, service, person)).body)
    assert body.startswith("Hello from Valley Care. Your word is bluebell. ")


@pytest.mark.parametrize("column", ["mobile", "date_of_birth", "check_word"])
def test_nothing_is_written_to_somebody_who_cannot_be_read(session: Session, column: str):
    service = a_texting_service(session)
    person = a_person(session, service)
    request = a_due_request(session, service, person)
    spoil_in(session, "people", column, person.id)
    message = queue(session, request)
    assert (message.state, message.reason) == (MessageState.UNKNOWN, UNREADABLE)
    assert (message.to, message.body) == (None, None)


def test_what_is_set_aside_from_the_first_has_neither_number_nor_words(session: Session):
    service = a_texting_service(session)
    person = a_person(session, service)
    request = a_due_request(session, service, person)
    text = TextToQueue(
        request, person, service, MessageKind.REMINDER, 1, due_at=NOON, set_aside=UNREADABLE
    )
    [message] = queue_texts(session, [text], SETTINGS, NOON)
    assert (message.state, message.reason) == (MessageState.UNKNOWN, UNREADABLE)
    assert (message.to, message.body) == (None, None)


@pytest.mark.parametrize("hashed_as", ["the mobile", "the landline"])
def test_nothing_is_written_to_a_number_that_is_no_mobile_whatever_its_row_says(
    session: Session, hashed_as: str
):
    service = a_texting_service(session)
    facts = {"mobile": "020 7946 0018"}
    if hashed_as == "the landline":
        facts["number_hash"] = number_hash("+442079460018")
    message = queue(session, a_due_request(session, service, a_person(session, service, **facts)))
    assert (message.state, message.reason) == (MessageState.UNKNOWN, NUMBER_UNREADABLE)
    assert (message.to, message.body) == (None, None)


@pytest.mark.parametrize("state", [s for s in MessageState if s is not MessageState.PENDING])
def test_what_has_left_cannot_be_taken_back(session: Session, state: MessageState):
    message = queue(session, a_due_request(session, a_texting_service(session)))
    message.state = state
    assert cancel_queued(session, person_ids=[message.person_id], reason="unsafe", now=NOON) == 0
    session.refresh(message)
    assert message.state == state


def test_taking_back_reaches_these_people_and_requests_only_and_erases_the_words(session: Session):
    service = a_texting_service(session)
    ours, theirs, third = (queue(session, a_due_request(session, service)) for _ in range(3))
    later = NOON + timedelta(minutes=5)
    taken = cancel_queued(
        session,
        person_ids=[ours.person_id],
        request_ids=[third.request_id],
        reason="unsafe",
        now=later,
    )
    session.expire_all()
    assert taken == 2
    for message in (ours, third):
        assert (message.state, message.reason) == (MessageState.CANCELLED, "unsafe")
        assert (message.to, message.body, message.settled_at) == (None, None, later)
    assert theirs.state == MessageState.PENDING
    assert theirs.body is not None


def test_taking_back_nobodys_texts_takes_back_nothing(session: Session):
    message = queue(session, a_due_request(session, a_texting_service(session)))
    assert cancel_queued(session, reason="unsafe", now=NOON) == 0
    session.refresh(message)
    assert message.state == MessageState.PENDING
