"""How can people of several groups change at once, so that a whole split stays as it is told?

Where two groups that exchange people do not get there, all groups of a split are looked at
together: each keeps its own sums, and together they keep to the table of everyone, or go with it
into one of its twins.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from survey_app.domain.circuits import (
    Cell,
    CircuitSearch,
    Constraint,
    Steps,
    Sum,
    Target,
    Terms,
    constraint_of_sum,
)
from survey_app.domain.groups import Place, Split

if TYPE_CHECKING:
    from survey_app.domain.step_programs import StepProgram


class JointSearch:
    """Looks for steps of all groups of a split at once.

    Groups of a partition add up to everyone. Others fit into it, each with those `apart`, and cover
    it together. `twins` are how everyone may differ.
    """

    def __init__(self, split: Split, twins: Sequence[Steps]) -> None:
        self._split = split
        self._twins = twins
        self._own = tuple(self._inside())
        self._shared = tuple(self._adding_up() if split.is_partition else self._covering())

    def take_up(self, twin: Steps, terms: Terms) -> Steps | None:
        """Steps by which the groups follow everyone into a twin; empty where none need to."""
        first = len(self._own)
        start = {
            first + i: -twin[cell] for i, (cell, _tie) in enumerate(self._shared) if cell in twin
        }
        quick = self._circuits.find(None, terms, start)
        return quick if quick is not None else self._program.take_up(twin, terms)

    def exchange(self, name: str, target: Target, terms: Terms) -> Steps | None:
        """Steps that move a count of one group, whether everyone stays or goes into a twin."""
        of_group = Target(tuple((name, cell) for cell in target.cells))
        quick = self._circuits.find(of_group, terms)
        return quick if quick is not None else self._program.move(of_group, terms)

    @cached_property
    def _circuits(self) -> CircuitSearch:
        return CircuitSearch([*self._own, *(tie for _cell, tie in self._shared)])

    @cached_property
    def _program(self) -> "StepProgram":
        # The solver takes 22 MB and a sixth of a second: only who publishes may need it.
        from survey_app.domain.step_programs import StepProgram  # noqa: PLC0415

        places = [place for cell in self._cells() for place in self._places(cell)]
        return StepProgram(places, self._own, self._shared, self._twins)

    def _inside(self) -> Iterator[Constraint]:
        for name, group in self._split.groups.items():
            for tie in group.sums:
                sides = (tuple((name, cell) for cell in side) for side in (tie.whole, tie.parts))
                yield constraint_of_sum(Sum(*sides))
            for gap in group.gaps:
                room = group.counts[gap.whole] - group.counts[gap.part]
                yield Constraint({(name, gap.whole): 1, (name, gap.part): -1}, room, None)
            for limit in group.limits:
                signs: dict[Cell, int] = {(name, c): sign for c, sign in limit.signs.items()}
                yield Constraint(signs, limit.fall, limit.rise)

    def _places(self, cell: Cell) -> list[Place]:
        return [(name, cell) for name, group in self._split.groups.items() if cell in group.counts]

    def _adding_up(self) -> Iterator[tuple[Cell, Constraint]]:
        for cell in self._cells():
            yield cell, Constraint(dict.fromkeys(self._places(cell), 1))

    def _covering(self) -> Iterator[tuple[Cell, Constraint]]:
        """Signed sums less everyone: those of all groups not below, of disjoint ones not above."""
        for cell in self._cells():
            places, whole = self._places(cell), self._split.everyone.get(cell, 0)
            counts = {place: self._split.groups[place[0]].counts[cell] for place in places}
            yield cell, Constraint(dict.fromkeys(places, 1), sum(counts.values()) - whole, None)
            apart = [place for place in places if place[0] in self._split.apart]
            others = [[place] for place in places if place[0] not in self._split.apart]
            for other in others or [[]]:
                some = [*apart, *other]
                room = whole - sum(counts[place] for place in some)
                yield cell, Constraint(dict.fromkeys(some, 1), None, room)

    def _cells(self) -> dict[Cell, None]:
        counts = (group.counts for group in self._split.groups.values())
        return dict.fromkeys(chain.from_iterable(counts))
