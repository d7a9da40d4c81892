"""Builders for people and requests that the contact rule lets be texted."""

from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.requests import Wave
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.sealed import lookup_hash, lookup_key_id
from survey_app.store.services import Service, programme_in_force
from tests.builders import a_case, a_person, a_programme, a_request, a_service


def a_texting_service(session: Session, **facts: Any) -> Service:
    """A live service whose programme has the standard hours and limits."""
    service = a_service(session, **facts)
    a_programme(session, service, number=1)
    return service


def a_number(last_three: str) -> dict[str, Any]:
    """The columns of a person whose drama number ends in these digits."""
    number = f"+447700900{last_three}"
    return {
        "mobile": number,
        "number_hash": lookup_hash(number, "number"),
        "number_key_id": lookup_key_id(),
    }


def a_due_request(
    session: Session,
    service: Service,
    person: Person | None = None,
    *,
    last_three: str | None = None,
    case: dict[str, Any] | None = None,
    **facts: Any,
) -> SurveyRequest:
    """A closure request by text, due now, of someone who may be texted."""
    if person is None:
        person = a_person(session, service, **(a_number(last_three) if last_three else {}))
    programme_id = _programme_id(session, service)
    made: Case = a_case(session, service, person, **(case or {}))
    return a_request(
        session, made, **({"wave": Wave.CLOSURE, "programme_version_id": programme_id} | facts)
    )


def _programme_id(session: Session, service: Service) -> int:
    programme = programme_in_force(session, service.id)
    assert programme is not None
    return programme.id
