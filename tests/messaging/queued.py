"""Texts in the outbox for tests: queued in a transaction of their own."""

from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageKind
from survey_app.messaging.outbox import queue_text
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS

SETTINGS = Settings(keys=TEST_KEYS)


def queue(
    session: Session,
    request: SurveyRequest,
    kind: MessageKind = MessageKind.INVITATION,
    ordinal: int = 0,
    **facts: Any,
) -> OutboxMessage:
    """One text of the request, due at noon."""
    case = session.get_one(Case, request.case_id)
    return queue_text(
        session,
        request,
        kind,
        ordinal,
        person=session.get_one(Person, case.person_id),
        service=session.get_one(Service, request.service_id),
        settings=SETTINGS,
        **({"due_at": NOON, "now": NOON} | facts),
    )


def queued(process: Runtime, count: int = 1, **service: Any) -> list[int]:
    """Ids of this many texts, each to a person of their own, committed."""
    with process.database.write(Scope.worker()) as session:
        made = a_texting_service(session, **service)
        return [queue(session, a_due_request(session, made)).id for _ in range(count)]


def message_of(process: Runtime, message_id: int) -> OutboxMessage:
    """The text as it stands in the database now."""
    with process.database.read(Scope.worker()) as session:
        return session.get_one(OutboxMessage, message_id)


def request_of(process: Runtime, message_id: int) -> SurveyRequest:
    """The text's request as it stands in the database now."""
    with process.database.read(Scope.worker()) as session:
        message = session.get_one(OutboxMessage, message_id)
        return session.get_one(SurveyRequest, message.request_id)


def change_person(process: Runtime, message_id: int, **facts: Any) -> None:
    """Change the person behind a text without touching the outbox."""
    with process.database.write(Scope.worker()) as session:
        message = session.get_one(OutboxMessage, message_id)
        person = session.get_one(Person, message.person_id)
        for name, value in facts.items():
            setattr(person, name, value)
