"""Which texts may leave right now? The first of the two transactions of every text.

A claim asks the contact rule again on facts read after the person's row is locked (PostgreSQL; on
SQLite the whole database is), so that whoever marks a number unsafe comes either before, and the
text is cancelled, or after, and it has left. Text, person and request are locked with SKIP LOCKED:
a claim waits for nobody, so it cannot deadlock with a change of safety, which locks the person
first. Locks are FOR NO KEY UPDATE (`key_share`), so that rows pointing here may still be added.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.backlog_pace import (
    NEAR_QUIET_TIME,
    hold_back_until,
    is_old_backlog,
)
from survey_app.domain.channel_choice import ChannelChoice, choose_channel
from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import UNREADABLE, Channel, MessageState
from survey_app.domain.safe_contact import Outcome, Refusal, Verdict
from survey_app.domain.safe_window import safe_until
from survey_app.messaging.due_texts import Carriers, Position, due_texts
from survey_app.messaging.leases import LEASE, Claim
from survey_app.messaging.progress import cancel, put_back, set_aside
from survey_app.messaging.unsendable import why_not_sent
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import latest_decisions, record_choice
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service

FLAGGED_SINCE = "flagged-since"
"""Why a text in a tried wording was taken back at the last moment."""
ASKED_OTHERWISE = "asked-otherwise"
"""Why a text is cancelled though the rule gave no reason: the request has moved on to another
channel."""


@dataclass
class ClaimedBatch:
    """What one claim took, and why others stay. `position` is None at the end of the queue."""

    claims: list[Claim] = field(default_factory=list)
    cancelled: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    """Left to a person, by reason: see `unsendable`."""
    deferred: int = 0
    passed_over: int = 0
    """Left as they are: another text to the person is under way, or the person is being changed."""
    position: Position | None = None
    old: int = 0
    """Texts of an old backlog among the claims."""

    def add(self, other: "ClaimedBatch") -> None:
        """Take in what another claim took; the position stays."""
        self.claims += other.claims
        self.cancelled += other.cancelled
        self.set_aside += other.set_aside
        self.deferred += other.deferred
        self.passed_over += other.passed_over
        self.old += other.old


def claim_batch(
    session: Session,
    now: datetime,
    carriers: Carriers,
    *,
    limit: int,
    after: Position | None = None,
    only: int | None = None,
    old_left: int | None = None,
) -> ClaimedBatch:
    """Take up to `limit` due texts of live services, oldest first, starting after a position;
    `only` this one, where it is due. No more than `old_left` of an old backlog, where that is not
    None.

    At most one text per person is under way at a time: a second one waits until the first is known
    to have gone or not, because the cap on first texts depends on it.
    """
    batch = ClaimedBatch()
    due = session.scalars(due_texts(now, carriers, limit, after, only, old_left)).all()
    if not due:
        return batch
    batch.position = (due[-1].due_at, due[-1].id)
    people = _lock_people(session, {message.person_id for message in due})
    firsts = _first_of_each_person(due, people, busy=_under_way(session, people))
    requests = _lock_requests(session, [message.request_id for message in firsts])
    messages = [message for message in firsts if message.request_id in requests]
    batch.passed_over = len(due) - len(messages)
    choices, facts = _choose_again(session, requests, now)
    services = _services(session, messages)
    for message in messages:
        person, service = people[message.person_id], services[message.service_id]
        if _is_tried_on_flagged(message, facts[message.request_id], now, batch):
            continue
        is_old = is_old_backlog(message.due_at, requests[message.request_id].created_at, now)
        if _may_leave(message, person, choices[message.request_id], now, batch):
            if is_old and _is_held_back(message, facts[message.request_id], now, batch):
                continue
            batch.old += is_old
            provider = service.sms_provider or carriers.usual
            leave_until = safe_until(facts[message.request_id], now)
            batch.claims.append(_take(message, provider, service.sender, now, leave_until))
    session.flush()
    return batch


def _lock_people(session: Session, ids: set[int]) -> dict[int, Person]:
    """The people nobody else is changing right now; the others' texts wait for a later pass."""
    rows = session.scalars(
        select(Person)
        .where(Person.id.in_(ids))
        .order_by(Person.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return {person.id: person for person in rows}


def _under_way(session: Session, people: dict[int, Person]) -> set[int]:
    return set(
        session.scalars(
            select(OutboxMessage.person_id).where(
                OutboxMessage.person_id.in_(people),
                OutboxMessage.state.in_([MessageState.SENDING, MessageState.UNKNOWN]),
            )
        )
    )


def _first_of_each_person(
    due: Sequence[OutboxMessage], people: dict[int, Person], busy: set[int]
) -> list[OutboxMessage]:
    taken = set(busy)
    firsts = []
    for message in due:
        if message.person_id in people and message.person_id not in taken:
            taken.add(message.person_id)
            firsts.append(message)
    return firsts


def _lock_requests(session: Session, ids: Collection[int]) -> dict[int, SurveyRequest]:
    """The requests nobody else is changing right now: someone may be answering one of them."""
    rows = session.scalars(
        select(SurveyRequest)
        .where(SurveyRequest.id.in_(ids))
        .order_by(SurveyRequest.id)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return {request.id: request for request in rows}


def _choose_again(
    session: Session, requests: Mapping[int, SurveyRequest], now: datetime
) -> tuple[dict[int, ChannelChoice], dict[int, ContactFacts]]:
    """Ask the contact rule on the facts of this moment, and keep what it says."""
    facts = contact_facts(session, requests)
    latest = latest_decisions(session, requests)
    choices = {}
    for request in requests.values():
        choice = choose_channel(
            [Channel(channel) for channel in request.channels],
            None if request.channel is None else Channel(request.channel),
            facts[request.id],
            now,
            was_asked=request.was_asked,
        )
        record_choice(session, request, choice, facts[request.id], now, latest)
        choices[request.id] = choice
    return choices, facts


def _services(session: Session, messages: Sequence[OutboxMessage]) -> dict[int, Service]:
    rows = session.scalars(select(Service).where(Service.id.in_({m.service_id for m in messages})))
    return {service.id: service for service in rows}


def _may_leave(
    message: OutboxMessage,
    person: Person,
    choice: ChannelChoice,
    now: datetime,
    batch: ClaimedBatch,
) -> bool:
    """A yes to a text lets it go; a later moves it, anything else cancels it, with the reason. One
    that cannot be read, or not to its person's number, is set aside."""
    verdict = dict(choice.judged).get(Channel.SMS, Verdict(Outcome.NO))
    if verdict.outcome is Outcome.LATER and verdict.until is not None:
        put_back(message, str(verdict.reason), verdict.until)
        batch.deferred += 1
        return False
    if verdict.outcome is Outcome.YES or verdict.reason is Refusal.UNREADABLE:
        is_unreadable = verdict.reason is Refusal.UNREADABLE
        why_not = UNREADABLE if is_unreadable else why_not_sent(message, person)
        if why_not is not None:
            set_aside(message, why_not)
            batch.set_aside[why_not] += 1
        return why_not is None
    reason = str(verdict.reason or ASKED_OTHERWISE)
    cancel(message, reason, now)
    batch.cancelled[reason] += 1
    return False


def _is_held_back(
    message: OutboxMessage, facts: ContactFacts, now: datetime, batch: ClaimedBatch
) -> bool:
    """Put a text of an old backlog off to the next opening, in the last hour before quiet time."""
    hours = (facts.person_hours, facts.service_hours)
    until = hold_back_until(hours, facts.expires_at, now)
    if until is None:
        return False
    put_back(message, NEAR_QUIET_TIME, until)
    batch.deferred += 1
    return True


def _is_tried_on_flagged(
    message: OutboxMessage, facts: ContactFacts, now: datetime, batch: ClaimedBatch
) -> bool:
    """Take back a tried wording should a flag have come up since, however it came: nothing is ever
    tried with people who have one. A later pass writes them the usual text."""
    if message.wording is None or not facts.flags:
        return False
    cancel(message, FLAGGED_SINCE, now)
    batch.cancelled[FLAGGED_SINCE] += 1
    return True


def _take(
    message: OutboxMessage, provider: str, sender: str, now: datetime, leave_until: datetime | None
) -> Claim:
    assert message.to is not None
    assert message.body is not None
    message.state = MessageState.SENDING
    message.reason = None
    message.provider = provider
    message.claimed_at = now
    message.lease_until = now + LEASE
    message.attempts += 1
    return Claim(
        message_id=message.id,
        request_id=message.request_id,
        attempt=message.attempts,
        provider=provider,
        sender=sender,
        to=message.to,
        body=message.body,
        leave_until=leave_until,
    )
