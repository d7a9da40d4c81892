"""Which requests have run out of time? Ends them; what was answered until then counts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import OPEN_STATES, EndReason, RequestState
from survey_app.domain.safe_hours import LONDON
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.usecases.refresh_pairs import refresh_pairs


class Expired(NamedTuple):
    """How many requests ended, and how many of them had been started."""

    requests: int
    with_answers: int


def expire_due(session: Session, now: datetime, *, limit: int = 500) -> Expired:
    """End up to `limit` open requests whose time is over, on the day on which it was over.

    However late this runs, a request ends at its own expiry, so that no figure depends on when a
    worker was up. Answers count from the London day of expiry; the response stays incomplete.
    """
    requests = session.scalars(
        select(SurveyRequest)
        .where(SurveyRequest.state.in_(OPEN_STATES), SurveyRequest.expires_at <= now)
        .order_by(SurveyRequest.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    if not requests:
        return Expired(0, 0)
    by_id = {request.id: request for request in requests}
    for request in requests:
        request.state = RequestState.EXPIRED
        request.end_reason = EndReason.EXPIRED
        request.ended_at = request.expires_at
    cancel_queued(session, request_ids=by_id, reason="request-expired", now=now)
    responses = session.scalars(
        select(Response).where(Response.request_id.in_(by_id), Response.counts_on.is_(None))
    ).all()
    for response in responses:
        assert response.request_id is not None
        ended_at = by_id[response.request_id].expires_at
        response.counts_on = ended_at.astimezone(LONDON).date()
    session.flush()
    refresh_pairs(session, {response.case_id for response in responses})
    return Expired(len(requests), len({response.request_id for response in responses}))
