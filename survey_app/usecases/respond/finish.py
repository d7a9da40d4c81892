"""A link's last question was answered, or someone pressed "Finish now"."""

from datetime import datetime

from sqlalchemy import bindparam, exists, inspect, update
from sqlalchemy.orm import Session

from survey_app.domain.periods import london_day
from survey_app.domain.requests import EndReason, RequestState
from survey_app.messaging.outbox import cancel_queued_of
from survey_app.store.prepared import Prepared
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.usecases.refresh_pairs import refresh_pairs
from survey_app.usecases.respond.links import Link

_requests, _responses, _answers = (
    inspect(mapped).local_table for mapped in (SurveyRequest, Response, Answer)
)
_COMPLETE = Prepared(
    update(_responses)
    .where(_responses.c.request_id == bindparam("of_request"))
    .values(
        completed_at=bindparam("now"),
        counts_on=bindparam("today"),
        is_complete=exists().where(
            _answers.c.response_id == _responses.c.id, _answers.c.is_skipped.is_(False)
        ),
    ),
    _responses.c.service_id,
)
_END = Prepared(
    update(_requests)
    .where(_requests.c.id == bindparam("of_request"))
    .values(
        state=RequestState.COMPLETED,
        end_reason=bindparam("why"),
        ended_at=bindparam("now"),
    ),
    _requests.c.service_id,
)


def finish(session: Session, link: Link, reason: EndReason, *, now: datetime) -> None:
    """End the request: its answers count from today, nothing more is sent, its pairs are made anew.

    `link` must be open and found with `lock`. A response counts as complete with at least one
    answer (FORMATS.md, "Completed"); one in which everything was skipped has ended all the same.
    """
    ended = {"of_request": link.request_id, "now": now}
    _COMPLETE.put(session, {**ended, "today": london_day(now)})
    _END.put(session, {**ended, "why": reason})
    cancel_queued_of(session, link.request_id, reason=reason, now=now)
    refresh_pairs(session, [link.case_id])
