"""What is counted for a report, row by row: partly as kept by month, the rest in the database now.

A *tally* is one such question. Its rows are keys and sums; the rows of several months are the rows
of all of them together, so that what is made of them cannot tell kept from live.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.periods import days_of, quarter_of
from survey_app.reporting.filters import OF_TIME, Dimension
from survey_app.reporting.kept_cases import TIER_KEY, Wanted
from survey_app.reporting.member_rows import count_members, rows_asked
from survey_app.reporting.members import members_of
from survey_app.reporting.population import Population
from survey_app.reporting.row_columns import Row, unpacked
from survey_app.store.kept_months import (
    read_members,
    read_totals,
)

CountedRow = Mapping[Any, Any]
Live = Callable[[Session, Population], Iterable[CountedRow]]


@dataclass(frozen=True)
class Tally:
    """The names of what tells rows apart and of what is summed up; `tier_key` makes the tier."""

    name: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]


Only = Mapping[str, Collection[Any]]
"""Keys, and what each may be."""


def counted_rows(
    session: Session,
    population: Population,
    tally: Tally,
    live: Live,
    only: Only = MappingProxyType({}),
) -> Iterator[CountedRow]:
    """The rows of a tally that pass the filter by tier: that rule is the domain's own.

    `live` counts what is not kept, and no others than `only` names and the filter by instrument.
    """
    if population.filters.instrument is not None and "instrument" in tally.keys:
        only = {**only, "instrument": [population.filters.instrument]}
    for row in _all_rows(session, population, tally, live, only):
        if population.has_tier_of(row):
            yield row


def _all_rows(
    session: Session, population: Population, tally: Tally, live: Live, only: Only
) -> Iterator[CountedRow]:
    if population.kept:
        yield from _kept_rows(session, population, tally, only)
    if population.is_live:
        yield from live(session, population)


def asked_once(live: Live) -> Live:
    """The same, remembering what it found: for several tallies of one question."""
    found: list[CountedRow] | None = None

    def rows(session: Session, population: Population) -> list[CountedRow]:
        nonlocal found
        if found is None:
            found = list(live(session, population))
        return found

    return rows


def _kept_rows(
    session: Session, population: Population, tally: Tally, only: Only
) -> Iterator[CountedRow]:
    """The rows of all kept months as one table."""
    wanted = _wanted(population, tally)
    names = (*_extra_names(population, wanted), *tally.keys)
    totals: dict[Row, Sequence[int]] = {}
    for (extra, row), times in _kept_parts(session, population, tally, only, wanted).items():
        sums = [times * n for n in row[len(tally.keys) :]]
        add_sums(totals, (*extra, *row[: len(tally.keys)]), sums)
    for key, sums in totals.items():
        yield dict(zip((*names, *tally.sums), (*key, *sums), strict=True))


def _wanted(population: Population, tally: Tally) -> Wanted:
    """What filters and split ask for, without the tier where a row tells it already."""
    only = {d: v for d, v in population.filters.only.items() if d is not Dimension.TIER}
    by = population.by if population.by not in (Dimension.TIER, *OF_TIME) else None
    is_by_tier = Dimension.TIER in (population.by, *population.filters.only)
    if not is_by_tier or TIER_KEY in tally.keys:
        return Wanted(only, by)
    return Wanted(only, by, lambda key: population.has_tier_of({TIER_KEY: key}))


def _kept_parts(
    session: Session, population: Population, tally: Tally, only: Only, wanted: Wanted
) -> Counter[tuple[Row, Row]]:
    """How often which row, keys and sums, is in which group, over all kept months.

    Everyone's totals where everyone is wanted, else the row's members who are.
    """
    whole = [] if wanted else [k for k in population.kept.values() if not k.month.apart]
    parts = [k for k in population.kept.values() if wanted or k.month.apart]
    totals = read_totals(session, [k.month for k in whole], tally.name) if whole else {}
    members = read_members(session, [k.month for k in parts], tally.name) if parts else {}
    asked = {tally.keys.index(key): frozenset(values) for key, values in only.items()}
    found: Counter[tuple[Row, Row]] = Counter()
    for month, cases in population.kept.items():
        of_time = _of_time(population, month)
        for row in rows_asked(unpacked(totals.get(cases.month.id)), asked):
            found[of_time, row] += 1
        if cases.month.id in members:
            kept = members_of(members[cases.month.id])
            count_members(found, kept, cases, wanted, asked, of_time)
    return found


def _extra_names(population: Population, wanted: Wanted) -> tuple[str, ...]:
    """The names of what tells groups apart."""
    month = ("month_key",) if population.by in OF_TIME else ()
    group = ("group_key",) if wanted.by is not None else ()
    return (*month, *group, *((TIER_KEY,) if wanted.has_tier is not None else ()))


def _of_time(population: Population, month: str) -> Row:
    if population.by is Dimension.MONTH:
        return (month,)
    if population.by is Dimension.QUARTER:
        # All months of a quarter are one group: any of them names it.
        return (quarter_of(days_of(month)[0]).months[0],)
    return ()


def add_sums(totals: dict[Any, Sequence[int]], key: Any, sums: Sequence[int]) -> None:
    """Add sums to those of a key."""
    known = totals.get(key)
    totals[key] = sums if known is None else [a + b for a, b in zip(known, sums, strict=True)]
