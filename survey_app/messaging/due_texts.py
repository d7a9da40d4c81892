"""Which texts are due, and can be sent from here? In the order in which they leave."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from survey_app.domain.backlog_pace import OLD_AFTER
from survey_app.domain.requests import MessageState
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service

Position = tuple[datetime, int]
"""Where in the queue a pass has got to: due instant and id."""


@dataclass(frozen=True)
class Carriers:
    """Which providers can be called here, and which one sends where a service names none."""

    usable: frozenset[str]
    usual: str


def due_positions(
    session: Session,
    now: datetime,
    carriers: Carriers,
    *,
    limit: int,
    after: Position | None,
    old_left: int | None,
) -> list[Position]:
    """Where the texts stand that `claim_batch` would look at; reads nothing else of them."""
    query = due_texts(now, carriers, limit, after, old_left=old_left)
    rows = session.execute(query.with_only_columns(OutboxMessage.due_at, OutboxMessage.id))
    return [(row[0], row[1]) for row in rows]


def due_texts(
    now: datetime,
    carriers: Carriers,
    limit: int,
    after: Position | None,
    only: int | None = None,
    old_left: int | None = None,
) -> Select[tuple[OutboxMessage]]:
    """Due texts of live services that can be sent here, oldest first, locked where nobody else has
    them; `only` is the id of the one that is asked for.

    Where few of an old backlog may leave, there are no more of any kind; where none, they are not
    among them.
    """
    if old_left is not None and old_left > 0:
        limit = min(limit, old_left)
    query = (
        select(OutboxMessage)
        .join(Service, Service.id == OutboxMessage.service_id)
        .where(
            OutboxMessage.state == MessageState.PENDING,
            OutboxMessage.due_at <= now,
            Service.mode == "live",
            func.coalesce(Service.sms_provider, carriers.usual).in_(carriers.usable),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=OutboxMessage)
    )
    if old_left == 0:
        came_about = select(SurveyRequest.created_at).where(
            SurveyRequest.id == OutboxMessage.request_id
        )
        is_new = OutboxMessage.due_at >= now - OLD_AFTER
        query = query.where(or_(is_new, came_about.scalar_subquery() >= now - OLD_AFTER))
    if after is not None:
        query = query.where(tuple_(OutboxMessage.due_at, OutboxMessage.id) > after)
    return query if only is None else query.where(OutboxMessage.id == only)
