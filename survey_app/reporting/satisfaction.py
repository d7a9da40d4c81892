"""What share of those asked was satisfied, and on how many answers does that stand?

Every response whose request has ended counts, also several of one case, with each item standing
alone (FORMATS.md, "Definitions"). How one answer counts for a measure is `domain.answers.standing`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.domain.answers import Answer as GivenAnswer
from survey_app.domain.answers import Standing, standing
from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.instruments import Instrument
from survey_app.domain.items import OutsideCode
from survey_app.domain.ladder import TIERS
from survey_app.domain.statistics import Rate
from survey_app.reporting.population import Population
from survey_app.reporting.satisfaction_answers import Given, Place, count_answers
from survey_app.reporting.satisfaction_cells import (
    OUTSIDE,
    Layout,
    MeasureCells,
    gaps_of,
    measures_of,
    narrowed,
    sums_of,
)
from survey_app.reporting.snapshots import measure_labels, measured_instruments
from survey_app.reporting.suppression import Cell, Count, RowKey, Section, View


class AnswersOffRouteError(Exception):
    """More people answered a question than were asked it: answers off the route were stored."""


@dataclass(frozen=True)
class SatisfactionRow:
    """One measure; for `helped-X` also `all_asked`: yes over all who validly answered affected."""

    group: str | None
    tier: str
    instrument: str
    measure: str
    label: str
    rate: Rate
    outside_base: Mapping[str, Count]
    all_asked: Rate | None


@dataclass(frozen=True)
class SatisfactionCounts:
    """The cells, and which of them stand behind each row."""

    section: Section
    cells: Mapping[RowKey, MeasureCells]


HEADLINE = "satisfied"
"""The one measure that stands for all where there is room for few."""


def count_satisfaction(
    session: Session,
    population: Population,
    measure: str | None = None,
    *,
    with_ties: bool = True,
) -> SatisfactionCounts:
    """The satisfaction cells, for everyone and for each group, and how they add up where asked.

    Of one measure alone, where it is named.
    """
    instruments = {
        snapshot_id: instrument if measure is None else narrowed(instrument, measure)
        for snapshot_id, instrument in measured_instruments(session).items()
        if population.filters.instrument in (None, instrument.key)
        and (measure is None or measure in {m.key for _, m in measures_of(instrument)})
    }
    if not instruments:
        return SatisfactionCounts(Section(), {})
    counted = count_answers(session, population, instruments)
    layout = Layout(
        [instruments[snapshot_id] for _, snapshot_id in counted.responses],
        {item for items in counted.left_out.values() for item in items},
    )
    counts: Counter[Cell] = Counter()
    rows: dict[RowKey, MeasureCells] = {}
    sums: dict[Sum, None] = {}
    gaps: dict[Gap, None] = {}
    for place, snapshot_id in sorted(counted.responses, key=_order):
        instrument = instruments[snapshot_id]
        given = counted.answers.get((place, snapshot_id), {})
        shown_to = _shown_to(instrument, counted.responses[place, snapshot_id])
        shown_to.subtract(counted.left_out.get((place, snapshot_id), {}))
        counts.update(_counts(layout, place, instrument, shown_to, given))
        group, tier, key = place
        for item, measure in measures_of(instrument):
            cells = layout.cells(place, instrument, item, measure)
            rows.setdefault((group, (tier, key, measure.key)), cells)
        if with_ties:
            sums |= dict.fromkeys(sums_of(layout, place, instrument))
            gaps |= dict.fromkeys(gaps_of(layout, place, instrument))
    section = Section(
        dict(counts),
        # With several versions in one period, some of what holds for each does not for all.
        tuple(tie for tie in sums if _holds(counts, tie)),
        tuple(gaps),
        unprinted=frozenset(cell for cell in counts if cell[3] == "asked"),
        rows=tuple(rows),
        labels=measure_labels(instruments.values()),
    )
    return SatisfactionCounts(section, rows)


def satisfaction_rows(view: View, counted: SatisfactionCounts) -> list[SatisfactionRow]:
    """The measures as their audience sees them, in the order of the questions."""
    return [_row(view, counted, row) for row in counted.section.rows]


def _row(view: View, counted: SatisfactionCounts, row: RowKey) -> SatisfactionRow:
    group, (tier, instrument, measure) = row
    cells = counted.cells[row]
    return SatisfactionRow(
        group=group,
        tier=tier,
        instrument=instrument,
        measure=measure,
        label=counted.section.labels[instrument, measure],
        rate=view.rate(cells.positive, cells.base),
        outside_base={
            name: view.count(cells.outside[name]) if name in cells.outside else 0
            for name in OUTSIDE
        },
        all_asked=view.rate(cells.positive, cells.all_asked) if cells.all_asked else None,
    )


def _order(counted: tuple[Place, int]) -> tuple[str, int, str, int]:
    (group, tier, instrument), snapshot_id = counted
    return group or "", TIERS.index(tier), instrument, -snapshot_id


def _shown_to(instrument: Instrument, responses: int) -> Counter[str]:
    return Counter({item.id: responses for item in instrument.items})


def _counts(
    layout: Layout, place: Place, instrument: Instrument, shown_to: Counter[str], given: Given
) -> dict[Cell, int]:
    """What the responses to one instrument version come to, cell by cell.

    `shown_to`: how many of them an item belongs to, by item; left out is not blank.
    """
    counts: dict[Cell, int] = {}
    for item, measure in measures_of(instrument):
        cells = layout.cells(place, instrument, item, measure)
        found: Counter[Standing] = Counter()
        for codes, count in given.get(item.id, {}).items():
            found[standing(measure, GivenAnswer(codes))] += count
        asked = shown_to[item.id]
        if item.ask_when is not None and cells.all_asked is not None:
            deciding = given.get(item.ask_when.item, Counter())
            leading = set(item.ask_when.codes)
            asked = sum(n for codes, n in deciding.items() if leading & set(codes))
            counts[cells.all_asked] = sum(
                n for codes, n in deciding.items() if not set(codes) <= set(OutsideCode)
            )
        found[Standing.BLANK] = asked - found.total()
        if found[Standing.BLANK] < 0:
            raise AnswersOffRouteError(place, item.id)
        counts[cells.asked] = asked
        counts[cells.positive] = found[Standing.POSITIVE]
        counts[cells.base] = found[Standing.POSITIVE] + found[Standing.COUNTED]
        counts |= {cell: found[OUTSIDE[name]] for name, cell in cells.outside.items()}
    return counts


def _holds(counts: Mapping[Cell, int], tie: Sum) -> bool:
    return sum(counts[c] for c in tie.whole) == sum(counts[c] for c in tie.parts)
