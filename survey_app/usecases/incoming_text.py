"""Somebody texted back: stop, start, or something that staff should read. Nothing is answered.

No automatic answer ever leaves: it would tell whoever holds the phone that somebody is there.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.replies import Meaning, meaning_of, says_more_than_stop
from survey_app.domain.requests import AlertKind
from survey_app.domain.urgency import is_urgent
from survey_app.messaging.numbers import classify, number_hash
from survey_app.messaging.opt_outs import stop_texts
from survey_app.messaging.providers.callbacks import IncomingText
from survey_app.messaging.texts import stop_lines
from survey_app.settings import Settings
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.received_texts import ReceivedText, find_received
from survey_app.store.requests import SurveyRequest
from survey_app.store.sealed import lookup_key_id
from survey_app.store.services import Service
from survey_app.store.unreadable import is_unreadable
from survey_app.store.urgent_words import urgent_words
from survey_app.usecases.callback_repeats import Heard, heard_again
from survey_app.usecases.opt_in import opt_in
from survey_app.usecases.opt_out import OptOutSource, opt_out

ITEM = "reply"
"""What an alert about a reply names as its item."""


class Taken(StrEnum):
    """What became of a text that came in."""

    STOPPED = "stopped"
    STARTED = "started"
    ALERTED = "alerted"
    KEPT = "kept"
    """From a number that no person here has: kept, and shown to no service."""
    HANDLED_BEFORE = "handled-before"
    """Nothing was changed."""


def heard_before(session: Session, text: IncomingText, now: datetime) -> Heard:
    """Whether a text is new, or was kept already; changes nothing."""
    kept = find_received(session, text.provider, text.provider_message_id)
    if kept is None:
        return Heard.NEW
    return heard_again(kept.retry_token, kept.received_at, text.retry_token, now)


def keep_text(
    session: Session, text: IncomingText, settings: Settings, now: datetime
) -> ReceivedText:
    """Keep a new text, and nothing else: whatever goes wrong afterwards, it does not vanish."""
    number = classify(text.sender, drama_allowed=not settings.is_production).e164
    kept = ReceivedText(
        provider=text.provider,
        provider_message_id=text.provider_message_id,
        number_hash=None if number is None else number_hash(number),
        number_key_id=None if number is None else lookup_key_id(),
        sender=text.sender,
        body=text.body,
        meaning=_meaning(text),
        received_at=now,
        retry_token=text.retry_token,
    )
    session.add(kept)
    session.flush()
    return kept


def handle_text(session: Session, text_id: int, now: datetime) -> Taken:
    """Do what a kept text asks, and tell staff what it says, once.

    Staff learn of everything but a bare stop, which their pages show anyhow. The session must see
    every service: a number belongs to whoever has it.
    """
    kept = session.get_one(ReceivedText, text_id, with_for_update=True)
    if kept.handled_at is not None:
        return Taken.HANDLED_BEFORE
    kept.handled_at = now
    people = _people(session, kept.number_hash)
    meaning = Meaning(kept.meaning)
    is_lifted = _do_as_asked(session, meaning, kept.number_hash, people, now)
    if not people:
        return Taken.KEPT
    kept.sender = None
    # What cannot be read may say more: a stop is done as its meaning was kept, and staff are told.
    says_more = is_unreadable(kept.body) or says_more_than_stop(kept.body, stop_lines())
    is_bare_stop = meaning is Meaning.STOP and not says_more
    is_told = not is_bare_stop and _alert(session, kept, people, now)
    if meaning is Meaning.STOP:
        return Taken.STOPPED
    if is_lifted:
        return Taken.STARTED
    return Taken.ALERTED if is_told else Taken.KEPT


def _meaning(text: IncomingText) -> Meaning:
    """The provider's own reading counts beside ours, so that both sides stop together."""
    if text.says_stop is None:
        return meaning_of(text.body, stop_lines())
    return Meaning.STOP if text.says_stop else Meaning.START


def _people(session: Session, hashed: str | None) -> list[int]:
    if hashed is None:
        return []
    return list(
        session.scalars(select(Person.id).where(Person.number_hash == hashed).order_by(Person.id))
    )


def _do_as_asked(
    session: Session, meaning: Meaning, hashed: str | None, people: Sequence[int], now: datetime
) -> bool:
    """Stop or start; whether an opt-out was lifted. Others who have the number stop with them."""
    if hashed is None:
        return False
    if meaning is Meaning.START:
        return opt_in(session, hashed, now)
    if meaning is Meaning.STOP:
        for person_id in people:
            opt_out(session, person_id, OptOutSource.REPLY, now)
        if not people:
            stop_texts(session, hashed, source=OptOutSource.REPLY, now=now)
    return False


def _alert(session: Session, kept: ReceivedText, people: Sequence[int], now: datetime) -> bool:
    """On the list of the service whose text was the last to reach this number; False without a
    case to put it under."""
    request = _last_asked(session, people)
    case = _case(session, people, request)
    if case is None:
        return False
    service = session.get_one(Service, case.service_id)
    session.add(
        Alert(
            service_id=case.service_id,
            case_id=case.id,
            request_id=None if request is None else request.id,
            received_text_id=kept.id,
            kind=AlertKind.REPLY,
            item=ITEM,
            is_urgent=is_unreadable(kept.body)
            or is_urgent(AlertKind.REPLY, kept.body, urgent_words(session, service.id)),
            raised_at=now,
            due_at=service.alert_hours.due_at(AlertKind.REPLY, now),
        )
    )
    session.flush()
    return True


def _last_asked(session: Session, people: Sequence[int]) -> SurveyRequest | None:
    """The request of the text that these people were sent last, or perhaps sent."""
    at = func.coalesce(OutboxMessage.sent_at, OutboxMessage.claimed_at)
    return session.scalar(
        select(SurveyRequest)
        .join(OutboxMessage, OutboxMessage.request_id == SurveyRequest.id)
        .where(OutboxMessage.person_id.in_(people), at.is_not(None))
        .order_by(at.desc(), OutboxMessage.id.desc())
        .limit(1)
    )


def _case(session: Session, people: Sequence[int], request: SurveyRequest | None) -> Case | None:
    if request is not None:
        return session.get_one(Case, request.case_id)
    return session.scalar(
        select(Case).where(Case.person_id.in_(people)).order_by(Case.id.desc()).limit(1)
    )
