"""What moves a text forward, and what does its request learn from it?

A text only moves forward: `pending -> sending -> unknown -> accepted -> delivered`, with `failed`
beside. Proof that it left (a receipt, the provider's list) counts whatever we believed before, so
that a text we gave up on, or were about to send again, is not sent twice. Delivery, once proved,
is never taken back.
"""

from datetime import datetime

from survey_app.domain.requests import IDS_DISAGREE, MessageState, RequestState
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest

_NOT_YET_ACCEPTED = frozenset(
    {
        MessageState.PENDING,
        MessageState.SENDING,
        MessageState.UNKNOWN,
        MessageState.CANCELLED,
    }
)


def accept(
    message: OutboxMessage,
    request: SurveyRequest,
    provider_message_id: str | None,
    *,
    sent_at: datetime,
    now: datetime,
) -> None:
    """The provider has the text, under this id, or under one that nobody knows. The first text of a
    request makes it asked."""
    if message.provider_message_id is None:
        message.provider_message_id = provider_message_id
    if message.state in _NOT_YET_ACCEPTED:
        message.state = MessageState.ACCEPTED
        message.reason = None
        _settle(message, now)
    if message.sent_at is None:
        message.sent_at = sent_at
    if request.first_text_accepted_at is None:
        request.first_text_accepted_at = sent_at
    if request.state == RequestState.WAITING:
        request.state = RequestState.ASKED


def deliver(message: OutboxMessage, request: SurveyRequest, now: datetime) -> None:
    """The phone has the text; wins over an earlier report that it failed."""
    if message.state == MessageState.DELIVERED:
        return
    message.state = MessageState.DELIVERED
    message.delivered_at = now
    message.reason = None
    message.failure_code = None
    if request.reached_at is None:
        request.reached_at = now


def fail(message: OutboxMessage, code: str, reason: str, now: datetime) -> None:
    """The text will not arrive. Never undoes a delivery."""
    if message.state == MessageState.DELIVERED:
        return
    message.state = MessageState.FAILED
    message.failure_code = code
    message.reason = reason
    _settle(message, now)


def doubt(message: OutboxMessage, reason: str) -> None:
    """It may have left: keep number and words, so that the provider can be asked. That ids disagree
    outweighs every other reason: such a text is never sent again by itself."""
    message.state = MessageState.UNKNOWN
    message.lease_until = None
    if message.reason != IDS_DISAGREE:
        message.reason = reason


def set_aside(message: OutboxMessage, reason: str) -> None:
    """It waits for a person (`domain.requests.LEFT_TO_A_PERSON`), and holds no other text up."""
    message.state = MessageState.UNKNOWN
    message.reason = reason
    message.lease_until = None


def put_back(message: OutboxMessage, reason: str, due_at: datetime) -> None:
    """It certainly did not leave: it waits again, and the contact rule will be asked again."""
    message.state = MessageState.PENDING
    message.reason = reason
    message.due_at = due_at
    message.lease_until = None


def cancel(message: OutboxMessage, reason: str, now: datetime) -> None:
    """It is not to leave any more."""
    message.state = MessageState.CANCELLED
    message.reason = reason
    _settle(message, now)


def _settle(message: OutboxMessage, now: datetime) -> None:
    """Forget number and words: the body holds the token in clear."""
    message.to = None
    message.body = None
    message.lease_until = None
    message.settled_at = now
