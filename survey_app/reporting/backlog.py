"""Who has been waiting for a first text while a service did not send, and since when?

Only those whom the contact rule lets be texted: whoever it refuses waits for a fact, not for us.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import london_day
from survey_app.domain.requests import Channel, RequestState
from survey_app.store.contact_facts import PERHAPS_SENT
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest


@dataclass(frozen=True)
class Backlog:
    """How many requests wait for their first text. `weeks`: the Monday of each London week in which
    some of them fell due, oldest first, and how many."""

    total: int
    since: datetime | None
    """When the first of them fell due."""
    weeks: tuple[tuple[date, int], ...]


def backlog(session: Session, service_id: int, now: datetime) -> Backlog:
    """What waits in one service, in one grouped query."""
    rows = session.execute(
        select(SurveyRequest.due_at, func.count())
        .where(*waits_for_first_text(service_id, now))
        .group_by(SurveyRequest.due_at)
    ).all()
    weeks: Counter[date] = Counter()
    for due_at, number in rows:
        day = london_day(due_at)
        weeks[day - timedelta(days=day.weekday())] += number
    return Backlog(
        total=weeks.total(),
        since=min((due_at for due_at, _ in rows), default=None),
        weeks=tuple(sorted(weeks.items())),
    )


def waits_for_first_text(service_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Requests that are due and may be texted, of which no text left, or may have left: its link
    could be in somebody's hands."""
    perhaps_sent = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.request_id == SurveyRequest.id,
            OutboxMessage.state.in_(PERHAPS_SENT),
        )
        .exists()
    )
    return (
        SurveyRequest.service_id == service_id,
        SurveyRequest.state == RequestState.WAITING,
        SurveyRequest.channel == Channel.SMS,
        SurveyRequest.refusal.is_(None),
        SurveyRequest.due_at <= now,
        ~perhaps_sent,
    )
