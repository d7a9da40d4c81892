"""A person decides about a text that did not arrive, or of which nobody knows: again, or no more.

A text sent again is a row of its own, with a fresh link and a fresh decision of the contact rule,
now and at the moment of sending. A text that may have arrived is sent again only where the person
who decides says that it did not.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import (
    OPEN_STATES,
    Channel,
    MessageKind,
    MessageState,
    RequestState,
)
from survey_app.domain.safe_contact import Outcome, Refusal
from survey_app.messaging.outbox import TextToQueue, queue_texts
from survey_app.messaging.progress import fail
from survey_app.settings import Settings
from survey_app.store.audit import write_audit
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.decide_contact import decide_contact
from survey_app.usecases.decider import Decider
from survey_app.usecases.place_in_trials import invitation_wordings

UNDER_WAY = frozenset({MessageState.PENDING, MessageState.SENDING})
PERHAPS_ARRIVED = frozenset({MessageState.UNKNOWN, MessageState.ACCEPTED, MessageState.DELIVERED})
DECIDED_BY_A_PERSON = "a-person-decided"
"""Why a doubtful text counts as failed: it no longer holds back later texts to the person. A
receipt that comes after all still counts."""


class ResendRefusal(StrEnum):
    """Why a text was not sent again, or not given up."""

    STILL_UNDER_WAY = "still-under-way"
    MAY_HAVE_ARRIVED = "may-have-arrived"
    REQUEST_ENDED = "request-ended"
    NOT_ALLOWED = "not-allowed"
    NOT_IN_DOUBT = "not-in-doubt"


class TextNotFound(Exception):
    """No text that this session may see has this id."""


@dataclass(frozen=True)
class Resent:
    """What became of the wish: refused and why, or queued, perhaps until the contact rule's time.

    `reason` is the contact rule's, where it refuses or asks to wait.
    """

    refusal: ResendRefusal | None = None
    reason: Refusal | None = None
    until: datetime | None = None


def resend_text(
    session: Session,
    message_id: int,
    by: Decider,
    settings: Settings,
    *,
    says_it_did_not_arrive: bool = False,
) -> Resent:
    """Queue one text once more. The request is locked, so that two people cannot both do it.

    Raises TextNotFound.
    """
    message, request, person = _locked(session, message_id)
    refusal = _why_not(session, message, request, by.now, says_so=says_it_did_not_arrive)
    if refusal is not None:
        return Resent(refusal)
    verdict = dict(decide_contact(session, request, by.now).judged).get(Channel.SMS)
    if verdict is None or verdict.outcome is Outcome.NO:
        return Resent(ResendRefusal.NOT_ALLOWED, verdict.reason if verdict else None)
    if message.state == MessageState.UNKNOWN:
        fail(message, "unknown", DECIDED_BY_A_PERSON, by.now)
    text = TextToQueue(
        request,
        person,
        session.get_one(Service, request.service_id),
        MessageKind(message.kind),
        message.ordinal,
        due_at=verdict.until or by.now,
        reason=verdict.reason,
        again=_times(session, message),
        invitation=invitation_wordings(session, [person], by.now)[person.id],
    )
    [queued] = queue_texts(session, [text], settings, by.now)
    _audit(session, message, "resend-text", by, {"text": queued.id, "was": message.state})
    if queued.state == MessageState.UNKNOWN:
        return Resent(ResendRefusal.NOT_ALLOWED, Refusal.UNREADABLE)
    return Resent(reason=verdict.reason, until=verdict.until)


def give_up_text(session: Session, message_id: int, by: Decider) -> ResendRefusal | None:
    """Count a doubtful text as not arrived, and send nothing; later texts may go again.

    Raises TextNotFound.
    """
    message, _, _ = _locked(session, message_id)
    if message.state != MessageState.UNKNOWN:
        return ResendRefusal.NOT_IN_DOUBT
    fail(message, "unknown", DECIDED_BY_A_PERSON, by.now)
    _audit(session, message, "give-up-text", by, {})
    return None


def _locked(session: Session, message_id: int) -> tuple[OutboxMessage, SurveyRequest, Person]:
    """The text, its request and its person; locked person first, as a change of safety does."""
    person = session.scalar(
        select(Person)
        .join(OutboxMessage, OutboxMessage.person_id == Person.id)
        .where(OutboxMessage.id == message_id)
        .with_for_update(of=Person, key_share=True)
    )
    request = session.scalar(
        select(SurveyRequest)
        .join(OutboxMessage, OutboxMessage.request_id == SurveyRequest.id)
        .where(OutboxMessage.id == message_id)
        .with_for_update(of=SurveyRequest, key_share=True)
    )
    message = session.scalar(
        select(OutboxMessage).where(OutboxMessage.id == message_id).with_for_update(key_share=True)
    )
    if person is None or request is None or message is None:
        raise TextNotFound(message_id)
    return message, request, person


def _why_not(
    session: Session,
    message: OutboxMessage,
    request: SurveyRequest,
    now: datetime,
    *,
    says_so: bool,
) -> ResendRefusal | None:
    if RequestState(request.state) not in OPEN_STATES or request.expires_at <= now:
        return ResendRefusal.REQUEST_ENDED
    others = session.scalars(
        select(OutboxMessage.state).where(OutboxMessage.request_id == request.id)
    )
    if UNDER_WAY.intersection(others):
        return ResendRefusal.STILL_UNDER_WAY
    if message.state in PERHAPS_ARRIVED and not says_so:
        return ResendRefusal.MAY_HAVE_ARRIVED
    return None


def _times(session: Session, message: OutboxMessage) -> int:
    """How many rows there are of this text: the next one's number."""
    return (
        session.scalar(
            select(func.count(OutboxMessage.id)).where(
                OutboxMessage.request_id == message.request_id,
                OutboxMessage.kind == message.kind,
                OutboxMessage.ordinal == message.ordinal,
            )
        )
        or 1
    )


def _audit(
    session: Session, message: OutboxMessage, action: str, by: Decider, details: dict[str, Any]
) -> None:
    write_audit(
        session,
        at=by.now,
        actor="staff",
        action=action,
        subject="text",
        subject_id=message.id,
        service_id=message.service_id,
        account_id=by.account_id,
        details={"why": by.why, **details},
    )
