"""Which counts stand behind each measure, and where is one count shown more than once?

Measures of one item share their base, and `helped-X` is also shown on the base of `affected-X`. One
count must be one cell wherever it is shown, or suppression could hide it here and show it there.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from survey_app.domain.answers import Standing
from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item, Measure
from survey_app.reporting.satisfaction_answers import Place
from survey_app.reporting.suppression import Cell

OUTSIDE = {
    "blank": Standing.BLANK,
    "does_not_apply": Standing.DOES_NOT_APPLY,
    "prefer_not_to_say": Standing.PREFER_NOT_TO_SAY,
    "not_needed": Standing.NOT_NEEDED,
}
"""What is counted beside the base, by its name in the report."""


@dataclass(frozen=True)
class MeasureCells:
    """The cells of one measure in one place. `asked` is printed nowhere, but ties the others."""

    positive: Cell
    base: Cell
    outside: Mapping[str, Cell]
    asked: Cell
    all_asked: Cell | None


class Layout:
    """Names the cells of every measure, given the instrument versions that a report is about.

    Where versions differ in what they measure, their bases differ too, and all they share is who
    was asked a question that stands in each.
    """

    def __init__(
        self, versions: Collection[Instrument], left_out: Collection[str] = frozenset()
    ) -> None:
        """`left_out`: items that some were not shown, so that fewer were asked them than others."""
        shapes: dict[str, set[tuple[object, ...]]] = {}
        of_all: dict[str, set[str]] = {}
        for version in versions:
            shapes.setdefault(version.key, set()).add(_shape(version))
            asked = {item.id for item, _measure in measures_of(version) if item.ask_when is None}
            of_all[version.key] = of_all.get(version.key, asked) & asked
        self._uniform = {key for key, found in shapes.items() if len(found) == 1}
        self._of_all = {key: items - set(left_out) for key, items in of_all.items()}
        """By instrument, what everyone was asked who answered any of its versions."""

    def cells(
        self, place: Place, instrument: Instrument, item: Item, measure: Measure
    ) -> MeasureCells:
        """The cells of a measure of this instrument version."""
        is_shared = instrument.key in self._uniform
        owner = item.id if is_shared else f"{item.id}.{measure.key}"
        kinds = {code.replace("-", "_") for code in measure.outside} | {"blank"}
        return MeasureCells(
            positive=_cell(place, measure.key, "positive"),
            base=_cell(place, owner, "base"),
            outside={name: _cell(place, owner, name) for name in OUTSIDE if name in kinds},
            asked=_cell(place, "" if item.id in self._of_all[instrument.key] else owner, "asked"),
            all_asked=_all_asked(place, instrument, item, owner, is_shared=is_shared),
        )


def measures_of(instrument: Instrument) -> Iterator[tuple[Item, Measure]]:
    """Every measure with the item that feeds it, in the order of the questions."""
    for item in instrument.items:
        for measure in item.measures:
            yield item, measure


def narrowed(instrument: Instrument, measure: str) -> Instrument:
    """The instrument as if it measured this alone; nothing else of it is counted then."""
    items = tuple(
        item.model_copy(update={"measures": tuple(m for m in item.measures if m.key == measure)})
        for item in instrument.items
    )
    return instrument.model_copy(update={"items": items})


def sums_of(layout: Layout, place: Place, instrument: Instrument) -> Iterator[Sum]:
    """Whoever was asked answered, left it empty, or is outside; a "yes" leads to the next."""
    for item, measure in measures_of(instrument):
        cells = layout.cells(place, instrument, item, measure)
        yield Sum((cells.asked,), (cells.base, *cells.outside.values()))
        if measure is item.measures[0]:
            yield from _twice(layout, place, instrument, item)
        if item.ask_when is None:
            continue
        deciding = instrument.item(item.ask_when.item)
        for other in deciding.measures:
            if set(other.positive) == set(item.ask_when.codes):
                yes = layout.cells(place, instrument, deciding, other).positive
                yield Sum((yes,), (cells.asked,))


def _twice(layout: Layout, place: Place, instrument: Instrument, item: Item) -> Iterator[Sum]:
    """What two measures of one item count alike where they share no cell."""
    found = [layout.cells(place, instrument, item, measure) for measure in item.measures]
    for one, other in pairwise(found):
        if one.base != other.base:
            yield Sum((one.base,), (other.base,))
            for name in one.outside.keys() & other.outside.keys():
                yield Sum((one.outside[name],), (other.outside[name],))


def gaps_of(layout: Layout, place: Place, instrument: Instrument) -> Iterator[Gap]:
    """Shares with their bases, and measures that count some of what another counts."""
    for item, measure in measures_of(instrument):
        cells = layout.cells(place, instrument, item, measure)
        yield Gap(cells.base, cells.positive, is_sensitive=True)
        if cells.all_asked is not None:
            yield Gap(cells.all_asked, cells.positive, is_sensitive=True)
        for other in item.measures:
            if set(other.positive) < set(measure.positive):
                yield Gap(cells.positive, layout.cells(place, instrument, item, other).positive)


def _cell(place: Place, owner: str, key: str) -> Cell:
    group, tier, instrument = place
    return "satisfaction", group, (tier, instrument, owner), key


def _all_asked(
    place: Place, instrument: Instrument, item: Item, owner: str, *, is_shared: bool
) -> Cell | None:
    if item.ask_when is None:
        return None
    deciding = instrument.item(item.ask_when.item)
    if is_shared and deciding.measures:
        return _cell(place, deciding.id, "base")
    return _cell(place, owner, "all_asked")


def _shape(version: Instrument) -> tuple[object, ...]:
    return tuple(
        (item.id, measure.key, measure.outside, item.ask_when)
        for item, measure in measures_of(version)
    )
