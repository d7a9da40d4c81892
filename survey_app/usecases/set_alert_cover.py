"""A service says who owns its alerts, and within how long they are looked at."""

from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.domain.alerts import MOST_DUE_HOURS, MOST_LOW_SAFETY_DUE_HOURS, AlertHours
from survey_app.reporting.gate_people import may_own_alerts
from survey_app.store.audit import audit_service
from survey_app.store.gate import AlertCover, find_alert_cover
from survey_app.store.services import Service
from survey_app.usecases.decider import Decider


class CoverRefusal(StrEnum):
    """Why nothing was changed."""

    OWNER_CANNOT = "owner-cannot"
    """They do not work on this service's alerts, or can no longer sign in."""
    USUAL_HOURS = "usual-hours"
    LOW_SAFETY_HOURS = "low-safety-hours"


def set_alert_cover(
    session: Session, service: Service, owner_id: int | None, hours: AlertHours, by: Decider
) -> CoverRefusal | None:
    """Set all three; alerts that are open keep the due time that they have."""
    session.refresh(service, with_for_update=True)
    if not 1 <= hours.usual <= MOST_DUE_HOURS:
        return CoverRefusal.USUAL_HOURS
    if not 1 <= hours.low_safety <= MOST_LOW_SAFETY_DUE_HOURS:
        return CoverRefusal.LOW_SAFETY_HOURS
    able = {colleague.account_id for colleague in may_own_alerts(session, service.id)}
    if owner_id is None or owner_id not in able:
        return CoverRefusal.OWNER_CANNOT
    cover = find_alert_cover(session, service.id)
    if cover is None:
        cover = AlertCover(service_id=service.id)
        session.add(cover)
    cover.owner_id, cover.at = owner_id, by.now
    service.alert_due_hours, service.low_safety_due_hours = hours.usual, hours.low_safety
    details = {"owner": owner_id, "hours": hours.usual, "low_safety_hours": hours.low_safety}
    audit_service(
        session, service, "set-alert-cover", {**details, **by.reason}, by.now, by.account_id
    )
    session.flush()
    return None
