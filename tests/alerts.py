"""Builders of alerts: `an_alert(session)`, on an answer of its own."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import AlertKind
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot
from tests.builders import a_case, an_instrument
from tests.links import SHIPPED
from tests.world import NOON


def an_alert(
    session: Session, case: Case | None = None, *, text: str = "They listened.", **facts: Any
) -> Alert:
    """An open alert on a free text, due in two days; another answer stands beside it."""
    case = case or a_case(session)
    instrument = session.scalar(
        select(InstrumentSnapshot).where(InstrumentSnapshot.key == "sus-tier-1")
    ) or an_instrument(session, "sus-tier-1", SHIPPED["sus-tier-1", "1"].model_dump(mode="json"))
    response = Response(
        service_id=case.service_id,
        case_id=case.id,
        wave="closure",
        instrument_id=instrument.id,
        mode="sms-link",
        language="en",
        started_at=NOON,
    )
    session.add(response)
    session.flush()
    for item, code, words in (("satisfied", "neither", None), ("comment", "", text)):
        session.add(
            Answer(response_id=response.id, item=item, code=code, text=words, answered_at=NOON)
        )
    facts = {
        "kind": AlertKind.FREE_TEXT,
        "item": "comment",
        "raised_at": NOON,
        "due_at": NOON + timedelta(days=2),
    } | facts
    alert = Alert(service_id=case.service_id, case_id=case.id, response_id=response.id, **facts)
    session.add(alert)
    session.flush()
    return alert
