"""In which areas of a star did people move, and from where to where?

Scores are ordinal (DOMAIN.md): moves and medians are shown before means. A star's area has a row
once one case of the period has a reading in it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.outcomes import Move, Standing
from survey_app.domain.statistics import SUPPRESSED, Rate, mean, median
from survey_app.reporting.outcomes import in_order_of_areas
from survey_app.reporting.population import CountedRow, Population
from survey_app.reporting.snapshots import area_labels, newest_by_key, stored_instruments
from survey_app.reporting.star_tallies import areas_query, cases_query
from survey_app.reporting.suppression import Cell, Count, RowKey, Section, View

_MOVES = tuple(move.value for move in Move)
_COUNTS = ("paired", *_MOVES, "one_reading_only")
_CASES = ("with_paired_area", "with_area_up")
ENDS = ("first", "last")
_WHOLE_STAR = ""
"""As an area, where none is asked for."""

Figure = float | str | None
"""A number to one place, `[c]`, or None where nobody has one."""


@dataclass(frozen=True)
class Average:
    """Where people stood: the middle person, and the mean."""

    median: Figure
    mean: Figure


@dataclass(frozen=True)
class StarRow:
    """One area of one star; `first` and `last` are of the paired cases."""

    group: str | None
    instrument: str
    area: str
    label: str
    paired: Count
    increased: Count
    maintained: Count
    decreased: Count
    one_reading_only: Count
    first: Average
    last: Average
    increased_rate: Rate


@dataclass(frozen=True)
class StarOverallRow:
    """How many of the cases with a paired area went up in at least one."""

    group: str | None
    instrument: str
    any_area_increased: Rate


Scores = Mapping[tuple[RowKey, str], Mapping[int, int]]
"""How often each score was given, by row and `first` or `last`."""


@dataclass(frozen=True)
class StarCounts:
    """The cells of the areas and of the whole stars, and the scores behind medians and means."""

    section: Section
    scores: Scores = field(default_factory=dict)


def count_stars(session: Session, population: Population, *, with_areas: bool = True) -> StarCounts:
    """Everything counted about stars: three queries. Of whole stars alone, without areas and their
    scores: two."""
    counts: Counter[Cell] = Counter()
    areas: set[RowKey] = set()
    scores: dict[tuple[RowKey, str], Counter[int]] = defaultdict(Counter)
    for row in population.rows(session, areas_query(population)) if with_areas else ():
        is_paired = row["status"] == Standing.PAIRED
        for place in _places(population, row):
            areas.add(place)
            counts["stars", *place, "paired" if is_paired else "one_reading_only"] += row["cases"]
            if is_paired:
                counts["stars", *place, row["outcome"]] += row["cases"]
                for end in ENDS:
                    scores[place, end][row[f"{end}_value"]] += row["cases"]
    for row in population.rows(session, cases_query(population)):
        for group in (None, *population.groups_of(row)):
            paired, up = (("stars", group, (row["instrument"],), key) for key in _CASES)
            counts[paired] += row["cases"] * row["is_paired"]
            counts[up] += row["cases"] * row["is_up"]
            if not with_areas:
                areas.add((group, (row["instrument"], _WHOLE_STAR)))
    counts.update({("stars", *place, key): 0 for place in areas for key in _COUNTS})
    for group, (instrument, _) in areas:
        counts.update({("stars", group, (instrument,), key): 0 for key in _CASES})
    versions = stored_instruments(session, [InstrumentKind.STAR])
    section = Section(
        dict(counts),
        tuple(_sum(place) for place in areas),
        tuple(gap for place in areas for gap in _gaps(place)),
        rows=tuple(in_order_of_areas(areas, newest_by_key(versions))),
        labels=area_labels(versions.values()),
    )
    return StarCounts(section, scores)


def star_rows(view: View, stars: StarCounts) -> list[StarRow]:
    """The areas as their audience sees them, in the order of the star."""
    return [_row(view, stars, row) for row in stars.section.rows]


def star_overall_rows(view: View, stars: StarCounts) -> list[StarOverallRow]:
    """One row a star."""
    places = dict.fromkeys((group, instrument) for group, (instrument, _) in stars.section.rows)
    rates = {
        (group, key): view.rate(
            ("stars", group, (key,), "with_area_up"), ("stars", group, (key,), "with_paired_area")
        )
        for group, key in places
    }
    return [StarOverallRow(group, key, rates[group, key]) for group, key in places]


def _places(population: Population, row: CountedRow) -> Iterator[RowKey]:
    for group in (None, *population.groups_of(row)):
        yield group, (row["instrument"], row["area"])


def _sum(place: RowKey) -> Sum:
    moves = tuple(("stars", *place, move) for move in _MOVES)
    return Sum((("stars", *place, "paired"),), moves)


def _gaps(place: RowKey) -> Iterator[Gap]:
    group, (instrument, _) = place
    paired, up = ("stars", *place, "paired"), ("stars", *place, Move.INCREASED.value)
    with_paired, with_up = (("stars", group, (instrument,), key) for key in _CASES)
    yield Gap(paired, up, is_sensitive=True)
    yield Gap(with_paired, with_up, is_sensitive=True)
    yield Gap(with_paired, paired)
    yield Gap(with_up, up)


def _row(view: View, stars: StarCounts, row: RowKey) -> StarRow:
    group, (instrument, area) = row

    def cell(key: str) -> Cell:
        return "stars", group, (instrument, area), key

    # A median or mean of few people is what they said: it goes with any count it stands on, and
    # with those of the other groups, whose mean the means of all the others would give away.
    groups = {None, group, *(other for other, keys in stars.section.rows if keys == row[1])}
    is_hidden = view.is_any_hidden(
        ("stars", one, row[1], key) for one in groups for key in ("paired", *_MOVES)
    )

    def average(end: str) -> Average:
        given = stars.scores.get((row, end), {})
        if is_hidden:
            return Average(SUPPRESSED, SUPPRESSED)
        return Average(median(given), mean(given))

    return StarRow(
        group=group,
        instrument=instrument,
        area=area,
        label=stars.section.labels[instrument, area],
        first=average("first"),
        last=average("last"),
        increased_rate=view.rate(cell("increased"), cell("paired")),
        **{key: view.count(cell(key)) for key in _COUNTS},
    )
