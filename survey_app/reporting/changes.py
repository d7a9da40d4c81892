"""From which value to which did people move, and was it told in the same way both times?

For the service's own staff: a cell of these tables is often one person. What people tell an
interviewer is not what they tap, so pairs whose two readings were given differently are counted
apart.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument, InstrumentKind
from survey_app.domain.outcomes import Change, Move, Standing
from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.outcomes import PAIR_COLUMNS, in_order_of_areas, of_pairs
from survey_app.reporting.population import CountedRow, Population
from survey_app.reporting.snapshots import newest_by_key, stored_instruments
from survey_app.reporting.suppression import RowKey
from survey_app.store.case_facts import CaseFact
from survey_app.store.pairs import Pair

KINDS = (InstrumentKind.SELF_ASSESSMENT, InstrumentKind.STAR)
UP = frozenset({Change.IMPROVED.value, Move.INCREASED.value})


@dataclass(frozen=True)
class ChangeRow:
    """One area: how many pairs went from which value to which (`2-4`), worst values first."""

    group: str | None
    instrument: str
    area: str
    values: tuple[int, ...]
    """The whole scale, worst first."""
    moves: Mapping[str, int]


@dataclass(frozen=True)
class ModeChangeRow:
    """Pairs of one instrument whose first and last reading were given in these modes."""

    group: str | None
    instrument: str
    first_mode: str
    last_mode: str
    pairs: int
    improved: Rate


@dataclass(frozen=True)
class Changes:
    """Both tables."""

    areas: tuple[ChangeRow, ...] = ()
    modes: tuple[ModeChangeRow, ...] = ()


NO_CHANGES = Changes()


def count_changes(session: Session, population: Population) -> Changes:
    """The moves of every paired area: two queries."""
    moves: dict[RowKey, Counter[str]] = defaultdict(Counter)
    modes: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in population.rows(session, _query(population)):
        for group in _groups(population, row):
            place = group, (row["instrument"], row["area"])
            moves[place][f"{row['first_value']}-{row['last_value']}"] += row["cases"]
            mode = group, row["instrument"], row["first_mode"] or "", row["last_mode"] or ""
            modes[mode]["pairs"] += row["cases"]
            modes[mode]["improved"] += row["cases"] * (row["outcome"] in UP)
    newest = newest_by_key(stored_instruments(session, KINDS))
    return Changes(
        tuple(_area(place, moves[place], newest) for place in in_order_of_areas(moves, newest)),
        tuple(
            ModeChangeRow(*place, n["pairs"], rate(n["improved"], n["pairs"]))
            for place, n in sorted(modes.items(), key=lambda found: str(found[0]))
        ),
    )


def _query(population: Population) -> Select[Any]:
    keys = (
        Pair.instrument,
        Pair.area,
        Pair.first_value,
        Pair.last_value,
        Pair.first_mode,
        Pair.last_mode,
        Pair.outcome,
    )
    query = (
        select(func.count().label("cases"), *keys)
        .select_from(CaseFact)
        .join(Pair, Pair.case_id == CaseFact.case_id)
        .where(
            of_pairs(population, *KINDS),
            Pair.status == Standing.PAIRED,
        )
        .group_by(*keys)
    )
    return population.split(query, PAIR_COLUMNS, has_tier=False)


def _groups(population: Population, row: CountedRow) -> tuple[str | None, ...]:
    return (None,) if population.by is None else population.groups_of(row)


def _area(place: RowKey, moves: Mapping[str, int], newest: Mapping[str, Instrument]) -> ChangeRow:
    group, (instrument, area) = place
    values = _scale(newest.get(instrument), area) or _seen(moves)
    return ChangeRow(group, instrument, area, values, dict(sorted(moves.items())))


def _scale(instrument: Instrument | None, area: str) -> tuple[int, ...]:
    items = instrument.outcome_items if instrument is not None else ()
    item = next((item for item in items if item.outcome == area), None)
    if item is None:
        return ()
    found = sorted(item.values.values())
    return tuple(found if item.best == found[-1] else reversed(found))


def _seen(moves: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sorted({int(value) for move in moves for value in move.split("-")}))
