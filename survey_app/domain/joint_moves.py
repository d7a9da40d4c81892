"""How can people of several groups change at once, so that a whole split stays as it is told?

Where one group, or two that exchange people, do not get there, all groups of a split are looked at
together: each keeps its own sums, and together they keep to the table of everyone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import cast

from survey_app.domain.circuits import (
    PRICE_EXPECTED_AT_LAST,
    Cell,
    CircuitSearch,
    Constraint,
    Gap,
    Step,
    Steps,
    Sum,
    Target,
    Terms,
    constraint_of_sum,
)

Place = tuple[str, Cell]
"""A count of one group: the group, and the cell as it is called in the table of everyone."""


@dataclass(frozen=True)
class Ties:
    """The counts of one group, and how they tie."""

    counts: Mapping[Cell, int]
    sums: tuple[Sum, ...]
    gaps: tuple[Gap, ...]
    limits: tuple[Constraint, ...]


_MOST_STATES = 6_000


class JointSearch:
    """Looks for steps of all groups of a split at once.

    Groups of a partition add up to everyone. Others fit into it, each with those `apart`, and cover
    it together.
    """

    def __init__(
        self,
        groups: Mapping[str, Ties],
        everyone: Mapping[Cell, int],
        *,
        is_partition: bool,
        apart: frozenset[str],
    ) -> None:
        self._groups = groups
        self._everyone = everyone
        self._apart = apart
        own = list(self._own())
        shared = list(self._adding_up() if is_partition else self._covering())
        self._of_everyone: dict[Cell, list[int]] = {}
        for index, (cell, _constraint) in enumerate(shared, start=len(own)):
            self._of_everyone.setdefault(cell, []).append(index)
        self._search = CircuitSearch([*own, *(constraint for _cell, constraint in shared)])

    def take_up(
        self, twin: Steps, is_open: Callable[[Step], bool], price: Callable[[Cell], int]
    ) -> dict[Place, int] | None:
        """Steps by which the groups follow everyone into a twin; empty where none need to."""
        start = {i: -delta for cell, delta in twin.items() for i in self._of_everyone.get(cell, ())}
        return self._found(None, _terms(is_open, price), start)

    def exchange(
        self,
        name: str,
        target: Target,
        is_open: Callable[[Step], bool],
        price: Callable[[Cell], int],
    ) -> dict[Place, int] | None:
        """Steps that move a count of one group while everyone stays."""
        cells = tuple((name, cell) for cell in target.cells)
        return self._found(Target(cells), _terms(is_open, price))

    def _found(
        self, target: Target | None, terms: Terms, start: Mapping[int, int] | None = None
    ) -> dict[Place, int] | None:
        steps = self._search.find(target, terms, start)
        return None if steps is None else dict(cast(Mapping[Place, int], steps))

    def _own(self) -> Iterator[Constraint]:
        for name, ties in self._groups.items():
            for tie in ties.sums:
                sides = (tuple((name, cell) for cell in side) for side in (tie.whole, tie.parts))
                yield constraint_of_sum(Sum(*sides))
            for gap in ties.gaps:
                room = ties.counts[gap.whole] - ties.counts[gap.part]
                yield Constraint({(name, gap.whole): 1, (name, gap.part): -1}, room, None)
            for limit in ties.limits:
                signs: dict[Cell, int] = {(name, c): sign for c, sign in limit.signs.items()}
                yield Constraint(signs, limit.fall, limit.rise)

    def _places(self, cell: Cell) -> list[Place]:
        return [(name, cell) for name, ties in self._groups.items() if cell in ties.counts]

    def _adding_up(self) -> Iterator[tuple[Cell, Constraint]]:
        for cell in self._cells():
            yield cell, Constraint(dict.fromkeys(self._places(cell), 1))

    def _covering(self) -> Iterator[tuple[Cell, Constraint]]:
        """Signed sums less everyone: those of all groups not below, of disjoint ones not above."""
        for cell in self._cells():
            places, whole = self._places(cell), self._everyone.get(cell, 0)
            counts = {place: self._groups[place[0]].counts[cell] for place in places}
            yield cell, Constraint(dict.fromkeys(places, 1), sum(counts.values()) - whole, None)
            apart = [place for place in places if place[0] in self._apart]
            others = [[place] for place in places if place[0] not in self._apart]
            for other in others or [[]]:
                some = [*apart, *other]
                room = whole - sum(counts[place] for place in some)
                yield cell, Constraint(dict.fromkeys(some, 1), None, room)

    def _cells(self) -> dict[Cell, None]:
        return dict.fromkeys(chain.from_iterable(ties.counts for ties in self._groups.values()))


def _terms(is_open: Callable[[Step], bool], price: Callable[[Cell], int]) -> Terms:
    return Terms(is_open, price, _MOST_STATES, expected=PRICE_EXPECTED_AT_LAST)
