"""How does sending go, in numbers that name nobody? What `/metrics` shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import LEFT_TO_A_PERSON, OPEN_STATES, MessageState
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service, ServiceMode


@dataclass(frozen=True)
class SendingHealth:
    """Counts over all services of the session's scope, keyed by service slug first.

    `queue_age_seconds`: how long the oldest text that is due waits; 0 with none. Only of services
    that are live: in shadow or paused nothing is meant to leave.
    """

    texts: dict[tuple[str, str], int]
    """By service and state."""
    refused: dict[tuple[str, str], int]
    """Open requests refused a text, by service and reason."""
    queue_age_seconds: dict[str, float]
    undecided: dict[str, int]
    """Texts of which nobody knows whether they left, by service."""
    left_to_a_person: dict[tuple[str, str], int]
    """Those that only a person can settle, by service and reason."""
    waits_for_a_person: dict[str, int]
    """The same, by service alone."""
    modes: dict[str, str]


def sending_health(session: Session, now: datetime) -> SendingHealth:
    """Five queries, whatever the number of services."""
    slugs = {row.id: (row.slug, row.mode) for row in session.scalars(select(Service))}
    texts = {
        (slugs[service_id][0], state): number
        for service_id, state, number in session.execute(
            select(OutboxMessage.service_id, OutboxMessage.state, func.count()).group_by(
                OutboxMessage.service_id, OutboxMessage.state
            )
        )
    }
    refused = {
        (slugs[service_id][0], reason): number
        for service_id, reason, number in session.execute(
            select(SurveyRequest.service_id, SurveyRequest.refusal, func.count())
            .where(SurveyRequest.refusal.is_not(None), SurveyRequest.state.in_(OPEN_STATES))
            .group_by(SurveyRequest.service_id, SurveyRequest.refusal)
        )
        if reason is not None
    }
    oldest = dict(_oldest_due(session, now))
    left = {(slugs[i][0], reason): n for i, reason, n in _left_to_a_person(session)}
    return SendingHealth(
        texts=texts,
        refused=refused,
        queue_age_seconds={
            slug: (now - oldest[i]).total_seconds() if i in oldest else 0.0
            for i, (slug, mode) in slugs.items()
            if mode == ServiceMode.LIVE
        },
        undecided={
            slug: texts.get((slug, MessageState.UNKNOWN), 0) for slug, _mode in slugs.values()
        },
        left_to_a_person=left,
        waits_for_a_person={
            slug: sum(left.get((slug, reason), 0) for reason in LEFT_TO_A_PERSON)
            for slug, _mode in slugs.values()
        },
        modes=dict(slugs.values()),
    )


def _oldest_due(session: Session, now: datetime) -> Iterator[tuple[int, datetime]]:
    rows = session.execute(
        select(OutboxMessage.service_id, func.min(OutboxMessage.due_at))
        .where(OutboxMessage.state == MessageState.PENDING, OutboxMessage.due_at <= now)
        .group_by(OutboxMessage.service_id)
    )
    for service_id, due_at in rows:
        if due_at is not None:
            yield service_id, due_at


def _left_to_a_person(session: Session) -> Iterator[tuple[int, str, int]]:
    rows = session.execute(
        select(OutboxMessage.service_id, OutboxMessage.reason, func.count())
        .where(
            OutboxMessage.state == MessageState.UNKNOWN,
            OutboxMessage.reason.in_(LEFT_TO_A_PERSON),
        )
        .group_by(OutboxMessage.service_id, OutboxMessage.reason)
    )
    for service_id, reason, number in rows:
        yield service_id, str(reason), number
