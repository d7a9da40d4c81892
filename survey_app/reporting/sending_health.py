"""How does sending go, in numbers that name nobody? What `/metrics` shows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import LEFT_TO_A_PERSON, OPEN_STATES, MessageState
from survey_app.reporting.due_texts import all_due, queue_ages
from survey_app.reporting.worker_health import recent_beats
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service


@dataclass(frozen=True)
class SendingHealth:
    """Counts over all services of the session's scope, keyed by service slug first.

    `queue_age_seconds`: how long the oldest text that is due waits, within the service's hours; 0
    with none. Only of services that are live: in shadow or paused nothing is meant to leave.
    `heartbeat_seconds`: since a worker last reported that it works; infinite where none ever did.
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
    due: dict[tuple[str, str], int]
    """What is due and not done, by service and `Due`."""
    heartbeat_seconds: float
    reports: dict[str, int]
    """Workers that are alive, by what they report: `working`, or why they do no round."""


def sending_health(session: Session, now: datetime) -> SendingHealth:
    """A constant number of queries, but for the hours of services with something due, and the
    requests that may be due a reminder."""
    services = list(session.scalars(select(Service)))
    slugs = {row.id: (row.slug, row.mode) for row in services}
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
    left = {(slugs[i][0], reason): n for i, reason, n in _left_to_a_person(session)}
    due = all_due(session, now)
    ages = queue_ages(session, services, due, now)
    beats = recent_beats(session, now)
    return SendingHealth(
        texts=texts,
        refused=refused,
        queue_age_seconds={
            slugs[service_id][0]: age.total_seconds() for service_id, age in ages.items()
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
        due={(slugs[w.service_id][0], w.what): w.number for w in due},
        heartbeat_seconds=(
            math.inf if beats.last_at is None else (now - beats.last_at).total_seconds()
        ),
        reports=beats.reports,
    )


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
