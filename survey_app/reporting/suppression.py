"""Which figures of a report are shown, and which stand as `[c]`?

Every section names its counts as *cells* and says how they add up; a report shows a cell through a
`View`, which knows what is hidden. Here is the one place where a report is suppressed, jointly over
all its sections, so that no page, chart or file can show what another hides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

from survey_app.domain.disclosure import Table, suppress
from survey_app.domain.statistics import SUPPRESSED, Rate, rate
from survey_app.domain.twins import Gap, Sum

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
    rows: tuple[RowKey, ...] = ()
    """Which rows there are, in the order in which they are shown."""
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What a measure or area is called in its instrument, by instrument and key."""


@dataclass(frozen=True)
class View:
    """A section as its audience sees it."""

    counts: Mapping[Cell, int]
    hidden: frozenset[Cell] = frozenset()

    def count(self, cell: Cell) -> Count:
        """A count, or `[c]`; where there is no cell, there is nobody."""
        return SUPPRESSED if cell in self.hidden else self.counts.get(cell, 0)

    def rate(self, numerator: Cell, denominator: Cell) -> Rate:
        """A share with its interval, or what may be seen of it."""
        full = rate(self.counts.get(numerator, 0), self.counts.get(denominator, 0))
        is_base_hidden = denominator in self.hidden
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
    return View(_merged(sections).counts)


def view_for_outside(
    sections: Iterable[Section], threshold: int, *, is_partition: bool = True
) -> View:
    """What may leave the service.

    The figures for everyone are settled first, as if they stood alone, because they are what the
    ungrouped report shows; groups then have to fit in with them.
    """
    merged = _merged(sections)
    everyone = {cell for cell in merged.counts if cell[1] is None}
    hidden = cast(_Cells, suppress(_table(merged, everyone), threshold).hidden)
    if len(everyone) < len(merged.counts):
        ties = _group_ties(merged.counts, is_partition=is_partition)
        table = _table(
            replace(merged, sums=merged.sums + ties.sums, gaps=merged.gaps + ties.gaps),
            set(merged.counts),
            already_hidden=hidden,
            fixed=frozenset(everyone) - hidden,
        )
        hidden = cast(_Cells, suppress(table, threshold).hidden)
    return View(merged.counts, hidden)


def _merged(sections: Iterable[Section]) -> Section:
    sections = tuple(sections)
    return Section(
        {cell: count for section in sections for cell, count in section.counts.items()},
        tuple(equation for section in sections for equation in section.sums),
        tuple(gap for section in sections for gap in section.gaps),
        frozenset(cell for section in sections for cell in section.totals),
        frozenset(cell for section in sections for cell in section.unprinted),
    )


def _table(
    section: Section,
    cells: set[Cell],
    already_hidden: frozenset[Cell] = frozenset(),
    fixed: frozenset[Cell] = frozenset(),
) -> Table:
    return Table(
        counts={cell: n for cell, n in section.counts.items() if cell in cells},
        sums=tuple(s for s in section.sums if cells.issuperset((*s.whole, *s.parts))),
        gaps=tuple(g for g in section.gaps if g.whole in cells and g.part in cells),
        totals=section.totals & cells,
        already_hidden=already_hidden,
        fixed=fixed - section.unprinted,
        unprinted=section.unprinted & cells,
    )


def _group_ties(counts: Mapping[Cell, int], *, is_partition: bool) -> Section:
    """How groups hang together with everyone: they add up, or are each contained.

    Who is not in a group that overlaps others is as easy to name as who is, so that is sensitive.
    """
    groups: dict[Cell, list[Cell]] = {}
    for cell in counts:
        section, group, row, key = cell
        if group is not None:
            groups.setdefault((section, None, row, key), []).append(cell)
    if is_partition:
        sums = tuple(Sum((whole,), tuple(parts)) for whole, parts in groups.items())
        return Section(sums=sums)
    return Section(
        gaps=tuple(
            Gap(whole, part, is_sensitive=True) for whole, parts in groups.items() for part in parts
        )
    )
