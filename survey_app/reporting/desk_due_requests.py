"""Which requests wait for somebody: refused a text, or to be asked by phone?"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from survey_app.domain.hold_decisions import FACTS_CONTRADICT
from survey_app.domain.requests import OPEN_STATES, Channel
from survey_app.domain.safe_contact import Refusal
from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.desk_due import (
    Desk,
    DueKind,
    DueList,
    DueRow,
    instant_key,
    one_page,
    worker_of,
)
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest

CALL_WITHIN = timedelta(days=2)
"""The contact target: after it a call is overdue."""


def refused_texts(desk: Desk, limit: int | None, after: tuple[str, int] | None) -> DueList:
    query = (
        select(
            SurveyRequest.id,
            SurveyRequest.wave,
            SurveyRequest.refusal,
            SurveyRequest.due_at,
            Case.case_ref,
        )
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(
            SurveyRequest.service_id == desk.service_id,
            SurveyRequest.refusal.is_not(None),
            # Details that are too old, and facts that contradict, stand in lists of their own.
            SurveyRequest.refusal.not_in((Refusal.SAFETY_DETAILS_STALE, FACTS_CONTRADICT)),
            SurveyRequest.state.in_(OPEN_STATES),
            SurveyRequest.due_at <= desk.now,
            *desk.mine,
        )
    )
    return _of_requests(desk, query, DueKind.REFUSED, limit, after, late_after=None)


def calls_due(desk: Desk, limit: int | None, after: tuple[str, int] | None) -> DueList:
    query = (
        select(
            SurveyRequest.id,
            SurveyRequest.wave,
            SurveyRequest.due_at,
            SurveyRequest.refusal,
            Case.case_ref,
        )
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(
            SurveyRequest.service_id == desk.service_id,
            SurveyRequest.channel == Channel.PHONE,
            SurveyRequest.call_made_at.is_(None),
            SurveyRequest.state.in_(OPEN_STATES),
            SurveyRequest.due_at <= desk.now,
            *desk.mine,
        )
    )
    return _of_requests(desk, query, DueKind.CALLS, limit, after, late_after=CALL_WITHIN)


def _of_requests(
    desk: Desk,
    query: Select[Any],
    kind: DueKind,
    limit: int | None,
    after: tuple[str, int] | None,
    *,
    late_after: timedelta | None,
) -> DueList:
    due_at = SurveyRequest.due_at
    rows, total = one_page(desk, query, due_at, SurveyRequest.id, limit, instant_key(after))
    return DueList(
        tuple(
            DueRow(
                kind=kind,
                case_ref=row.case_ref,
                worker=worker_of(row),
                since=row.due_at.astimezone(LONDON).date(),
                is_overdue=late_after is not None and row.due_at + late_after < desk.now,
                key=(row.due_at.isoformat(), row.id),
                reason=row.refusal,
                wave=row.wave,
                request_id=row.id,
            )
            for row in rows
        ),
        total,
    )
