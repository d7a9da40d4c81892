"""Which figures of a report are shown, and which stand as `[c]`?

Every section names its counts as *cells* and says how they add up; a report shows a cell through a
`View`, which knows what is hidden. Here is the one place where a report is suppressed, jointly over
all its sections, so that no page, chart or file can show what another hides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from survey_app.domain.circuits import Constraint, Gap, Step, Sum
from survey_app.domain.disclosure import Suppression, Table, suppress
from survey_app.domain.groups import Group, Split
from survey_app.domain.splits import SplitSettler
from survey_app.domain.statistics import SUPPRESSED, Rate, rate
from survey_app.reporting.filters import NOT_RECORDED, Dimension
from survey_app.reporting.section_ties import impossible_by_mode, ties_of

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


def view_for_outside(
    sections: Iterable[Section], threshold: int, by: Dimension | None = None
) -> View:
    """What may leave the service of one report that stands alone."""
    whole = merged(sections)
    settled = settle_everyone([whole], threshold)
    if by is not None:
        return GroupsOutside(whole, settled.section, by, threshold).view(settled)
    return settled.view


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


class GroupsOutside:
    """The groups of one report, settled beside everyone, again while more is kept back."""

    def __init__(self, whole: Section, everyone: Section, by: Dimension, threshold: int) -> None:
        self._whole = whole
        self._by = by
        split = Split(
            everyone=everyone.counts,
            groups=_gathered(whole, by),
            is_partition=by.is_partition,
            apart=frozenset({NOT_RECORDED, "none"}),
            unprinted=everyone.unprinted,
            totals=everyone.totals,
            headlines=frozenset(cell for cell in everyone.totals if cell[3] in HEADLINES),
        )
        self._settler = SplitSettler(split, threshold)

    def view(self, everyone: Everyone, kept_back: frozenset[Cell] = frozenset()) -> View:
        """What may leave the service, of the groups and of everyone."""
        hidden = cast(_Cells, everyone.suppression.hidden) | self._hidden(everyone, kept_back)
        return View(self._whole.counts, hidden)

    def _hidden(self, everyone: Everyone, kept_back: frozenset[Cell]) -> set[Cell]:
        """The cells of groups to hide."""
        hidden = _hidden_already(self._whole, everyone, self._by, kept_back)
        places = frozenset((c[1], _named(c)) for c in kept_back if c[1] is not None)
        found = self._settler.settle(everyone.suppression, places)
        for group, named in found:
            section, _everyone, row, key = cast(Cell, named)
            hidden.add((section, group, row, key))
        return hidden


def _hidden_already(
    whole: Section, everyone: Everyone, by: Dimension, kept_back: frozenset[Cell]
) -> set[Cell]:
    """A ladder by tier repeats the ladder of everyone, which is by tier already: what is hidden
    there is hidden here."""
    hidden: set[Cell] = set()
    for cell, count in whole.counts.items():
        if cell[1] is not None and _is_repeated(cell, by):
            twin = _of_everyone(cell, cell[1])
            is_same = everyone.section.counts.get(twin) == count
            is_hidden = twin in everyone.suppression.hidden or cell in kept_back
            if count and (is_hidden or not is_same):
                hidden.add(cell)
    return hidden


def _gathered(whole: Section, by: Dimension) -> dict[str, Group]:
    groups: dict[str | None, _Gathered] = {}
    for cell, count in whole.counts.items():
        if cell[1] is not None and not _is_repeated(cell, by):
            groups.setdefault(cell[1], _Gathered()).counts[_named(cell)] = count
    for equation in whole.sums:
        groups.get(_group_of(equation.whole[0]), _NO_GROUP).add_sum(equation)
    for gap in whole.gaps:
        groups.get(_group_of(gap.whole), _NO_GROUP).add_gap(gap)
    for limit in whole.limits:
        groups.get(_group_of(next(iter(limit.signs))), _NO_GROUP).add_limit(limit)
    by_mode = impossible_by_mode(whole.counts) if by is Dimension.MODE else set()
    for step in by_mode:
        groups.get(_group_of(step[0]), _NO_GROUP).add_closed(step)
    return {str(name): groups[name].group() for name in sorted(groups, key=str)}


def group_sums(section: Section) -> tuple[Sum, ...]:
    """Groups that share nobody add up to everyone."""
    groups: dict[Cell, list[Cell]] = {}
    for cell in section.counts:
        if cell[1] is not None:
            groups.setdefault(_named(cell), []).append(cell)
    return tuple(
        Sum((whole,), tuple(parts)) for whole, parts in groups.items() if whole in section.counts
    )


HEADLINES = frozenset({"supported", "completed"})
"""Of each group these are looked for first."""

_BY_TIER_ALREADY = frozenset({"ladder", "satisfaction"})


def _is_repeated(cell: Cell, by: Dimension) -> bool:
    return by is Dimension.TIER and cell[0] in _BY_TIER_ALREADY


def _group_of(cell: Any) -> str | None:
    return cast(Cell, cell)[1]


def _named(cell: Any) -> Cell:
    """The cell of everyone that a group's cell is part of."""
    return cell[0], None, cell[2], cell[3]


def _of_everyone(cell: Cell, tier: str) -> Cell:
    row = cell[2]
    return cell[0], None, (tier, *row[1:]), cell[3]


@dataclass
class _Gathered:
    """A group on its way: its cells are called as in the table of everyone."""

    counts: dict[Any, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    limits: list[Constraint] = field(default_factory=list)
    closed: set[Step] = field(default_factory=set)

    def add_limit(self, limit: Constraint) -> None:
        signs = {_named(cell): sign for cell, sign in limit.signs.items()}
        if self.counts.keys() >= signs.keys():
            self.limits.append(Constraint(signs, limit.fall, limit.rise))

    def add_closed(self, step: Step) -> None:
        cell, delta = step
        if _named(cell) in self.counts:
            self.closed.add((_named(cell), delta))

    def add_sum(self, equation: Sum) -> None:
        whole, parts = (tuple(map(_named, side)) for side in (equation.whole, equation.parts))
        if self.counts.keys() >= {*whole, *parts}:
            self.sums.append(Sum(whole, parts))

    def add_gap(self, gap: Gap) -> None:
        whole, part = _named(gap.whole), _named(gap.part)
        if whole in self.counts and part in self.counts:
            self.gaps.append(Gap(whole, part, gap.is_sensitive))

    def group(self) -> Group:
        return Group(
            self.counts,
            tuple(self.sums),
            tuple(self.gaps),
            tuple(self.limits),
            frozenset(self.closed),
        )


_NO_GROUP = _Gathered()
"""Takes what belongs to everyone, or is told with everyone: without counts it keeps nothing."""
