"""What does the database know of the pairs of a star, and of the cases that have some?"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.outcomes import Move, Standing
from survey_app.reporting.outcomes import PAIR_COLUMNS, of_pairs
from survey_app.reporting.population import Columns, Population
from survey_app.reporting.tallies import CountedRow, Tally
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair

AREAS = Tally("star-areas", ("instrument", "area", "status", "outcome"), ("cases",))
SCORES = {
    end: Tally(f"star-{end}-scores", ("instrument", "area", "status", f"{end}_value"), ("cases",))
    for end in ("first", "last")
}
CASES = Tally("star-cases", ("instrument", "is_up"), ("cases",))


def live_areas(session: Session, population: Population) -> Iterable[CountedRow]:
    """The rows of `AREAS` and `SCORES` as the database stands."""
    return session.execute(_areas_query(population)).mappings()


def live_cases(session: Session, population: Population) -> Iterable[CountedRow]:
    """The rows of `CASES` as the database stands."""
    return session.execute(_cases_query(population)).mappings()


def _areas_query(population: Population) -> Select[Any]:
    keys = (
        Pair.instrument,
        Pair.area,
        Pair.status,
        Pair.outcome,
        Pair.first_value,
        Pair.last_value,
    )
    query = (
        select(func.count().label("cases"), *keys)
        .select_from(Pair)
        .join(Case, Case.id == Pair.case_id)
        .where(of_pairs(population, InstrumentKind.STAR))
        .group_by(*keys)
    )
    return population.split(query, PAIR_COLUMNS, has_tier=False)


def _cases_query(population: Population) -> Select[Any]:
    """Cases with a paired area, by whether any of their areas went up."""
    per_case = (
        select(
            Pair.case_id,
            Pair.instrument,
            func.max(case((Pair.outcome == Move.INCREASED, 1), else_=0)).label("is_up"),
            func.max(Pair.last_mode).label("mode"),
            func.max(Pair.last_language).label("language"),
            func.max(Pair.last_on).label("day"),
        )
        .join(Case, Case.id == Pair.case_id)
        .where(
            of_pairs(population, InstrumentKind.STAR),
            Pair.status == Standing.PAIRED,
        )
        .group_by(Pair.case_id, Pair.instrument)
        .subquery("per_case")
    )
    query = (
        select(func.count().label("cases"), per_case.c.instrument, per_case.c.is_up)
        .select_from(per_case)
        .join(Case, Case.id == per_case.c.case_id)
        .group_by(per_case.c.instrument, per_case.c.is_up)
    )
    own = Columns(per_case.c.day, per_case.c.mode, per_case.c.language)
    return population.split(query, own, has_tier=False)
