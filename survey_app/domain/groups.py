"""What is a table split into groups, and which parts of it hang together?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from survey_app.domain.circuits import Cell, Constraint, Gap, Step, Sum

Place = tuple[str, Cell]
"""A count of one group: the group, and the cell as it is called in the table of everyone."""


@dataclass(frozen=True)
class Group:
    """The counts of one group, under the names of the table of everyone, and how they tie."""

    counts: Mapping[Cell, int]
    sums: tuple[Sum, ...] = ()
    gaps: tuple[Gap, ...] = ()
    limits: tuple[Constraint, ...] = ()
    closed: frozenset[Step] = frozenset()
    """What counts cannot fall below together, and steps that cannot be: what an outsider knows
    beside the sums."""

    @cached_property
    def rooms(self) -> Mapping[tuple[Cell, Cell], int]:
        """How many are in the whole and not in the part, for every gap."""
        return {
            (gap.whole, gap.part): self.counts[gap.whole] - self.counts[gap.part]
            for gap in self.gaps
        }


@dataclass(frozen=True)
class Split:
    """Groups under the table of everyone.

    Groups of a partition add up to it. Others are contained in it and cover it together; those in
    `apart` overlap no other (nothing recorded, none of it). `kept_back` is hidden and protected
    though it may not be small; `unprinted` cells are in no table.

    `totals` are hidden rather than others only where that spares many, and `headlines`, which
    people look for first, only where nothing else will do.
    """

    everyone: Mapping[Cell, int]
    groups: Mapping[str, Group]
    is_partition: bool = True
    apart: frozenset[str] = frozenset()
    kept_back: frozenset[Place] = frozenset()
    unprinted: frozenset[Cell] = frozenset()
    totals: frozenset[Cell] = frozenset()
    headlines: frozenset[Cell] = frozenset()

    def has_people(self, name: str) -> bool:
        """Whether anybody is counted in a group."""
        return any(self.groups[name].counts.values())


def parts_of(split: Split) -> Iterator[Split]:
    """The split cut into what hangs together; nothing in one part tells of another."""
    near: dict[Cell, set[Cell]] = {cell: {cell} for cell in split.everyone}
    for group in split.groups.values():
        ties: list[tuple[Cell, ...]] = [(*s.whole, *s.parts) for s in group.sums]
        ties += [tuple(limit.signs) for limit in group.limits]
        for tie in (*ties, *((gap.whole, gap.part) for gap in group.gaps)):
            joined = set().union(*(near.setdefault(cell, {cell}) for cell in tie))
            for cell in joined:
                near[cell] = joined
    for cells in {id(cells): cells for cells in near.values()}.values():
        groups = {name: _of(group, cells) for name, group in split.groups.items()}
        yield replace(
            split,
            everyone={cell: n for cell, n in split.everyone.items() if cell in cells},
            groups={name: group for name, group in groups.items() if group.counts},
            kept_back=frozenset(place for place in split.kept_back if place[1] in cells),
            unprinted=split.unprinted & cells,
        )


def _of(group: Group, cells: set[Cell]) -> Group:
    return Group(
        {cell: n for cell, n in group.counts.items() if cell in cells},
        tuple(s for s in group.sums if cells.issuperset((*s.whole, *s.parts))),
        tuple(g for g in group.gaps if g.whole in cells and g.part in cells),
        tuple(limit for limit in group.limits if cells.issuperset(limit.signs)),
        frozenset(step for step in group.closed if step[0] in cells),
    )
