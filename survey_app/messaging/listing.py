"""Which texts does a service have, and what did the far end get? Read only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from survey_app.messaging.providers.simulated import REFUSED_ONCE
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.requests import SurveyRequest
from survey_app.store.unreadable import in_words

PAGE = 500


@dataclass(frozen=True)
class ListedText:
    """One text. `body` is what the simulated phone got; None with any other provider."""

    case_ref: str
    wave: str
    kind: str
    state: str
    reason: str | None
    due_at: datetime
    sent_at: datetime | None
    segments: int
    provider: str
    body: str | None = field(repr=False)


def texts_of(session: Session, service_id: int) -> Iterator[ListedText]:
    """The service's texts, oldest first, a page of rows at a time."""
    after_id = 0
    while rows := _page(session, service_id, after_id):
        bodies = _bodies(session, [row.provider_message_id for row in rows])
        for row in rows:
            yield ListedText(
                case_ref=row.case_ref,
                wave=row.wave,
                kind=row.kind,
                state=row.state,
                reason=row.reason,
                due_at=row.due_at,
                sent_at=row.sent_at,
                segments=row.segments,
                provider=row.provider,
                body=bodies.get(row.provider_message_id),
            )
        after_id = rows[-1].id


def _page(session: Session, service_id: int, after_id: int) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            OutboxMessage.id,
            OutboxMessage.kind,
            OutboxMessage.state,
            OutboxMessage.reason,
            OutboxMessage.due_at,
            OutboxMessage.sent_at,
            OutboxMessage.segments,
            OutboxMessage.provider,
            OutboxMessage.provider_message_id,
            SurveyRequest.wave,
            Case.case_ref,
        )
        .join(SurveyRequest, SurveyRequest.id == OutboxMessage.request_id)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(OutboxMessage.service_id == service_id, OutboxMessage.id > after_id)
        .order_by(OutboxMessage.id)
        .limit(PAGE)
    ).all()


def _bodies(session: Session, provider_message_ids: Sequence[str | None]) -> dict[str, str]:
    ids = [provider_id for provider_id in provider_message_ids if provider_id is not None]
    rows = session.execute(
        select(SimulatedText.provider_message_id, SimulatedText.body).where(
            SimulatedText.provider_message_id.in_(ids)
        )
    )
    return {provider_id: in_words(body) for provider_id, body in rows}


def latest_simulated(session: Session, limit: int = 100) -> Sequence[SimulatedText]:
    """What the simulated phones got last, newest first."""
    return session.scalars(
        select(SimulatedText)
        .where(SimulatedText.status != REFUSED_ONCE)
        .order_by(SimulatedText.id.desc())
        .limit(limit)
    ).all()
