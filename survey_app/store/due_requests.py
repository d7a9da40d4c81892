"""Which requests are due for a text that nobody has written yet?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from survey_app.domain.reminders import SHORTEST_GAP, TextSoFar, next_reminder
from survey_app.domain.requests import Channel, MessageKind, MessageState, RequestState
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest


def awaits_invitation(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of a request: due, and without an invitation that left, waits, or failed."""
    invitation = aliased(OutboxMessage)
    has_invitation = (
        select(invitation.id)
        .where(
            invitation.request_id == SurveyRequest.id,
            invitation.kind == MessageKind.INVITATION,
            invitation.state != MessageState.CANCELLED,
        )
        .exists()
    )
    return (
        SurveyRequest.state == RequestState.WAITING,
        SurveyRequest.due_at <= now,
        SurveyRequest.expires_at > now,
        ~has_invitation,
    )


class Asked(NamedTuple):
    """A request that was asked by text and has not ended."""

    id: int
    service_id: int
    first_text_at: datetime
    days: Sequence[int]
    """The reminders', after the first text."""
    refusal: str | None


def asked_by_text(session: Session, now: datetime, *, after_id: int, limit: int) -> list[Asked]:
    """Up to `limit` requests after an id whose first text is old enough for a reminder."""
    rows = session.execute(
        select(
            SurveyRequest.id,
            SurveyRequest.service_id,
            SurveyRequest.first_text_accepted_at,
            SurveyRequest.reminder_days,
            SurveyRequest.refusal,
        )
        .where(
            SurveyRequest.id > after_id,
            SurveyRequest.state.in_([RequestState.ASKED, RequestState.STARTED]),
            SurveyRequest.channel == Channel.SMS,
            SurveyRequest.first_text_accepted_at <= now - SHORTEST_GAP,
            SurveyRequest.expires_at > now,
        )
        .order_by(SurveyRequest.id)
        .limit(limit)
    )
    return [Asked(*row) for row in rows]


def due_reminders(session: Session, asked: Sequence[Asked], now: datetime) -> dict[int, int]:
    """The ordinal of the reminder that is due, by request id, where one is."""
    texts: defaultdict[int, list[TextSoFar]] = defaultdict(list)
    rows = session.execute(
        select(
            OutboxMessage.request_id,
            OutboxMessage.kind,
            OutboxMessage.ordinal,
            OutboxMessage.state,
            OutboxMessage.sent_at,
        ).where(OutboxMessage.request_id.in_([request.id for request in asked]))
    )
    for request_id, *text in rows:
        texts[request_id].append(TextSoFar(*text))
    due = {}
    for request in asked:
        ordinal = next_reminder(request.first_text_at, request.days, texts[request.id], now)
        if ordinal is not None:
            due[request.id] = ordinal
    return due
