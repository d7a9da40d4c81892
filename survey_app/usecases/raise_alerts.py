"""Something was said that a person on the staff should see, by when?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import AlertKind
from survey_app.domain.urgency import is_urgent
from survey_app.store.alerts import Alert
from survey_app.store.requests import SurveyRequest
from survey_app.store.urgent_words import urgent_words


@dataclass(frozen=True)
class Occasion:
    """The answer that makes an alert: whose case, which response, which question."""

    service_id: int
    case_id: int
    response_id: int
    item: str


def raise_alert(
    session: Session,
    kind: AlertKind,
    occasion: Occasion,
    *,
    due_hours: int,
    now: datetime,
    text: str = "",
) -> Alert:
    """Put an alert on the service's list, due in `due_hours` (the service's setting).

    One for each response, kind and item. Where it is on the list already it stays as it is, save
    that `text`, what was written, may make it urgent; where staff had closed it, it is opened
    again, because something was said since they looked.
    """
    urgent = is_urgent(kind, text, urgent_words(session, occasion.service_id) if text else ())
    alert = session.scalar(
        select(Alert).where(
            Alert.response_id == occasion.response_id,
            Alert.kind == kind,
            Alert.item == occasion.item,
        )
    )
    if alert is None:
        alert = Alert(
            service_id=occasion.service_id,
            case_id=occasion.case_id,
            response_id=occasion.response_id,
            kind=kind,
            item=occasion.item,
        )
        session.add(alert)
    elif alert.closed_at is None:
        alert.is_urgent = alert.is_urgent or urgent
        return alert
    alert.is_urgent = urgent
    alert.raised_at = now
    alert.due_at = now + timedelta(hours=due_hours)
    alert.claimed_by_id = alert.claimed_at = None
    alert.closed_by_id = alert.closed_at = alert.outcome = None
    session.flush()
    return alert


def raise_call_alert(
    session: Session, kind: AlertKind, request: SurveyRequest, *, due_hours: int, now: datetime
) -> Alert:
    """Put what happened on a call on the service's list; nothing was written, so it has no text."""
    alert = Alert(
        service_id=request.service_id,
        case_id=request.case_id,
        request_id=request.id,
        kind=kind,
        item="",
        is_urgent=is_urgent(kind, "", ()),
        raised_at=now,
        due_at=now + timedelta(hours=due_hours),
    )
    session.add(alert)
    session.flush()
    return alert
