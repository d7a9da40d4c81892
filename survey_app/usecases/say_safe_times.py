"""Someone who asked to be contacted says when that is safe; staff read it on the alert."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Weekday
from survey_app.domain.contact_times import Daytime, Way
from survey_app.domain.requests import AlertKind
from survey_app.store.alerts import Alert
from survey_app.store.prepared import Prepared
from survey_app.store.responses import Response

NOTE_LIMIT = 500
"""Characters."""

_alerts, _responses = (inspect(mapped).local_table for mapped in (Alert, Response))
_WISH = Prepared(
    select(_alerts.c.safe_times.is_not(None).label("says_when"))
    .select_from(_alerts)
    .join(_responses, _responses.c.id == _alerts.c.response_id)
    .where(
        _responses.c.request_id == bindparam("request_id"),
        _alerts.c.kind == AlertKind.CONTACT_WISH,
        _alerts.c.closed_at.is_(None),
    )
    .order_by(_alerts.c.id)
    .limit(1),
    _alerts.c.service_id,
)


class ContactWish(StrEnum):
    """How far somebody got who asked, in this request, to be contacted."""

    WITHOUT_TIMES = "without-times"
    WITH_TIMES = "with-times"


def find_contact_wish(session: Session, request_id: int) -> ContactWish | None:
    """Whether somebody asked in this request to be contacted, and waits for it."""
    found = _WISH.rows(session, {"request_id": request_id})
    if not found:
        return None
    return ContactWish.WITH_TIMES if found[0].says_when else ContactWish.WITHOUT_TIMES


def _lock_contact_wish(session: Session, request_id: int) -> Alert | None:
    return session.scalar(
        select(Alert)
        .join(Response, Response.id == Alert.response_id)
        .where(
            Response.request_id == request_id,
            Alert.kind == AlertKind.CONTACT_WISH,
            Alert.closed_at.is_(None),
        )
        .order_by(Alert.id)
        .limit(1)
        .with_for_update(of=Alert)
    )


def say_safe_times(
    session: Session,
    request_id: int,
    *,
    days: Sequence[str],
    times: Sequence[str],
    ways: Sequence[str],
    note: str,
    now: datetime,
) -> bool:
    """Put what the person said on their alert, sealed; False where there is none any more.

    Only what the page offers is kept. It changes no safety detail: a caseworker does, who has
    talked to them. Saying it again replaces what was said before.
    """
    alert = _lock_contact_wish(session, request_id)
    if alert is None:
        return False
    alert.safe_times = {
        "days": [day for day in Weekday if day in days],
        "times": [time for time in Daytime if time in times],
        "ways": [way for way in Way if way in ways],
        "note": note.strip()[:NOTE_LIMIT],
        "said_at": now.isoformat(),
    }
    return True
