"""What becomes of an open request when its answers arrive in a file?"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from survey_app.domain.file_cells import LONDON
from survey_app.domain.requests import OPEN_STATES, EndReason, Mode, RequestState, Wave
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response

Given = Mapping[tuple[int, Wave], tuple[Mode, date]]
"""By case id and wave: how and on which day the answers were given."""


def end_by_import(session: Session, given: Given, now: datetime) -> int:
    """End the open requests of these cases and waves, taking their queued texts back; how many.

    Answers begun over a link count from today: each item stands alone (FORMATS.md).
    """
    requests = session.scalars(
        select(SurveyRequest)
        .where(
            tuple_(SurveyRequest.case_id, SurveyRequest.wave).in_(list(given)),
            SurveyRequest.state.in_(OPEN_STATES),
        )
        .order_by(SurveyRequest.id)
        .with_for_update()
    ).all()
    for request in requests:
        mode, day = given[request.case_id, Wave(request.wave)]
        _end(request, mode, instant_on(day, now), now)
    ids = [request.id for request in requests]
    if ids:
        session.flush()
        session.execute(
            update(Response)
            .where(Response.request_id.in_(ids), Response.counts_on.is_(None))
            .values(counts_on=now.astimezone(LONDON).date())
            .execution_options(synchronize_session=False)
        )
        cancel_queued(session, request_ids=ids, reason=EndReason.IMPORTED, now=now)
    return len(ids)


def _end(request: SurveyRequest, mode: Mode, at: datetime, now: datetime) -> None:
    """Whoever answered was asked, was reached and has started, by whatever way it came about."""
    request.state = RequestState.COMPLETED
    request.end_reason = EndReason.IMPORTED
    request.ended_at = now
    request.deferred_until = None
    request.started_at = request.started_at or at
    request.reached_at = request.reached_at or at
    if mode is Mode.PHONE:
        request.call_made_at = request.call_made_at or at
    elif mode in (Mode.IN_PERSON, Mode.PAPER):
        request.handed_over_at = request.handed_over_at or at


def instant_on(day: date, now: datetime) -> datetime:
    """The instant that stands for a day of which the hour is not known: noon in London, or now."""
    return min(datetime.combine(day, time(12), LONDON).astimezone(UTC), now)
