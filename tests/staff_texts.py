"""Builders: texts of a service in every state that its staff may see."""

from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState
from survey_app.store.messages import OutboxMessage
from survey_app.store.services import Service
from tests.messaging.queued import queue
from tests.texting import a_due_request
from tests.world import NOON


def a_text(
    session: Session,
    service: Service,
    state: MessageState = MessageState.PENDING,
    *,
    case_ref: str | None = None,
    request: dict[str, Any] | None = None,
    **facts: Any,
) -> OutboxMessage:
    """One text to a person of its own, in this state; what left says when."""
    asked = a_due_request(
        session, service, case={"case_ref": case_ref} if case_ref else None, **(request or {})
    )
    message = queue(session, asked)
    message.state = state
    if state is not MessageState.PENDING:
        message.attempts = 1
        message.claimed_at = NOON
    if state in (MessageState.ACCEPTED, MessageState.DELIVERED):
        message.sent_at = NOON
        asked.first_text_accepted_at = NOON
        asked.state = "asked"
    if state is MessageState.DELIVERED:
        message.delivered_at = NOON
    for name, value in facts.items():
        setattr(message, name, value)
    session.flush()
    return message
