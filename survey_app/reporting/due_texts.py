"""What is due and not done, and since when? Asked of what *is* due, not of what a worker wrote.

A worker that is dead writes nothing into the outbox: requests whose time has come, and reminders,
count as well as texts that wait there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.domain.programmes import ContactTerms
from survey_app.domain.requests import OPEN_STATES, Channel, MessageState
from survey_app.domain.safe_hours import SafeHours
from survey_app.domain.waiting_time import open_time_between
from survey_app.store.due_requests import asked_by_text, awaits_invitation, due_reminders
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service, ServiceMode, programme_in_force

BATCH = 2000


class Due(StrEnum):
    """What can be due."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    TEXT = "text"
    """One that stands in the outbox."""
    EXPIRY = "expiry"


@dataclass(frozen=True)
class Waiting:
    """How many of one kind are due in a service, and since when the oldest is."""

    service_id: int
    what: Due
    number: int
    since: datetime


def all_due(session: Session, now: datetime) -> list[Waiting]:
    """What is due in each service, whether or not it is live; nothing of who was refused a text."""
    return [
        *_invitations(session, now),
        *_reminders(session, now),
        *_texts(session, now),
        *_expiries(session, now),
    ]


def queue_ages(
    session: Session, services: list[Service], due: list[Waiting], now: datetime
) -> dict[int, timedelta]:
    """For how long, within the service's hours, the oldest text that is due waits in each service
    that is live; zero where none does. In shadow or paused nothing is meant to leave."""
    ages = {}
    for service in services:
        if service.mode == ServiceMode.LIVE:
            since = [
                waiting.since
                for waiting in due
                if waiting.service_id == service.id and waiting.what is not Due.EXPIRY
            ]
            hours = _hours(session, service.id) if since else SafeHours()
            ages[service.id] = open_time_between(hours, min(since, default=now), now)
    return ages


def _hours(session: Session, service_id: int) -> SafeHours:
    programme = programme_in_force(session, service_id)
    if programme is None:
        return SafeHours()
    terms = ContactTerms.model_validate(programme.content["contact"])
    return SafeHours(terms.days, terms.hours_from, terms.hours_until, terms.skip_bank_holidays)


def _oldest(due_at: InstrumentedAttribute[datetime]) -> ColumnElement[datetime]:
    """A case that a file brings late has waited since it came, not since its request was due."""
    came = SurveyRequest.created_at
    return func.min(case((due_at > came, due_at), else_=came))


def _invitations(session: Session, now: datetime) -> Iterator[Waiting]:
    rows = session.execute(
        select(SurveyRequest.service_id, func.count(), _oldest(SurveyRequest.due_at))
        .where(
            *awaits_invitation(now),
            SurveyRequest.channel == Channel.SMS,
            SurveyRequest.refusal.is_(None),
        )
        .group_by(SurveyRequest.service_id)
    )
    for service_id, number, since in rows:
        yield Waiting(service_id, Due.INVITATION, number, since)


def _reminders(session: Session, now: datetime) -> Iterator[Waiting]:
    found: dict[int, list[datetime]] = {}
    after_id = 0
    while asked := asked_by_text(session, now, after_id=after_id, limit=BATCH):
        after_id = asked[-1].id
        able = [request for request in asked if request.refusal is None]
        ordinals = due_reminders(session, able, now)
        for request in able:
            if request.id in ordinals:
                days = timedelta(days=request.days[ordinals[request.id] - 1])
                found.setdefault(request.service_id, []).append(request.first_text_at + days)
    for service_id, since in found.items():
        yield Waiting(service_id, Due.REMINDER, len(since), min(since))


def _texts(session: Session, now: datetime) -> Iterator[Waiting]:
    rows = session.execute(
        select(OutboxMessage.service_id, func.count(), _oldest(OutboxMessage.due_at))
        .join(SurveyRequest, SurveyRequest.id == OutboxMessage.request_id)
        .where(OutboxMessage.state == MessageState.PENDING, OutboxMessage.due_at <= now)
        .group_by(OutboxMessage.service_id)
    )
    for service_id, number, since in rows:
        yield Waiting(service_id, Due.TEXT, number, since)


def _expiries(session: Session, now: datetime) -> Iterator[Waiting]:
    rows = session.execute(
        select(SurveyRequest.service_id, func.count(), func.min(SurveyRequest.expires_at))
        .where(SurveyRequest.state.in_(OPEN_STATES), SurveyRequest.expires_at <= now)
        .group_by(SurveyRequest.service_id)
    )
    for service_id, number, since in rows:
        yield Waiting(service_id, Due.EXPIRY, number, since)
