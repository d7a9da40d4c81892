"""Someone pressed start."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey_app.domain.requests import Mode, RequestState
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.usecases.respond.links import Link
from survey_app.usecases.respond.questionnaire import Questionnaire


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
    session.execute(
        update(SurveyRequest)
        .where(SurveyRequest.id == link.request_id)
        .values(state=RequestState.STARTED, started_at=now, language=language)
    )
    wave = select(SurveyRequest.wave).where(SurveyRequest.id == link.request_id).scalar_subquery()
    session.execute(
        insert(Response).values(wave=wave),
        [
            {
                "service_id": link.service_id,
                "case_id": link.case_id,
                "request_id": link.request_id,
                "instrument_id": questionnaire.snapshot_ids[instrument.key],
                "mode": mode,
                "language": language,
                "started_at": now,
                "left_out": ";".join(sorted(questionnaire.left_out.get(instrument.key, ())))
                or None,
            }
            for instrument in questionnaire.instruments
        ],
    )


def _change_language(session: Session, link: Link, language: str) -> None:
    """Someone goes on in another language: what is answered then counts as answered in it."""
    session.execute(
        update(SurveyRequest).where(SurveyRequest.id == link.request_id).values(language=language)
    )
    session.execute(
        update(Response).where(Response.request_id == link.request_id).values(language=language)
    )
