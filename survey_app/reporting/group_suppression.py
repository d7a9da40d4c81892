"""Which figures of a report's groups are shown, beside everyone's, and which stand as `[c]`?

A group's cells are called as those of everyone that they are part of, and settled by
`domain.splits`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from survey_app.domain.circuits import Constraint, Gap, Step, Sum
from survey_app.domain.groups import Group, Split
from survey_app.domain.splits import SplitSettler
from survey_app.reporting.filters import NOT_RECORDED, Dimension
from survey_app.reporting.section_ties import impossible_by_mode
from survey_app.reporting.suppression import Cell, Everyone, Section, View, merged, settle_everyone

_Cells = frozenset[Cell]

HEADLINES = frozenset({"supported", "completed"})
"""Of each group these are looked for first."""

_BY_TIER_ALREADY = frozenset({"ladder", "satisfaction"})


def view_for_outside(
    sections: Iterable[Section], threshold: int, by: Dimension | None = None
) -> View:
    """What may leave the service of one report that stands alone."""
    whole = merged(sections)
    settled = settle_everyone([whole], threshold)
    if by is not None:
        return GroupsOutside(whole, settled.section, by, threshold).view(settled)
    return settled.view


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
