"""Builders: somebody to be rung, who rings, and a call taken."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import InstrumentSnapshot, Service
from survey_app.usecases.take_call import Caller, take_call
from tests.builders import a_person, an_instrument
from tests.links import SHIPPED
from tests.staff import an_account
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

BY_PHONE = {"channels": ["sms", "phone"], "channel": "phone"}


def a_call(
    session: Session,
    service: Service | None = None,
    *keys: str,
    person: dict[str, Any] | None = None,
    **facts: Any,
) -> SurveyRequest:
    """A request of somebody who may be rung, now, and who never agreed to be texted.

    Without keys it asks `short-satisfaction`.
    """
    service = service or a_texting_service(session)
    keys = keys or ("short-satisfaction",)
    for key in keys:
        if session.scalar(select(InstrumentSnapshot.id).where(InstrumentSnapshot.key == key)):
            continue
        an_instrument(session, key, SHIPPED[key, "1"].model_dump(mode="json"))
    somebody = a_person(
        session, service, **({"call_safe": "yes", "sms_consent": "no"} | (person or {}))
    )
    facts = (
        BY_PHONE | {"instruments": [[key, "1"] for key in keys], "refusal": "no-consent"} | facts
    )
    return a_due_request(session, service, somebody, **facts)


def a_caller(session: Session, service_id: int, now: datetime = NOON) -> Caller:
    """An interviewer of the service."""
    service = session.get_one(Service, service_id)
    return Caller(an_account(session, (service, Role.INTERVIEWER)).id, service_id, now)


def taken(session: Session, request: SurveyRequest, now: datetime = NOON) -> Caller:
    """Somebody who has just been shown the number of this request."""
    caller = a_caller(session, request.service_id, now)
    assert take_call(session, request.id, caller) is None
    return caller
