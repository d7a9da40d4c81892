"""Whose texts were of no use, so that they are to be rung? The programme names the next channel.

Somebody who has had their last reminder and not answered goes over to a call, where the programme
asks by phone after text and the contact rule allows it. Their link stays good.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.calls import AFTER_LAST_TEXT
from survey_app.domain.requests import Channel, MessageState, RequestState
from survey_app.domain.safe_contact import Outcome, judge
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import record_decision
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest

_UNDER_WAY = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)


@dataclass
class Turned:
    """What one batch did. `last_id` is None once no request is left."""

    to_calls: int = 0
    last_id: int | None = None

    def add(self, other: "Turned") -> None:
        """Take another batch's figures in."""
        self.to_calls += other.to_calls


def turn_to_calls(
    session: Session, now: datetime, *, after_id: int = 0, limit: int = 500
) -> Turned:
    """Look at up to `limit` unanswered requests after an id, and have those rung who are due."""
    asked = session.execute(
        select(
            SurveyRequest.id,
            SurveyRequest.channels,
            SurveyRequest.reminder_days,
            SurveyRequest.first_text_accepted_at,
        )
        .where(
            SurveyRequest.id > after_id,
            SurveyRequest.state.in_([RequestState.ASKED, RequestState.STARTED]),
            SurveyRequest.channel == Channel.SMS,
            SurveyRequest.first_text_accepted_at <= now - AFTER_LAST_TEXT,
            SurveyRequest.expires_at > now,
        )
        .order_by(SurveyRequest.id)
        .limit(limit)
    ).all()
    turned = Turned(last_id=asked[-1].id if asked else None)
    due = [
        row.id
        for row in asked
        if Channel.PHONE in row.channels
        and row.first_text_accepted_at + _days_of_texts(row.reminder_days) <= now
    ]
    if due:
        turned.to_calls = _turn(session, _without_texts(session, due, now), now)
    return turned


def _days_of_texts(reminder_days: Collection[int]) -> timedelta:
    return timedelta(days=max(reminder_days, default=0)) + AFTER_LAST_TEXT


def _without_texts(
    session: Session, request_ids: Collection[int], now: datetime
) -> Collection[int]:
    """Those of whom no text is under way, and none went out of late: reminders may be deferred."""
    busy = session.scalars(
        select(OutboxMessage.request_id)
        .where(OutboxMessage.request_id.in_(request_ids))
        .group_by(OutboxMessage.request_id)
        .having(
            or_(
                func.max(OutboxMessage.sent_at) > now - AFTER_LAST_TEXT,
                func.sum(case((OutboxMessage.state.in_(_UNDER_WAY), 1), else_=0)) > 0,
            )
        )
    )
    return set(request_ids) - set(busy)


def _turn(session: Session, request_ids: Collection[int], now: datetime) -> int:
    requests = session.scalars(
        select(SurveyRequest)
        .where(
            SurveyRequest.id.in_(request_ids),
            SurveyRequest.state.in_([RequestState.ASKED, RequestState.STARTED]),
            SurveyRequest.channel == Channel.SMS,
        )
        .order_by(SurveyRequest.id)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    facts = contact_facts(session, [request.id for request in requests])
    turned = 0
    for request in requests:
        verdict = judge(Channel.PHONE, facts[request.id], now)
        if verdict.outcome is not Outcome.NO:
            request.channel = Channel.PHONE
            turned += 1
        record_decision(session, request, Channel.PHONE, verdict, facts[request.id], now)
    return turned
