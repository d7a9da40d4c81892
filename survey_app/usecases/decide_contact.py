"""Decide over which channel open requests may go on now, and keep the decision.

Asked when a request is planned, when it falls due, and whenever a fact of it changes.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.channel_choice import ChannelChoice, choose_channel
from survey_app.domain.requests import OPEN_STATES, Channel
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import record_choices
from survey_app.store.requests import SurveyRequest


def decide_contact(session: Session, request: SurveyRequest, now: datetime) -> ChannelChoice:
    """Decide on one request; it must be flushed and within the session's scope."""
    return decide_contacts(session, [request], now)[request.id]


def decide_contacts(
    session: Session, requests: Collection[SurveyRequest], now: datetime
) -> dict[int, ChannelChoice]:
    """Decide on many requests in a constant number of queries; the choices by request id."""
    session.flush()
    ids = [request.id for request in requests]
    facts = contact_facts(session, ids)
    choices: dict[int, ChannelChoice] = {}
    for request in requests:
        choice = choose_channel(
            [Channel(channel) for channel in request.channels],
            None if request.channel is None else Channel(request.channel),
            facts[request.id],
            now,
            was_asked=request.was_asked,
        )
        choices[request.id] = choice
    record_choices(session, [(r, choices[r.id], facts[r.id]) for r in requests], now)
    return choices


def decide_again(session: Session, person_ids: Collection[int], now: datetime) -> None:
    """Decide anew on every open request of people of whom something changed."""
    requests = session.scalars(
        select(SurveyRequest)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(Case.person_id.in_(person_ids), SurveyRequest.state.in_(OPEN_STATES))
        .order_by(SurveyRequest.id)
    ).all()
    decide_contacts(session, requests, now)
