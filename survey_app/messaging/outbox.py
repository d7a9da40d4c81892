"""Which texts wait to be sent? The outbox is the truth; whatever nudges it may be lost.

`queue_text` writes a text down, `cancel_queued` takes back what has not left yet. Claiming stands
in `claims`, sending in `dispatch`, what became of a text in `records` and `receipts`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, bindparam, inspect, or_, select, update
from sqlalchemy.orm import Session

from survey_app.domain.cases import NumberKind, Recorded
from survey_app.domain.requests import (
    NUMBER_UNREADABLE,
    USUAL_WORDING,
    InvitationWording,
    MessageKind,
    MessageState,
)
from survey_app.messaging.numbers import classify
from survey_app.messaging.progress import set_aside
from survey_app.messaging.segments import segmented
from survey_app.messaging.texts import link_to, write_text
from survey_app.messaging.tokens import new_tokens
from survey_app.messaging.unsendable import why_not_written
from survey_app.settings import Settings
from survey_app.store.messages import OutboxMessage
from survey_app.store.offered_languages import offered_languages, text_language
from survey_app.store.people import Person
from survey_app.store.prepared import Prepared
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service


@dataclass(frozen=True)
class TextToQueue:
    """One text to write down. `ordinal` 0 is the invitation, 1, 2 ... the reminders."""

    request: SurveyRequest
    person: Person
    service: Service
    kind: MessageKind
    ordinal: int
    due_at: datetime
    reason: str | None = None
    """Why it waits until `due_at`, where the contact rule said later."""
    again: int = 0
    """The how-manieth time a person has it sent once more; 0 is the text itself."""

    invitation: InvitationWording = USUAL_WORDING
    """In which wording an invitation asks."""
    set_aside: str | None = None
    """Why it is set aside at once; None where only what it is written from can say so."""

    @property
    def dedupe_key(self) -> str:
        """At most one text ever leaves under this key."""
        key = f"{self.request.id}:{self.kind}:{self.ordinal}"
        return f"{key}:again-{self.again}" if self.again else key


def provider_name(service: Service, settings: Settings) -> str:
    """The provider that sends for this service: its own choice, else the installation's."""
    return service.sms_provider or settings.sms_provider


def queue_text(
    session: Session,
    request: SurveyRequest,
    kind: MessageKind,
    ordinal: int,
    *,
    person: Person,
    service: Service,
    settings: Settings,
    due_at: datetime,
    now: datetime,
    reason: str | None = None,
) -> OutboxMessage:
    """Write one text down, with a fresh link; see `queue_texts`."""
    text = TextToQueue(request, person, service, kind, ordinal, due_at, reason)
    return queue_texts(session, [text], settings, now)[0]


def queue_texts(
    session: Session, texts: Sequence[TextToQueue], settings: Settings, now: datetime
) -> list[OutboxMessage]:
    """Write texts down by few statements; one message for each, in the order given.

    A text that stands under its dedupe key already is left as it is; one that was cancelled before
    it left is written anew in its place (facts changed, and changed back). One that cannot be
    written, because something of its person cannot be read, stands there without number and words,
    set aside for a person (`unknown`): it stops no other.
    """
    stored = _by_key(session, [text.dedupe_key for text in texts])
    messages = []
    fresh: list[tuple[TextToQueue, OutboxMessage]] = []
    for text in texts:
        message = stored.get(text.dedupe_key)
        if message is None:
            message = OutboxMessage(dedupe_key=text.dedupe_key, attempts=0)
            stored[text.dedupe_key] = message
            fresh.append((text, message))
        elif message.state == MessageState.CANCELLED:
            fresh.append((text, message))
        messages.append(message)
    services = {text.service.id: text.service for text, _ in fresh}
    offered = {key: offered_languages(session, service) for key, service in services.items()}
    tokens = new_tokens(session, [text.request.id for text, _ in fresh], now)
    for (text, message), (token, clear) in zip(fresh, tokens, strict=True):
        message.token_id = token.id
        tag = text_language(text.request.language, text.person, offered[text.service.id])
        _address(message, text, tag, settings, now)
        why_not = text.set_aside or why_not_written(text.person)
        if why_not is None:
            why_not = _write_down(message, text, clear, settings)
        if why_not is not None:
            set_aside(message, why_not)
    session.add_all([message for _, message in fresh])
    session.flush()
    return messages


def _by_key(session: Session, keys: list[str]) -> dict[str, OutboxMessage]:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key.in_(keys)))
    return {message.dedupe_key: message for message in rows}


def _address(
    message: OutboxMessage, text: TextToQueue, language: str, settings: Settings, now: datetime
) -> None:
    """All of a text but its number and its words."""
    message.service_id = text.service.id
    message.request_id = text.request.id
    message.person_id = text.person.id
    message.kind = text.kind
    message.ordinal = text.ordinal
    message.state = MessageState.PENDING
    message.reason = text.reason
    message.due_at = text.due_at
    message.created_at = now
    message.settled_at = None
    message.provider = provider_name(text.service, settings)
    message.language = language
    is_usual = text.kind is not MessageKind.INVITATION or text.invitation == USUAL_WORDING
    message.wording = None if is_usual else text.invitation
    message.segments = 0
    erase(message)


def _write_down(
    message: OutboxMessage, text: TextToQueue, token: str, settings: Settings
) -> str | None:
    """Give a text its number and its words; why not, where the number is no UK mobile: the contact
    rule cannot have allowed this one."""
    number = classify(text.person.mobile, drama_allowed=not settings.is_production)
    if number.kind is not NumberKind.UK_MOBILE:
        return NUMBER_UNREADABLE
    wording = write_text(
        text.kind,
        language=message.language,
        link=link_to(settings.base_url, token),
        service_name=text.service.name if text.person.name_service == Recorded.YES else None,
        check_word=text.person.check_word,
        invitation=text.invitation,
    )
    message.to = number.e164
    message.body = wording.body
    message.language = wording.language
    message.segments = segmented(wording.body).segments
    return None


def cancel_queued(
    session: Session,
    *,
    person_ids: Collection[int] = (),
    request_ids: Collection[int] = (),
    reason: str,
    now: datetime,
) -> int:
    """Take back every text to these people, or of these requests, that has not left; how many.

    Call it in the transaction that changes the facts, after the change: the claim locks the person
    first, so whichever comes second sees what the first one did.
    """
    if not person_ids and not request_ids:
        return 0
    result = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.state == MessageState.PENDING,
            or_(OutboxMessage.person_id.in_(person_ids), OutboxMessage.request_id.in_(request_ids)),
        )
        .values(state=MessageState.CANCELLED, reason=reason, to=None, body=None, settled_at=now)
    )
    return cast("CursorResult[tuple[()]]", result).rowcount


_messages = inspect(OutboxMessage).local_table
_CANCEL = Prepared(
    update(_messages)
    .where(
        _messages.c.request_id == bindparam("of_request"),
        _messages.c.state == MessageState.PENDING,
    )
    .values(
        state=MessageState.CANCELLED,
        reason=bindparam("why"),
        to=None,
        body=None,
        settled_at=bindparam("now"),
    ),
    _messages.c.service_id,
)


def cancel_queued_of(session: Session, request_id: int, *, reason: str, now: datetime) -> None:
    """`cancel_queued` for the one request that somebody has just answered, at a tap's price."""
    _CANCEL.put(session, {"of_request": request_id, "why": reason, "now": now})


def erase(message: OutboxMessage) -> None:
    """Forget number and words: the text is settled, and the body holds the token in clear."""
    message.to = None
    message.body = None
