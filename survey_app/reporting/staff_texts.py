"""Which texts wait, left, failed or were refused, as a service's staff see them?

Rows carry the case reference, never a number, a name or the words of a text. A person who was
refused a text has no text: those rows come from the requests. Lists page by key, newest first.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from survey_app.domain.backlog_pace import NEAR_QUIET_TIME
from survey_app.domain.requests import OPEN_STATES, MessageState
from survey_app.domain.safe_contact import Refusal
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import ContactDecision, SurveyRequest

PAGE = 25
_POSTPONED = (Refusal.OUTSIDE_SAFE_HOURS, Refusal.TEXTED_LATELY, NEAR_QUIET_TIME)
IS_POSTPONED = OutboxMessage.reason.in_(_POSTPONED)
"""Of a pending text: deferred, because the contact rule said later. Other pending texts wait."""


class Shown(StrEnum):
    """What a list can be narrowed to."""

    WAITING = "waiting"
    DEFERRED = "deferred"
    REFUSED = "refused"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNDECIDED = "undecided"
    TAKEN_BACK = "taken-back"


_STATES: dict[Shown, tuple[MessageState, ...]] = {
    Shown.WAITING: (MessageState.PENDING, MessageState.SENDING),
    Shown.SENT: (MessageState.ACCEPTED,),
    Shown.DELIVERED: (MessageState.DELIVERED,),
    Shown.FAILED: (MessageState.FAILED,),
    Shown.UNDECIDED: (MessageState.UNKNOWN,),
    Shown.TAKEN_BACK: (MessageState.CANCELLED,),
}


@dataclass(frozen=True)
class StaffText:
    """One text, or (`message_id` None) one request whose person was refused a text."""

    id: int
    """What the list pages by."""
    request_id: int
    case_ref: str
    wave: str
    shown: Shown
    reason: str | None
    due_at: datetime
    created_at: datetime
    channel: str | None
    """Over which channel the request goes on."""
    message_id: int | None = None
    kind: str | None = None
    ordinal: int = 0
    state: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    settled_at: datetime | None = None
    failure_code: str | None = None
    segments: int | None = None
    wording: str | None = None
    """In which wording an invitation was written, where it is not the usual one."""


def count_texts(session: Session, service_id: int) -> dict[Shown, int]:
    """How many rows each list has; two grouped queries."""
    counts = dict.fromkeys(Shown, 0)
    rows = session.execute(
        select(OutboxMessage.state, func.count(), func.count().filter(IS_POSTPONED))
        .where(OutboxMessage.service_id == service_id)
        .group_by(OutboxMessage.state)
    )
    for state, number, postponed in rows:
        is_pending = state == MessageState.PENDING
        counts[Shown.DEFERRED] += postponed if is_pending else 0
        counts[_shown(state)] += number - (postponed if is_pending else 0)
    counts[Shown.REFUSED] = sum(count_refused(session, service_id).values())
    return counts


def count_refused(session: Session, service_id: int) -> dict[str, int]:
    """Open requests whose person may not be texted as things stand, by reason, most first."""
    rows = session.execute(
        select(SurveyRequest.refusal, func.count())
        .where(SurveyRequest.service_id == service_id, *_REFUSED)
        .group_by(SurveyRequest.refusal)
        .order_by(func.count().desc(), SurveyRequest.refusal)
    )
    return {reason: number for reason, number in rows if reason is not None}


def list_texts(
    session: Session,
    service_id: int,
    shown: Shown | None = None,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> list[StaffText]:
    """Texts, newest first, narrowed to one list (None: all texts); `before` is the key."""
    if shown is Shown.REFUSED:
        return _refused(session, service_id, before, limit)
    query = text_rows().where(OutboxMessage.service_id == service_id)
    if shown is Shown.DEFERRED:
        query = query.where(OutboxMessage.state == MessageState.PENDING, IS_POSTPONED)
    elif shown is not None:
        query = query.where(OutboxMessage.state.in_(_STATES[shown]))
        if shown is Shown.WAITING:
            query = query.where(IS_POSTPONED.is_not(True))
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    rows = session.execute(query.order_by(OutboxMessage.id.desc()).limit(limit))
    return [staff_text(row) for row in rows]


def texts_of_request(session: Session, request_id: int) -> list[StaffText]:
    """Every text of one request, newest first."""
    query = text_rows().where(OutboxMessage.request_id == request_id)
    return [staff_text(row) for row in session.execute(query.order_by(OutboxMessage.id.desc()))]


def decisions_of_request(
    session: Session, request_id: int, limit: int = PAGE
) -> list[ContactDecision]:
    """What the contact rule said of one request, newest first, with the facts it went by."""
    return list(
        session.scalars(
            select(ContactDecision)
            .where(ContactDecision.request_id == request_id)
            .order_by(ContactDecision.id.desc())
            .limit(limit)
        )
    )


_REFUSED: tuple[ColumnElement[bool], ...] = (
    SurveyRequest.refusal.is_not(None),
    SurveyRequest.state.in_(OPEN_STATES),
)


def text_rows() -> Select[Any]:
    """Every text with what its list shows beside it; each row is for `staff_text`."""
    return (
        select(
            OutboxMessage,
            SurveyRequest.wave,
            SurveyRequest.channel,
            Case.case_ref,
        )
        .join(SurveyRequest, SurveyRequest.id == OutboxMessage.request_id)
        .join(Case, Case.id == SurveyRequest.case_id)
    )


def staff_text(row: Any) -> StaffText:
    """One row of `text_rows`."""
    message: OutboxMessage = row[0]
    return StaffText(
        id=message.id,
        request_id=message.request_id,
        case_ref=row.case_ref,
        wave=row.wave,
        shown=_shown(message.state, is_postponed=message.reason in _POSTPONED),
        message_id=message.id,
        kind=message.kind,
        ordinal=message.ordinal,
        state=message.state,
        reason=message.reason,
        due_at=message.due_at,
        created_at=message.created_at,
        sent_at=message.sent_at,
        delivered_at=message.delivered_at,
        settled_at=message.settled_at,
        failure_code=message.failure_code,
        segments=message.segments,
        wording=message.wording,
        channel=row.channel,
    )


def _refused(session: Session, service_id: int, before: int | None, limit: int) -> list[StaffText]:
    query = (
        select(
            SurveyRequest.id,
            Case.case_ref,
            SurveyRequest.wave,
            SurveyRequest.refusal,
            SurveyRequest.due_at,
            SurveyRequest.created_at,
            SurveyRequest.channel,
        )
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(SurveyRequest.service_id == service_id, *_REFUSED)
    )
    if before is not None:
        query = query.where(SurveyRequest.id < before)
    rows = session.execute(query.order_by(SurveyRequest.id.desc()).limit(limit))
    return [
        StaffText(
            id=row.id,
            request_id=row.id,
            case_ref=row.case_ref,
            wave=row.wave,
            shown=Shown.REFUSED,
            reason=row.refusal,
            due_at=row.due_at,
            created_at=row.created_at,
            channel=row.channel,
        )
        for row in rows
    ]


def _shown(state: str, *, is_postponed: bool = False) -> Shown:
    if state == MessageState.PENDING and is_postponed:
        return Shown.DEFERRED
    return next(shown for shown, states in _STATES.items() if state in states)
