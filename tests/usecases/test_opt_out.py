"""No more texts."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageKind, MessageState, RequestState
from survey_app.messaging.outbox import queue_text
from survey_app.settings import Settings
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.opt_out import OptOutSource, opt_out
from tests.links import a_link
from tests.world import NOON, TEST_KEYS


def a_waiting_text(session: Session, **facts: Any) -> tuple[Person, SurveyRequest, OutboxMessage]:
    """Someone with a text that has not left yet."""
    request, _ = a_link(session, **facts)
    case = session.get_one(Case, request.case_id)
    person = session.get_one(Person, case.person_id)
    message = queue_text(
        session,
        request,
        MessageKind.INVITATION,
        0,
        person=person,
        service=session.get_one(Service, case.service_id),
        settings=Settings(keys=TEST_KEYS),
        due_at=NOON,
        now=NOON,
    )
    return person, request, message


def test_stopping_takes_back_what_waits_and_remembers_the_number(session: Session):
    person, request, message = a_waiting_text(session)
    opt_out(session, person.id, OptOutSource.PAGE, NOON)
    session.expire_all()
    assert message.state == MessageState.CANCELLED
    assert message.body is None
    assert person.opted_out_at == NOON
    assert session.get_one(OptOut, person.number_hash).source == "page"
    assert (request.opted_out_at, request.state) == (NOON, RequestState.WAITING)


def test_nobody_else_is_stopped(session: Session):
    person, _, _ = a_waiting_text(session)
    other, other_request, waiting = a_waiting_text(session)
    opt_out(session, person.id, OptOutSource.PAGE, NOON)
    session.expire_all()
    assert (other.opted_out_at, other_request.opted_out_at) == (None, None)
    assert waiting.state == MessageState.PENDING


def test_a_text_of_another_service_to_the_same_phone_is_taken_back_too(session: Session):
    person, _, _ = a_waiting_text(session)
    same_phone = {"mobile": person.mobile, "number_hash": person.number_hash}
    _, _, elsewhere = a_waiting_text(session, person=same_phone)
    opt_out(session, person.id, OptOutSource.REPLY, NOON)
    session.refresh(elsewhere)
    assert elsewhere.state == MessageState.CANCELLED


def test_stopping_twice_keeps_the_first_time_and_one_trace(session: Session):
    person, _, _ = a_waiting_text(session)
    opt_out(session, person.id, OptOutSource.PAGE, NOON)
    opt_out(session, person.id, OptOutSource.PAGE, NOON + timedelta(days=1))
    session.expire_all()
    assert person.opted_out_at == NOON
    actions = session.scalars(select(AuditRow.action)).all()
    assert actions == ["opt-out"]


def test_someone_without_a_number_can_stop_too(session: Session):
    nobody = {"mobile": None, "number_hash": None, "number_key_id": None, "number_kind": "none"}
    request, _ = a_link(session, person=nobody)
    person_id = session.get_one(Case, request.case_id).person_id
    opt_out(session, person_id, OptOutSource.STAFF, NOON)
    assert session.get_one(Person, person_id).opted_out_at == NOON
    assert session.scalars(select(OptOut)).all() == []


def test_an_ended_request_is_not_marked(session: Session):
    request, _ = a_link(session, state=RequestState.COMPLETED)
    person_id = session.get_one(Case, request.case_id).person_id
    opt_out(session, person_id, OptOutSource.PAGE, NOON)
    session.expire_all()
    assert request.opted_out_at is None


def test_what_was_to_go_by_text_is_decided_on_anew(session: Session):
    person, request, _ = a_waiting_text(session)
    request.channels = ["sms", "in-person"]
    opt_out(session, person.id, OptOutSource.PAGE, NOON)
    assert (request.channel, request.refusal) == ("in-person", "opted-out")
