"""A link's last question was answered, or someone pressed "Finish now"."""

from datetime import datetime

from sqlalchemy import exists, update
from sqlalchemy.orm import Session

from survey_app.domain.periods import london_day
from survey_app.domain.requests import EndReason, RequestState
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.usecases.refresh_pairs import refresh_pairs
from survey_app.usecases.respond.links import Link


def finish(session: Session, link: Link, reason: EndReason, *, now: datetime) -> None:
    """End the request: its answers count from today, nothing more is sent, its pairs are made anew.

    `link` must be open and found with `lock`. A response counts as complete with at least one
    answer (FORMATS.md, "Completed"); one in which everything was skipped has ended all the same.
    """
    has_answer = exists().where(Answer.response_id == Response.id, Answer.is_skipped.is_(False))
    session.execute(
        update(Response)
        .where(Response.request_id == link.request_id)
        .values(completed_at=now, counts_on=london_day(now), is_complete=has_answer)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(SurveyRequest)
        .where(SurveyRequest.id == link.request_id)
        .values(state=RequestState.COMPLETED, end_reason=reason, ended_at=now)
    )
    cancel_queued(session, request_ids=[link.request_id], reason=reason, now=now)
    refresh_pairs(session, [link.case_id])
