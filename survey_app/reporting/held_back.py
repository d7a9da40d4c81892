"""Which texts would have left by now, had the service been live? What a shadow is looked at for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import Channel, MessageState
from survey_app.reporting.staff_texts import PAGE, StaffText, staff_text, text_rows
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import ContactDecision


def would_have_left(
    session: Session,
    service_id: int,
    now: datetime,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> list[StaffText]:
    """Texts that were due and never handed to a provider: what a live service would have sent.

    One that has been taken back since stands here with the reason, for it would have left first.
    """
    query = text_rows().where(*_held_back(service_id, now))
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    rows = session.execute(query.order_by(OutboxMessage.id.desc()).limit(limit))
    return [staff_text(row) for row in rows]


def count_held_back(session: Session, service_id: int, now: datetime) -> tuple[int, int]:
    """How many texts a live service would have sent, and how many of them would leave now."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(OutboxMessage.state == MessageState.PENDING),
        )
        .select_from(OutboxMessage)
        .where(*_held_back(service_id, now))
    ).one()
    return row[0], row[1]


def languages_held_back(session: Session, service_id: int, now: datetime) -> dict[str, int]:
    """In which languages those texts are, most first."""
    rows = session.execute(
        select(OutboxMessage.language, func.count())
        .where(*_held_back(service_id, now))
        .group_by(OutboxMessage.language)
        .order_by(func.count().desc(), OutboxMessage.language)
    )
    return dict(rows.all())


def yes_decisions(session: Session, request_ids: Collection[int]) -> dict[int, ContactDecision]:
    """The newest decision by which each request might be texted, now or later."""
    newest = (
        select(func.max(ContactDecision.id))
        .where(
            ContactDecision.request_id.in_(request_ids),
            ContactDecision.channel == Channel.SMS,
            ContactDecision.outcome != "no",
        )
        .group_by(ContactDecision.request_id)
    )
    found = session.scalars(select(ContactDecision).where(ContactDecision.id.in_(newest)))
    return {d.request_id: d for d in found if d.request_id is not None}


def _held_back(service_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMessage.service_id == service_id,
        OutboxMessage.attempts == 0,
        OutboxMessage.state.in_((MessageState.PENDING, MessageState.CANCELLED)),
        OutboxMessage.due_at <= now,
    )
