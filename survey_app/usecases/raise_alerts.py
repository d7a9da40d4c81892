"""Something was said that a person on the staff should see, by when?"""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertHours
from survey_app.domain.requests import AlertKind
from survey_app.domain.urgency import is_urgent
from survey_app.store.alerts import Alert
from survey_app.store.prepared import Prepared
from survey_app.store.requests import SurveyRequest
from survey_app.store.urgent_words import urgent_words

_alerts = inspect(Alert).local_table
_FIND = Prepared(
    select(_alerts.c.id).where(
        _alerts.c.response_id == bindparam("of_response"),
        _alerts.c.kind == bindparam("of_kind"),
        _alerts.c.item == bindparam("about"),
    ),
    _alerts.c.service_id,
)
_RAISE = Prepared.insert(_alerts)


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
    hours: AlertHours,
    now: datetime,
    text: str = "",
) -> None:
    """Put an alert on the service's list, due within its `hours`.

    One for each response, kind and item. Where it is on the list already it stays as it is, save
    that `text`, what was written, may make it urgent; where staff had closed it, it is opened
    again, because something was said since they looked.
    """
    urgent = is_urgent(kind, text, urgent_words(session, occasion.service_id) if text else ())
    due_at = hours.due_at(kind, now)
    found = _FIND.rows(
        session, {"of_response": occasion.response_id, "of_kind": kind, "about": occasion.item}
    )
    if found:
        _raise_again(session.get_one(Alert, found[0].id), is_urgent=urgent, now=now, due_at=due_at)
        return
    new = {"kind": kind, "is_urgent": urgent, "raised_at": now, "due_at": due_at}
    _RAISE.put(session, asdict(occasion) | new)


def _raise_again(alert: Alert, *, is_urgent: bool, now: datetime, due_at: datetime) -> None:
    if alert.closed_at is None:
        alert.is_urgent = alert.is_urgent or is_urgent
        return
    alert.is_urgent = is_urgent
    alert.raised_at = now
    alert.due_at = due_at
    alert.claimed_by_id = alert.claimed_at = None
    alert.closed_by_id = alert.closed_at = alert.outcome = None


def raise_call_alert(
    session: Session, kind: AlertKind, request: SurveyRequest, *, hours: AlertHours, now: datetime
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
        due_at=hours.due_at(kind, now),
    )
    session.add(alert)
    session.flush()
    return alert
