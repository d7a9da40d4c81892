"""An outsider with a solver: every whole-number table that fits all he was told at once."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Cell = Hashable
Signs = Mapping[Cell, int]
Target = tuple[Signs, int]
"""A signed sum of cells, and what it truly comes to."""

MOST = 10_000
_ROUNDS, _NEAR, _GOOD_ENOUGH, _SECONDS = 8, 4, 0.3, 60


@dataclass
class Outsider:
    """What he was told: numbers, what adds up, what contains what."""

    told: dict[Cell, int] = field(default_factory=dict)
    cells: dict[Cell, None] = field(default_factory=dict)
    rows: list[tuple[Signs, float, float]] = field(default_factory=list)

    def see(self, counts: Mapping[Cell, int], hidden: Iterable[Cell]) -> None:
        hidden = set(hidden)
        for cell, count in counts.items():
            self.cells.setdefault(cell)
            if cell not in hidden:
                self.told[cell] = count

    def know(self, signs: Signs, low: float = 0, high: float = numpy.inf) -> None:
        """A signed sum of cells lies between these; a cell not seen before is unknown."""
        self.cells.update(dict.fromkeys(signs))
        self.rows.append((dict(signs), low, high))

    def know_sum(self, whole: Iterable[Cell], parts: Iterable[Cell]) -> None:
        self.know(signed(whole, parts), 0, 0)

    def know_gap(self, whole: Cell, part: Cell) -> None:
        self.know({whole: 1, part: -1})

    def range_of(self, signs: Signs) -> tuple[int, int]:
        """The least and the most that a signed sum of cells can be."""
        system = _System(self, self._near(signs))
        ends = [system.solve([(sign, signs)]) for sign in (1, -1)]
        low, high = (_value(signs, end or {}, self.told) for end in ends)
        return low, high

    def certain(self, targets: Sequence[Target], truth: Mapping[Cell, int]) -> list[Target]:
        """The targets that can have no other value than their true one.

        Tables near the true one come first, each as unlike it as can be in the targets still open;
        what none of them moves is asked for one by one, however far.
        """
        found = []
        for part, some in self._by_part(targets).items():
            system = _System(self, part)
            found += system.certain(some, truth) if part else some
        return found

    def _by_part(self, targets: Sequence[Target]) -> dict[tuple[Cell, ...], list[Target]]:
        parts: dict[Cell, tuple[Cell, ...]] = {}
        found: dict[tuple[Cell, ...], list[Target]] = {}
        for signs, true in targets:
            unknown = [cell for cell in signs if cell not in self.told]
            if any(cell not in parts for cell in unknown):
                part = tuple(self._near(unknown))
                parts |= dict.fromkeys(part, part)
            found.setdefault(parts[unknown[0]] if unknown else (), []).append((signs, true))
        return found

    @cached_property
    def rows_of(self) -> Mapping[Cell, list[int]]:
        found: dict[Cell, list[int]] = {}
        for index, (signs, _low, _high) in enumerate(self.rows):
            for cell in signs:
                if cell not in self.told:
                    found.setdefault(cell, []).append(index)
        return found

    def _near(self, start: Iterable[Cell]) -> list[Cell]:
        """The unknown cells that hang together with some."""
        waiting = [cell for cell in start if cell not in self.told]
        near = dict.fromkeys(waiting)
        while waiting:
            for index in self.rows_of.get(waiting.pop(), ()):
                fresh = {c for c in self.rows[index][0] if c not in self.told} - near.keys()
                near.update(dict.fromkeys(fresh))
                waiting += fresh
        return sorted(near, key=repr)


class _System:
    """The unknown cells that hang together, and all that is known of them."""

    def __init__(self, outsider: Outsider, cells: Sequence[Cell]) -> None:
        self._told = outsider.told
        self._cells = cells
        self._places = {cell: place for place, cell in enumerate(cells)}
        self._rows = [
            outsider.rows[index]
            for index in sorted({i for c in cells for i in outsider.rows_of.get(c, ())})
        ]

    def certain(self, targets: Sequence[Target], truth: Mapping[Cell, int]) -> list[Target]:
        random, left = Random(0), list(targets)
        for _round in range(_ROUNDS):
            goal = [(random.choice((1, -1)), signs) for signs, _true in left]
            found = self.solve(goal, near=truth)
            left = [(s, n) for s, n in left if found is None or self._value(s, found) == n]
            if not left:
                return []
        return [target for target in left if self._is_certain(*target, truth)]

    def _is_certain(self, signs: Signs, true: int, truth: Mapping[Cell, int]) -> bool:
        others = [(signs, -numpy.inf, true - 1), (signs, true + 1, numpy.inf)]
        return all(
            self.solve([], [other], near=near) is None for near in (truth, None) for other in others
        )

    def _value(self, signs: Signs, found: Mapping[Cell, int]) -> int:
        return _value(signs, found, self._told)

    def solve(
        self,
        goal: Iterable[tuple[int, Signs]],
        more: Iterable[tuple[Signs, float, float]] = (),
        near: Mapping[Cell, int] | None = None,
    ) -> dict[Cell, int] | None:
        """A table that fits, the least by `goal`; None where there is none."""
        least, most = 0, MOST
        if near is not None:
            true = numpy.array([near.get(cell, 0) for cell in self._cells])
            least, most = numpy.maximum(true - _NEAR, 0), true + _NEAR
        weights = numpy.zeros(len(self._cells))
        for sign, signs in goal:
            for cell, n in signs.items():
                if cell in self._places:
                    weights[self._places[cell]] += sign * n
        rows = [*self._rows, *more]
        found = milp(
            weights,
            integrality=numpy.ones(len(self._cells)),
            bounds=Bounds(least, most),
            constraints=self._constraint(rows) if rows else (),
            options={"time_limit": _SECONDS, "mip_rel_gap": _GOOD_ENOUGH if near else 0},
        )
        if found.x is None:
            assert found.status == 2, found.message
            return None
        return {c: round(n) for c, n in zip(self._cells, found.x, strict=True)}

    def _constraint(self, rows: Sequence[tuple[Signs, float, float]]) -> LinearConstraint:
        entries = [
            (r, self._places[cell], n)
            for r, (signs, _low, _high) in enumerate(rows)
            for cell, n in signs.items()
            if cell in self._places
        ]
        told = [sum(n * self._told.get(c, 0) for c, n in signs.items()) for signs, _l, _h in rows]
        row_of, column_of, values = zip(*entries, strict=True)
        return LinearConstraint(
            csr_array((values, (row_of, column_of)), shape=(len(rows), len(self._cells))),
            [low - known for (_signs, low, _high), known in zip(rows, told, strict=True)],
            [high - known for (_signs, _low, high), known in zip(rows, told, strict=True)],
        )


def _value(signs: Signs, found: Mapping[Cell, int], told: Mapping[Cell, int]) -> int:
    return sum(n * (found[cell] if cell in found else told[cell]) for cell, n in signs.items())


def signed(whole: Iterable[Cell], parts: Iterable[Cell]) -> dict[Cell, int]:
    """What `whole` has more than `parts`, cell by cell."""
    signs: dict[Cell, int] = {}
    for cells, sign in ((whole, 1), (parts, -1)):
        for cell in cells:
            signs[cell] = signs.get(cell, 0) + sign
    return signs
