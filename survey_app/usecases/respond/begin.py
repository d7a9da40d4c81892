"""Someone pressed start."""

from datetime import datetime

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.orm import Session

from survey_app.domain.requests import Mode, RequestState
from survey_app.store.prepared import Prepared
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.stale_facts import mark_stale
from survey_app.usecases.respond.links import Link
from survey_app.usecases.respond.questionnaire import Questionnaire

_requests, _responses = (inspect(mapped).local_table for mapped in (SurveyRequest, Response))
_START = Prepared(
    update(_requests)
    .where(_requests.c.id == bindparam("of_request"))
    .values(
        state=RequestState.STARTED,
        started_at=bindparam("now"),
        language=bindparam("in_language"),
    ),
    _requests.c.service_id,
)
_RESPOND = Prepared.insert(
    _responses,
    wave=select(_requests.c.wave)
    .where(_requests.c.id == bindparam("of_request"))
    .scalar_subquery(),
)


def begin(
    session: Session,
    link: Link,
    questionnaire: Questionnaire,
    *,
    now: datetime,
    language: str,
    mode: Mode = Mode.SMS_LINK,
) -> None:
    """Start the request, with one empty response an instrument.

    Resuming changes nothing but the language. `link` must be open and found with `lock`; `language`
    is the tag of the one that the pages are read in from now on.
    """
    if link.is_started:
        if language != link.language:
            _change_language(session, link, language)
        return
    mark_stale(session, [link.case_id])
    _START.put(session, {"of_request": link.request_id, "now": now, "in_language": language})
    for instrument in questionnaire.instruments:
        left_out = sorted(questionnaire.left_out.get(instrument.key, ()))
        _RESPOND.put(
            session,
            {
                "service_id": link.service_id,
                "case_id": link.case_id,
                "request_id": link.request_id,
                "of_request": link.request_id,
                "instrument_id": questionnaire.snapshot_ids[instrument.key],
                "mode": mode,
                "language": language,
                "started_at": now,
                "left_out": ";".join(left_out) or None,
            },
        )


def _change_language(session: Session, link: Link, language: str) -> None:
    """Someone goes on in another language: what is answered then counts as answered in it."""
    session.execute(
        update(SurveyRequest).where(SurveyRequest.id == link.request_id).values(language=language)
    )
    session.execute(
        update(Response).where(Response.request_id == link.request_id).values(language=language)
    )
