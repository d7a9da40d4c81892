"""Whose reminder is due? Each is a fresh decision with a fresh link; the old one still works.

Days count from the first text. Only unfinished requests are reminded; of several reminders that
have become due meanwhile (nothing ran for a while) only the last is sent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import UNREADABLE, MessageKind, RequestState
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.outbox import TextToQueue
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.due_requests import asked_by_text, due_reminders
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


def remind_due(
    session: Session, settings: Settings, now: datetime, *, after_id: int = 0, limit: int = 500
) -> QueueCounts:
    """Look at up to `limit` asked requests after an id, and queue the reminders that are due."""
    asked = asked_by_text(session, now, after_id=after_id, limit=limit)
    counts = QueueCounts()
    if not asked:
        return counts
    counts.last_id = asked[-1].id
    ordinals = due_reminders(session, asked, now)
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
