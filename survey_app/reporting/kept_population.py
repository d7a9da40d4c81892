"""How much of a question is answered by months as they are kept, and what is left to count?"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.reporting.dimension_columns import OF_CASE, OF_PERSON
from survey_app.reporting.filters import NO_FILTERS, OF_TIME
from survey_app.reporting.kept_cases import CASES, IS_OPEN, KeptCases, Wanted
from survey_app.reporting.members import members_of
from survey_app.reporting.population import Basis, Population
from survey_app.store.cases import Case
from survey_app.store.id_lists import IdList
from survey_app.store.kept_months import MonthKept, find_kept_months, read_members

ROWS_VERSION = 2
"""Goes up when a tally comes to count something else under the same names."""


def counted_as(population: Population) -> str:
    """How a population's months are counted today: what is kept otherwise is of no use."""
    return f"{ROWS_VERSION}:{population.highest_deliveries}"


def with_kept_months(session: Session, population: Population) -> Population:
    """The population with its live months taken as kept, but for the cases that have moved since,
    where they are kept and the question is one that kept months answer."""
    if population.basis is not Basis.CLOSED or not population.live_months:
        return population
    months, how = population.live_months, counted_as(population)
    found = find_kept_months(
        session, population.service_id, months[0], months[-1], how, population.now
    )
    if not found:
        return population
    moved = frozenset[int]().union(*(month.apart for month in found.values()))
    live = tuple(month for month in months if month not in found)
    apart = {*_closed_in(session, population, moved), *_closed_in_months(session, population, live)}
    return replace(
        population,
        kept=_with_cases(session, population, found),
        apart=IdList(tuple(sorted(apart))),
        live_months=(),
    )


def _closed_in(session: Session, population: Population, ids: Collection[int]) -> Iterator[int]:
    """Those of these cases that still close in the period: some have moved elsewhere.

    Found by their ids alone, and only so asked for whatever is counted of them: a planner that
    hears of days as well may go through years of cases instead.
    """
    if not ids:
        return
    cases = Case.__table__.c
    these = IdList(tuple(sorted(ids))).holds(cases.id)
    period = population.period
    for row in session.execute(select(cases.id, cases.service_id, cases.closed_on).where(these)):
        is_in_period = row.closed_on and period.starts_on <= row.closed_on <= period.ends_on
        if is_in_period and row.service_id == population.service_id:
            yield row.id


def _closed_in_months(
    session: Session, population: Population, months: tuple[str, ...]
) -> Iterable[int]:
    """All cases that closed in these months, whatever the filters."""
    if not months:
        return ()
    whole = replace(population, live_months=months, filters=NO_FILTERS)
    return session.scalars(select(Case.id).where(whole.of_cases()))


def _with_cases(
    session: Session, population: Population, found: Mapping[str, MonthKept]
) -> dict[str, KeptCases]:
    """The kept months, with what is known of their cases where some of them are asked for."""
    is_of_some = bool(population.filters.only) or population.by not in (None, *OF_TIME)
    asked = [month for month in found.values() if is_of_some or month.apart or month.has_open]
    known = read_members(session, asked, CASES) if asked else {}
    return {
        name: KeptCases(month, members_of(known[month.id]) if month.id in known else None)
        for name, month in found.items()
    }


def has_open_kept(population: Population) -> bool:
    """Whether a request of a case taken as kept is open, of those that filters by case ask for."""
    only = {d: v for d, v in population.filters.only.items() if d in OF_CASE or d in OF_PERSON}
    return any(
        cases & those
        for kept in population.kept.values()
        if kept.month.has_open
        for _, cases in Wanted(only).cells(kept)
        for value, those in kept.by(IS_OPEN)
        if value
    )
