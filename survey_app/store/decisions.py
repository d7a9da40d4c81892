"""What did the contact rule say of a request, and on which facts? Appended, never changed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey_app.domain.channel_choice import ChannelChoice
from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import Channel
from survey_app.domain.safe_contact import Outcome, Verdict
from survey_app.store.requests import ContactDecision, SurveyRequest

Latest: TypeAlias = dict[tuple[int, str], ContactDecision]
"""The newest decision by request id and channel."""

Decided: TypeAlias = tuple[SurveyRequest, ChannelChoice, ContactFacts]
"""A request, what was chosen for it, and on which facts."""


def latest_decisions(session: Session, request_ids: Collection[int]) -> Latest:
    """The newest decision on each channel of these requests, in one query."""
    newest = (
        select(func.max(ContactDecision.id))
        .where(ContactDecision.request_id.in_(request_ids))
        .group_by(ContactDecision.request_id, ContactDecision.channel)
    )
    found = session.scalars(select(ContactDecision).where(ContactDecision.id.in_(newest)))
    return {(d.request_id, d.channel): d for d in found if d.request_id is not None}


def record_decision(
    session: Session,
    request: SurveyRequest,
    channel: Channel,
    verdict: Verdict,
    facts: ContactFacts,
    now: datetime,
) -> None:
    """Keep what the rule said of one channel, and leave the choice of channel as it is.

    See `record_choices` for what the request keeps.
    """
    latest = latest_decisions(session, [request.id])
    _insert(session, [_row_if_changed(request, channel, verdict, facts, now, latest)])
    _keep(request, channel, verdict)


def record_choice(
    session: Session,
    request: SurveyRequest,
    choice: ChannelChoice,
    facts: ContactFacts,
    now: datetime,
    latest: Latest,
) -> None:
    """Move one request to its chosen channel and keep every verdict on the way there.

    A decision row is written where its outcome, its reason or the facts differ from `latest`. The
    request keeps why its first channel was refused, whether anything was ever allowed, and until
    when the channel in use has to wait.
    """
    _insert(session, _moved(request, choice, facts, now, latest))


def record_choices(session: Session, decided: Collection[Decided], now: datetime) -> None:
    """Do what `record_choice` does for many requests, in two statements."""
    latest = latest_decisions(session, [request.id for request, _, _ in decided])
    _insert(
        session,
        [
            row
            for request, choice, facts in decided
            for row in _moved(request, choice, facts, now, latest)
        ],
    )


def _moved(
    request: SurveyRequest,
    choice: ChannelChoice,
    facts: ContactFacts,
    now: datetime,
    latest: Latest,
) -> list[dict[str, Any] | None]:
    """Move the request; the rows to append."""
    request.channel = choice.channel
    request.deferred_until = None
    for channel, verdict in choice.judged:
        _keep(request, channel, verdict)
    return [
        _row_if_changed(request, channel, verdict, facts, now, latest)
        for channel, verdict in choice.judged
    ]


def _insert(session: Session, rows: Iterable[dict[str, Any] | None]) -> None:
    changed = [row for row in rows if row is not None]
    if changed:
        session.execute(insert(ContactDecision), changed)


def _row_if_changed(
    request: SurveyRequest,
    channel: Channel,
    verdict: Verdict,
    facts: ContactFacts,
    now: datetime,
    latest: Latest,
) -> dict[str, Any] | None:
    last = latest.get((request.id, channel))
    plain = facts.as_json()
    said = (verdict.outcome, verdict.reason, plain)
    if last is not None and (last.outcome, last.reason, last.facts) == said:
        return None
    return {
        "service_id": request.service_id,
        "case_id": request.case_id,
        "request_id": request.id,
        "channel": channel,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "until": verdict.until,
        "facts": plain,
        "decided_at": now,
    }


def _keep(request: SurveyRequest, channel: Channel, verdict: Verdict) -> None:
    is_refused = verdict.outcome is Outcome.NO
    if request.channels and channel == request.channels[0]:
        request.refusal = verdict.reason if is_refused else None
    if channel == request.channel:
        request.deferred_until = verdict.until
    if verdict.outcome is Outcome.YES or (channel is not Channel.SMS and not is_refused):
        request.is_contactable = True
