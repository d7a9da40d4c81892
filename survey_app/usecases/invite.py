"""Who is due to be invited by text, and may be? Decides on each and queues the texts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.channel_choice import ChannelChoice
from survey_app.domain.requests import SET_ASIDE, UNREADABLE, Channel, MessageKind, MessageState
from survey_app.domain.safe_contact import Outcome, Refusal, Verdict
from survey_app.messaging.outbox import TextToQueue, queue_texts
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.due_requests import awaits_invitation
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.decide_contact import decide_contacts
from survey_app.usecases.place_in_trials import UNTRIED, Invited, Treatment, place_in_trials


@dataclass
class QueueCounts:
    """What one batch did. `last_id` is None once no request is left."""

    queued: int = 0
    deferred: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    """Left to a person at once, by reason: see `messaging/unsendable`."""
    last_id: int | None = None

    def add(self, other: "QueueCounts") -> None:
        """Take another batch's figures in."""
        self.queued += other.queued
        self.deferred += other.deferred
        self.refused += other.refused
        self.set_aside += other.set_aside


def invite_due(
    session: Session,
    settings: Settings,
    now: datetime,
    *,
    after_id: int = 0,
    limit: int = 500,
    with_refused: bool = True,
) -> QueueCounts:
    """Decide on up to `limit` due requests after an id, and queue a text for whoever may have one.

    `with_refused` asks also about those who were refused before and not asked since: time alone,
    or a change of the programme, may have lifted the reason.
    """
    rows = session.execute(_due(now, after_id, limit, with_refused=with_refused)).all()
    counts = QueueCounts()
    if not rows:
        return counts
    counts.last_id = rows[-1][0].id
    choices = decide_contacts(session, [request for request, _, _ in rows], now)
    allowed = [
        (request, person, service, verdict)
        for request, person, service in rows
        if (verdict := count_choice(choices[request.id], counts)) is not None
    ]
    invited = [Invited(request, person, v.until or now) for request, person, _, v in allowed]
    treatments = place_in_trials(session, invited, now)
    texts = [
        _invitation(request, person, service, verdict, treatments.get(request.id, UNTRIED))
        for request, person, service, verdict in allowed
    ]
    unreadable = [
        TextToQueue(r, person, service, MessageKind.INVITATION, 0, now, set_aside=UNREADABLE)
        for r, person, service in rows
        if is_refused_as_unreadable(choices[r.id])
    ]
    queue_and_count(session, texts, unreadable, settings, now, counts)
    return counts


def is_refused_as_unreadable(choice: ChannelChoice) -> bool:
    """Whether the rule refused a text because something of the person cannot be read. The text is
    written down all the same, set aside: so it is seen, and waits for somebody."""
    verdict = dict(choice.judged).get(Channel.SMS)
    return verdict is not None and verdict.reason is Refusal.UNREADABLE


def queue_and_count(
    session: Session,
    allowed: Sequence[TextToQueue],
    unreadable: Sequence[TextToQueue],
    settings: Settings,
    now: datetime,
    counts: QueueCounts,
) -> None:
    """Write these texts down. What the rule allowed and cannot be written is set aside too, and
    counted as that and not as queued."""
    for message in queue_texts(session, allowed, settings, now):
        if message.state == MessageState.UNKNOWN and message.reason in SET_ASIDE:
            counts.set_aside[message.reason] += 1
            counts.queued -= 1
    for message in queue_texts(session, unreadable, settings, now):
        counts.set_aside[str(message.reason)] += 1


def _invitation(
    request: SurveyRequest,
    person: Person,
    service: Service,
    verdict: Verdict,
    treatment: Treatment,
) -> TextToQueue:
    is_moved = treatment.not_before is not None
    return TextToQueue(
        request,
        person,
        service,
        MessageKind.INVITATION,
        0,
        due_at=treatment.not_before or verdict.until or request.due_at,
        reason=None if is_moved else verdict.reason,
        invitation=treatment.wording,
    )


def count_choice(choice: ChannelChoice, counts: QueueCounts) -> Verdict | None:
    """The rule's word on a text if one may be queued, for now or for later; counts it."""
    verdict = dict(choice.judged).get(Channel.SMS)
    if verdict is None or verdict.outcome is Outcome.NO:
        # No verdict on a text: the request is asked over another channel by now.
        reason: Refusal | None = verdict.reason if verdict else None
        if reason is not None:
            counts.refused[reason] += 1
        return None
    counts.queued += 1
    counts.deferred += verdict.outcome is Outcome.LATER
    return verdict


def _due(
    now: datetime, after_id: int, limit: int, *, with_refused: bool
) -> Select[tuple[SurveyRequest, Person, Service]]:
    """Due requests that have no invitation which left, waits, or failed.

    Rows that another pass holds are skipped: it decides on them.
    """
    by_text = SurveyRequest.channel == Channel.SMS
    return (
        select(SurveyRequest, Person, Service)
        .join(Case, Case.id == SurveyRequest.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(Service, Service.id == SurveyRequest.service_id)
        .where(
            SurveyRequest.id > after_id,
            *awaits_invitation(now),
            or_(by_text, SurveyRequest.refusal.is_not(None)) if with_refused else by_text,
        )
        .order_by(SurveyRequest.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=SurveyRequest)
    )
