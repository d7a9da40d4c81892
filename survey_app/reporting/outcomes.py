"""How many improved, stayed or declined in each area of life, and of how many is it not known?

Counted from the pair rows (`usecases.refresh_pairs`); the population is every case of the period
that has a reading, whatever its tier or closure reason (DOMAIN.md, "Measures").
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session

from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.instruments import Instrument, InstrumentKind
from survey_app.domain.outcomes import Change, Standing
from survey_app.domain.statistics import Rate
from survey_app.reporting.population import Columns, CountedRow, Population
from survey_app.reporting.snapshots import area_labels, newest_by_key, stored_instruments
from survey_app.reporting.suppression import Cell, Count, RowKey, Section, View
from survey_app.store.case_facts import CaseFact
from survey_app.store.pairs import Pair

_CHANGES = {change.value: change.value.replace("-", "_") for change in Change}
_UNPAIRED = {
    Standing.BASELINE_ONLY.value: "baseline_only",
    Standing.CLOSURE_ONLY.value: "closure_only",
}
PAIR_COLUMNS = Columns(Pair.last_on, Pair.last_mode, Pair.last_language)
"""A pair is of the day, mode and language of its last reading."""

_COUNTS = ("paired", "paired_with_review", *_CHANGES.values(), *_UNPAIRED.values())


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome area by one instrument. `paired` is everyone with a first and a last value."""

    group: str | None
    area: str
    label: str
    instrument: str
    paired: Count
    paired_with_review: Count
    improved: Count
    sustained_well: Count
    sustained_low: Count
    declined: Count
    baseline_only: Count
    closure_only: Count
    improved_or_sustained: Rate
    improved_rate: Rate
    improved_with_room: Rate


def count_outcomes(session: Session, population: Population) -> Section:
    """The cells of every area of a self-assessment: two queries."""
    counts: Counter[Cell] = Counter()
    rows: set[RowKey] = set()
    for row in population.rows(session, _query(population)):
        for group in (None, *population.groups_of(row)):
            keys = row["instrument"], row["area"]
            rows.add((group, keys))
            counts.update({("outcomes", group, keys, key): n for key, n in _keys(row)})
    counts.update({("outcomes", *place, key): 0 for place in rows for key in _ALL_KEYS})
    versions = stored_instruments(session, [InstrumentKind.SELF_ASSESSMENT])
    return Section(
        dict(counts),
        tuple(tie for place in rows for tie in _sums(place)),
        tuple(tie for place in rows for tie in _gaps(place)),
        rows=tuple(in_order_of_areas(rows, newest_by_key(versions))),
        labels=area_labels(versions.values()),
    )


def outcome_rows(view: View, section: Section) -> list[OutcomeRow]:
    """The areas as their audience sees them, in the order of the questions."""
    return [_row(view, section.labels, group, keys) for group, keys in section.rows]


def in_order_of_areas(rows: Iterable[RowKey], newest: Mapping[str, Instrument]) -> list[RowKey]:
    """Rows of (instrument, area) as the instrument asks its areas; those it dropped come last."""

    def place(row: RowKey) -> tuple[Any, ...]:
        group, (key, area) = row
        items = newest[key].outcome_items if key in newest else ()
        areas = [item.outcome for item in items]
        return group or "", key, areas.index(area) if area in areas else len(areas), area

    return sorted(rows, key=place)


def of_pairs(population: Population, *kinds: InstrumentKind) -> ColumnElement[bool]:
    """The pair rows of the population, of the instrument that a filter names."""
    wanted = population.filters.instrument
    is_wanted = true() if wanted is None else Pair.instrument == wanted
    return and_(population.of_days(Pair.last_on), Pair.kind.in_(kinds), is_wanted)


_ALL_KEYS = (*_COUNTS, "improved_or_sustained", "with_room")


def _query(population: Population) -> Select[Any]:
    keys = (
        Pair.instrument,
        Pair.area,
        Pair.status,
        Pair.outcome,
        Pair.has_room,
        Pair.is_review_last,
    )
    query = (
        select(func.count().label("cases"), *keys)
        .select_from(CaseFact)
        .join(Pair, Pair.case_id == CaseFact.case_id)
        .where(
            of_pairs(population, InstrumentKind.SELF_ASSESSMENT),
            Pair.status != Standing.REVIEW_ONLY,
        )
        .group_by(*keys)
    )
    return population.split(query, PAIR_COLUMNS, has_tier=False)


def _keys(row: CountedRow) -> Iterator[tuple[str, int]]:
    """The cells that a counted row adds to."""
    cases = row["cases"]
    if row["status"] != Standing.PAIRED:
        yield _UNPAIRED[row["status"]], cases
        return
    yield "paired", cases
    yield _CHANGES[row["outcome"]], cases
    if row["is_review_last"]:
        yield "paired_with_review", cases
    if row["outcome"] != Change.DECLINED:
        yield "improved_or_sustained", cases
    if row["has_room"]:
        yield "with_room", cases


def _sums(place: RowKey) -> Iterator[Sum]:
    def cells(*keys: str) -> tuple[Cell, ...]:
        return tuple(("outcomes", *place, key) for key in keys)

    kept = ("improved", "sustained_well", "sustained_low")
    yield Sum(cells("paired"), cells(*kept, "declined"))
    yield Sum(cells("improved_or_sustained"), cells(*kept))


def _gaps(place: RowKey) -> Iterator[Gap]:
    def gap(whole: str, part: str, *, is_sensitive: bool = True) -> Gap:
        return Gap(("outcomes", *place, whole), ("outcomes", *place, part), is_sensitive)

    yield gap("paired", "improved_or_sustained")
    yield gap("paired", "improved")
    # Whoever improved had room to: the share among those with room has the same numerator.
    yield gap("with_room", "improved")
    yield gap("paired", "with_room", is_sensitive=False)
    yield gap("paired", "paired_with_review", is_sensitive=False)


def _row(
    view: View, labels: Mapping[tuple[str, str], str], group: str | None, keys: tuple[str, ...]
) -> OutcomeRow:
    def cell(key: str) -> Cell:
        return "outcomes", group, keys, key

    instrument, area = keys
    return OutcomeRow(
        group=group,
        area=area,
        label=labels[instrument, area],
        instrument=instrument,
        improved_or_sustained=view.rate(cell("improved_or_sustained"), cell("paired")),
        improved_rate=view.rate(cell("improved"), cell("paired")),
        improved_with_room=view.rate(cell("improved"), cell("with_room")),
        **{key: view.count(cell(key)) for key in _COUNTS},
    )
