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
    session: Session, link: Link, questionnaire: Questionnaire, *, now: datetime, language: str
) -> None:
    """Start the request, with one empty response an instrument; resuming changes nothing.

    `link` must be open and found with `lock`.
    """
    if link.is_started:
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
                "mode": Mode.SMS_LINK,
                "language": language,
                "started_at": now,
            }
            for instrument in questionnaire.instruments
        ],
    )
