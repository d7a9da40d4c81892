"""Which figures of a report are shown, and which stand as `[c]`?

Every section names its counts as *cells* and says how they add up; a report shows a cell through a
`View`, which knows what is hidden. Here, and for groups in `group_suppression`, is the one place
where a report is suppressed, jointly over all its sections, so that no page, chart or file can show
what another hides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from survey_app.domain.circuits import Constraint, Gap, Sum
from survey_app.domain.disclosure import Suppression, Table, suppress
from survey_app.domain.statistics import SUPPRESSED, Rate, rate
from survey_app.reporting.section_ties import ties_of

Cell = tuple[str, str | None, tuple[str, ...], str]
"""Section, group (None = everyone), the row's keys, and which of its counts."""

_Cells = frozenset[Cell]

RowKey = tuple[str | None, tuple[str, ...]]
"""A row's group and its keys."""

Count = int | str
"""A number of people, or `[c]`."""


@dataclass(frozen=True)
class Section:
    """One part of a report as plain counts: what there is and how it adds up."""

    counts: Mapping[Cell, int] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()
    gaps: tuple[Gap, ...] = ()
    totals: frozenset[Cell] = frozenset()
    unprinted: frozenset[Cell] = frozenset()
    limits: tuple[Constraint, ...] = ()
    """What counts cannot fall below together."""
    rows: tuple[RowKey, ...] = ()
    """Which rows there are, in the order in which they are shown."""
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What a measure or area is called in its instrument, by instrument and key."""


@dataclass(frozen=True)
class View:
    """A section as its audience sees it."""

    counts: Mapping[Cell, int]
    hidden: frozenset[Cell] = frozenset()
    least_base: int = 0
    """Shares of fewer people are left out as too uncertain, whoever may be recognised or not."""

    def count(self, cell: Cell) -> Count:
        """A count, or `[c]`; where there is no cell, there is nobody."""
        return SUPPRESSED if cell in self.hidden else self.counts.get(cell, 0)

    def rate(self, numerator: Cell, denominator: Cell) -> Rate:
        """A share with its interval, or what may be seen of it."""
        full = rate(self.counts.get(numerator, 0), self.counts.get(denominator, 0))
        is_base_hidden = denominator in self.hidden
        if 0 < self.counts.get(denominator, 0) < self.least_base:
            return full.hidden(is_base_hidden=True)
        if is_base_hidden or numerator in self.hidden:
            return full.hidden(is_base_hidden=is_base_hidden)
        return full

    def keys_of_row(self, cell: Cell) -> list[str]:
        """The keys of all cells that share a cell's row."""
        return self._keys.get(cell[:3], [])

    @cached_property
    def _keys(self) -> Mapping[tuple[Any, ...], list[str]]:
        keys: dict[tuple[Any, ...], list[str]] = {}
        for cell in self.counts:
            keys.setdefault(cell[:3], []).append(cell[3])
        return keys

    def is_any_hidden(self, cells: Iterable[Cell]) -> bool:
        """Whether a figure made of all these counts must stay out."""
        return any(cell in self.hidden for cell in cells)


def view_for_staff(sections: Iterable[Section]) -> View:
    """Everything, for those who work with the cases themselves."""
    return View(merged(sections).counts)


@dataclass(frozen=True)
class Everyone:
    """The sections of a report that is not split, and what of them is hidden, with the proof."""

    section: Section
    suppression: Suppression

    @property
    def view(self) -> View:
        """What may leave the service of a report that is not split."""
        return View(self.section.counts, cast(_Cells, self.suppression.hidden))


def settle_everyone(
    sections: Iterable[Section], threshold: int, kept_back: frozenset[Cell] = frozenset()
) -> Everyone:
    """Settle the table of everyone, as if it stood alone; `kept_back` is hidden in any case.

    It is what every report of the period shows or shares, so it must come out the same for all:
    whatever groups there are have to fit in with it.
    """
    own = part_of_everyone(merged(sections))
    table = Table(
        counts=own.counts,
        sums=own.sums,
        gaps=own.gaps,
        totals=own.totals,
        already_hidden=kept_back & own.counts.keys(),
        unprinted=own.unprinted,
        limits=own.limits,
    )
    return Everyone(own, suppress(table, threshold))


def part_of_everyone(section: Section) -> Section:
    """What is not of a group."""
    return _restricted(section, {cell for cell in section.counts if cell[1] is None})


def merged(sections: Iterable[Section]) -> Section:
    """All sections as one, to be settled together, with what they tell of each other."""
    sections = tuple(sections)
    if len(sections) == 1:
        return sections[0]
    counts = {cell: count for section in sections for cell, count in section.counts.items()}
    ties = ties_of(counts)
    gaps = [gap for section in sections for gap in section.gaps]
    return Section(
        counts,
        tuple(equation for section in sections for equation in section.sums),
        # What contains what goes by cases: by mode of answering, it need not hold.
        tuple(g for g in gaps if counts[g.whole] >= counts[g.part]),  # type: ignore[index]
        frozenset(cell for section in sections for cell in section.totals),
        frozenset(cell for section in sections for cell in section.unprinted),
        tuple(ties.limits),
    )


def _restricted(section: Section, cells: set[Cell]) -> Section:
    return Section(
        {cell: n for cell, n in section.counts.items() if cell in cells},
        tuple(s for s in section.sums if cells.issuperset((*s.whole, *s.parts))),
        tuple(g for g in section.gaps if g.whole in cells and g.part in cells),
        section.totals & cells,
        section.unprinted & cells,
        tuple(limit for limit in section.limits if cells.issuperset(limit.signs)),
    )
