"""Whose reminder is due? Each is a fresh decision with a fresh link; the old one still works.

Days count from the first text. Only unfinished requests are reminded; of several reminders that
have become due meanwhile (nothing ran for a while) only the last is sent.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import UNREADABLE, Channel, MessageKind, MessageState, RequestState
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.outbox import TextToQueue
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.decide_contact import decide_contacts
from survey_app.usecases.invite import (
    QueueCounts,
    count_choice,
    is_refused_as_unreadable,
    queue_and_count,
)

SHORTEST_GAP = timedelta(days=1)
"""Between two texts of one request, should one have been deferred for long."""

_UNDER_WAY = frozenset({MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN})


class TextSoFar(NamedTuple):
    """What is known of one text of a request."""

    kind: str
    ordinal: int
    state: str
    sent_at: datetime | None


def next_reminder(
    first_text_at: datetime, days: Sequence[int], texts: Collection[TextSoFar], now: datetime
) -> int | None:
    """The ordinal (1 is the first) of the reminder that is due now; None when none is.

    At most one text of a request is under way at a time. A cancelled reminder does not count as
    used: what stood against it may be over.
    """
    if any(text.state in _UNDER_WAY for text in texts):
        return None
    last_sent_at = max((text.sent_at for text in texts if text.sent_at), default=first_text_at)
    if now < last_sent_at + SHORTEST_GAP:
        return None
    used = max((text.ordinal for text in texts if text.state != MessageState.CANCELLED), default=0)
    due = [n for n, day in enumerate(days, 1) if first_text_at + timedelta(days=day) <= now]
    return due[-1] if due and due[-1] > used else None


def remind_due(
    session: Session, settings: Settings, now: datetime, *, after_id: int = 0, limit: int = 500
) -> QueueCounts:
    """Look at up to `limit` asked requests after an id, and queue the reminders that are due."""
    asked = _asked(session, now, after_id, limit)
    counts = QueueCounts()
    if not asked:
        return counts
    counts.last_id = asked[-1][0]
    ordinals = _due_ordinals(session, asked, now)
    if not ordinals:
        return counts
    rows = _locked(session, ordinals)
    choices = decide_contacts(session, [request for request, _, _ in rows], now)
    texts, unreadable = [], []
    for request, person, service in rows:
        verdict = count_choice(choices[request.id], counts)
        if verdict is not None:
            due_at = verdict.until or _due_at(request, ordinals[request.id])
            texts.append(_reminder(request, person, service, ordinals, due_at, verdict.reason))
        elif is_refused_as_unreadable(choices[request.id]):
            text = _reminder(request, person, service, ordinals, now)
            unreadable.append(replace(text, set_aside=UNREADABLE))
    queue_and_count(session, texts, unreadable, settings, now, counts)
    return counts


def _reminder(
    request: SurveyRequest,
    person: Person,
    service: Service,
    ordinals: Mapping[int, int],
    due_at: datetime,
    reason: Refusal | None = None,
) -> TextToQueue:
    ordinal = ordinals[request.id]
    return TextToQueue(
        request, person, service, MessageKind.REMINDER, ordinal, due_at=due_at, reason=reason
    )


def _due_at(request: SurveyRequest, ordinal: int) -> datetime:
    assert request.first_text_accepted_at is not None
    return request.first_text_accepted_at + timedelta(days=request.reminder_days[ordinal - 1])


Asked = tuple[int, datetime, list[int]]
"""Request id, first text, reminder days."""


def _asked(session: Session, now: datetime, after_id: int, limit: int) -> list[Asked]:
    rows = session.execute(
        select(SurveyRequest.id, SurveyRequest.first_text_accepted_at, SurveyRequest.reminder_days)
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
    return [(row[0], row[1], row[2]) for row in rows if row[1] is not None]


def _due_ordinals(session: Session, asked: Sequence[Asked], now: datetime) -> dict[int, int]:
    texts: defaultdict[int, list[TextSoFar]] = defaultdict(list)
    rows = session.execute(
        select(
            OutboxMessage.request_id,
            OutboxMessage.kind,
            OutboxMessage.ordinal,
            OutboxMessage.state,
            OutboxMessage.sent_at,
        ).where(OutboxMessage.request_id.in_([request_id for request_id, _, _ in asked]))
    )
    for request_id, *text in rows:
        texts[request_id].append(TextSoFar(*text))
    due = {}
    for request_id, first_text_at, days in asked:
        ordinal = next_reminder(first_text_at, days, texts[request_id], now)
        if ordinal is not None:
            due[request_id] = ordinal
    return due


def _locked(
    session: Session, request_ids: Collection[int]
) -> Sequence[tuple[SurveyRequest, Person, Service]]:
    """The requests with their people, but for those that another pass is dealing with."""
    return session.execute(
        select(SurveyRequest, Person, Service)
        .join(Case, Case.id == SurveyRequest.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(Service, Service.id == SurveyRequest.service_id)
        .where(
            SurveyRequest.id.in_(request_ids),
            SurveyRequest.state.in_([RequestState.ASKED, RequestState.STARTED]),
        )
        .order_by(SurveyRequest.id)
        .with_for_update(skip_locked=True, key_share=True, of=SurveyRequest)
    ).all()
