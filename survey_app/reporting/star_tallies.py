"""What is known of the pairs of a star, and of the cases that have some?"""

from typing import Any

from sqlalchemy import Select, case, func, select

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.outcomes import Move, Standing
from survey_app.reporting.outcomes import PAIR_COLUMNS, of_pairs
from survey_app.reporting.population import Columns, Population
from survey_app.store.case_facts import CaseFact
from survey_app.store.pairs import Pair


def areas_query(population: Population) -> Select[Any]:
    """Pairs by area, move, first and last score."""
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
        .select_from(CaseFact)
        .join(Pair, Pair.case_id == CaseFact.case_id)
        .where(of_pairs(population, InstrumentKind.STAR))
        .group_by(*keys)
    )
    return population.split(query, PAIR_COLUMNS, has_tier=False)


def cases_query(population: Population) -> Select[Any]:
    """Cases with a reading, by whether an area of theirs is paired, and whether one went up."""
    per_case = (
        select(
            Pair.case_id,
            Pair.instrument,
            func.max(case((Pair.status == Standing.PAIRED, 1), else_=0)).label("is_paired"),
            func.max(case((Pair.outcome == Move.INCREASED, 1), else_=0)).label("is_up"),
            func.max(Pair.last_mode).label("mode"),
            func.max(Pair.last_language).label("language"),
            func.max(Pair.last_on).label("day"),
        )
        .select_from(CaseFact)
        .join(Pair, Pair.case_id == CaseFact.case_id)
        .where(of_pairs(population, InstrumentKind.STAR))
        .group_by(Pair.case_id, Pair.instrument)
        .subquery("per_case")
    )
    keys = (per_case.c.instrument, per_case.c.is_paired, per_case.c.is_up)
    query = (
        select(func.count().label("cases"), *keys)
        .select_from(per_case)
        .join(CaseFact, CaseFact.case_id == per_case.c.case_id)
        .group_by(*keys)
    )
    own = Columns(per_case.c.day, per_case.c.mode, per_case.c.language)
    return population.split(query, own, has_tier=False)
