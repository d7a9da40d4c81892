"""What is kept of a month, tally by tally, and may it be kept at all?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import days_of, quarter_of
from survey_app.domain.requests import OPEN_STATES
from survey_app.reporting import changes, ladder_facts, outcomes, recording, stars, who_answered
from survey_app.reporting.population import Population
from survey_app.reporting.report import find_population
from survey_app.reporting.satisfaction_answers import RESPONSES, Asked
from survey_app.reporting.snapshots import measured_instruments
from survey_app.reporting.tallies import Live, Tally, asked_once, counted_as, rows_to_keep
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service


def kept_as(session: Session, service: Service, now: datetime) -> str:
    """How the months of a service are counted today."""
    return counted_as(_of_month(session, service, f"{now:%Y-%m}", now))


def is_settled(session: Session, service: Service, month: str, now: datetime) -> bool:
    """Whether time alone moves nothing in a month: no request is open, none waits for its day."""
    first, last = days_of(month)
    waits = or_(
        SurveyRequest.state.in_(OPEN_STATES),
        SurveyRequest.due_at > now,
        SurveyRequest.deferred_until > now,
    )
    open_requests = (
        select(SurveyRequest.id)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(and_(Case.service_id == service.id, Case.closed_on.between(first, last), waits))
    )
    return not session.scalar(select(exists(open_requests)))


def count_month(
    session: Session, service: Service, month: str, now: datetime
) -> Iterator[Mapping[str, Any]]:
    """Everything that is kept of a month, as rows of `kept_rows`."""
    population = replace(_of_month(session, service, month, now), is_to_keep=True)
    for tally, live in _tallies(session):
        for dimension, value, content in rows_to_keep(tally, live(session, population)):
            yield {
                "tally": tally.name,
                "dimension": dimension,
                "value": value,
                "content": content,
            }


def _of_month(session: Session, service: Service, month: str, now: datetime) -> Population:
    quarter = quarter_of(days_of(month)[0])
    population = find_population(session, service, quarter, now=now)
    return replace(population, kept={}, live_months=(month,))


def _tallies(session: Session) -> Iterator[tuple[Tally, Live]]:
    asked = Asked(measured_instruments(session))
    star_areas, pairs = asked_once(stars.live_areas), asked_once(changes.live_pairs)
    yield ladder_facts.FACTS, ladder_facts.live_facts
    yield RESPONSES, asked.responses
    for tally, live, _items in asked.tallies:
        yield tally, live
    yield outcomes.AREAS, outcomes.live_areas
    yield stars.AREAS, star_areas
    for scores in stars.SCORES.values():
        yield scores, star_areas
    yield stars.CASES, stars.live_cases
    yield changes.MOVES, pairs
    yield changes.MODES, pairs
    yield who_answered.WHO, who_answered.live_answered
    yield recording.RECORDED, recording.live_records
