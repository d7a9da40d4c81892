"""Someone takes their answers back: what they said goes, that they were asked stays.

On the page for reference codes, or through the staff at their request. It cannot be undone.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey_app.domain.requests import AlertKind, EndReason, RequestState, Wave
from survey_app.messaging.outbox import cancel_queued
from survey_app.messaging.tokens import revoke_tokens
from survey_app.store.alerts import Alert
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.reference_codes import ReferenceCode
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.usecases.refresh_pairs import refresh_pairs


def withdraw_by_code(session: Session, request_id: int, now: datetime) -> None:
    """Erase what was said to this request, as its code's holder asks."""
    request = session.scalars(
        select(SurveyRequest).where(SurveyRequest.id == request_id).with_for_update()
    ).one()
    withdraw_answers(session, request.case_id, Wave(request.wave), now=now)


def withdraw_answers(
    session: Session,
    case_id: int,
    wave: Wave,
    *,
    now: datetime,
    account_id: int | None = None,
    how: str | None = None,
) -> int:
    """Erase every answer that the person of this case gave at this wave; how many responses held
    some. Without an account it was the person, by their code; staff say how they were asked to.

    Answers, free text and wished-for times are deleted, also of corrected and imported responses;
    readings that a caseworker scored are not the person's alone and stay. An open request ends.
    Its alerts stay, since somebody may be in danger, save those on a text that is gone.
    """
    request = session.scalar(
        select(SurveyRequest)
        .where(SurveyRequest.case_id == case_id, SurveyRequest.wave == wave)
        .with_for_update()
    )
    ids = _responses(session, case_id, wave)
    _erase(session, ids, now)
    _settle_alerts(session, ids, now)
    if request is not None:
        _end(session, request, now)
    case = session.get_one(Case, case_id)
    write_audit(
        session,
        at=now,
        actor="person" if account_id is None else "staff",
        action="withdraw-answers",
        subject="case",
        subject_id=case_id,
        service_id=case.service_id,
        account_id=account_id,
        details={"wave": wave, "responses": len(ids)} | ({"how": how} if how else {}),
    )
    session.flush()
    refresh_pairs(session, [case_id])
    return len(ids)


def _responses(session: Session, case_id: int, wave: Wave) -> Sequence[int]:
    return session.scalars(
        select(Response.id).where(
            Response.case_id == case_id,
            Response.wave == wave,
            Response.scored_by.is_(None),
            Response.withdrawn_at.is_(None),
        )
    ).all()


def _erase(session: Session, ids: Sequence[int], now: datetime) -> None:
    session.execute(
        delete(Answer)
        .where(Answer.response_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Response)
        .where(Response.id.in_(ids))
        .values(withdrawn_at=now, counts_on=None, is_complete=False)
        .execution_options(synchronize_session="fetch")
    )


def _settle_alerts(session: Session, ids: Sequence[int], now: datetime) -> None:
    alerts = session.scalars(select(Alert).where(Alert.response_id.in_(ids)).with_for_update())
    for alert in alerts:
        alert.safe_times = None
        if alert.kind == AlertKind.FREE_TEXT and alert.closed_at is None:
            alert.closed_at = now


def _end(session: Session, request: SurveyRequest, now: datetime) -> None:
    """No link leads to it any more, nothing is sent for it, and no code is needed."""
    request.state = RequestState.WITHDRAWN
    request.end_reason = EndReason.ANSWERS_WITHDRAWN
    request.ended_at = now
    request.deferred_until = None
    revoke_tokens(session, [request.id], now)
    cancel_queued(session, request_ids=[request.id], reason=EndReason.ANSWERS_WITHDRAWN, now=now)
    session.execute(delete(ReferenceCode).where(ReferenceCode.request_id == request.id))
