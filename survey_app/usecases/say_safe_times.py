"""Someone who asked to be contacted says when that is safe; staff read it on the alert."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Weekday
from survey_app.domain.contact_times import Daytime, Way
from survey_app.domain.requests import AlertKind
from survey_app.store.alerts import Alert
from survey_app.store.responses import Response

NOTE_LIMIT = 500
"""Characters."""


def find_contact_wish(session: Session, request_id: int, *, lock: bool = False) -> Alert | None:
    """The open alert of somebody who asked, in this request, to be contacted."""
    query = (
        select(Alert)
        .join(Response, Response.id == Alert.response_id)
        .where(
            Response.request_id == request_id,
            Alert.kind == AlertKind.CONTACT_WISH,
            Alert.closed_at.is_(None),
        )
        .order_by(Alert.id)
        .limit(1)
    )
    return session.scalar(query.with_for_update(of=Alert) if lock else query)


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
    alert = find_contact_wish(session, request_id, lock=True)
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
