"""What is recorded of each case that a filter or a split may ask for?"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import OPEN_STATES
from survey_app.reporting.dimension_columns import OF_CASE, OF_PERSON, named_by
from survey_app.reporting.filters import Dimension
from survey_app.reporting.kept_cases import IS_OPEN
from survey_app.reporting.population import Population
from survey_app.reporting.tallies import CountedRow
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest

_COLUMNS = {**OF_CASE, **OF_PERSON, Dimension.LANGUAGE: Person.language}


def live_characteristics(session: Session, population: Population) -> Iterable[CountedRow]:
    """One row a case: its id, each characteristic, what its tier depends on, and whether a request
    of it is open."""
    open_requests = select(SurveyRequest.id).where(
        SurveyRequest.case_id == Case.id, SurveyRequest.state.in_(OPEN_STATES)
    )
    columns: list[Any] = [
        column.label(named_by(dimension)) for dimension, column in _COLUMNS.items()
    ]
    columns.append(case((open_requests.correlate(Case).exists(), "open"), else_="").label(IS_OPEN))
    query, tier_key = population.with_tier(
        select(Case.id.label("case_id"), *columns)
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .where(population.of_cases())
    )
    return session.execute(query.add_columns(tier_key)).mappings()
