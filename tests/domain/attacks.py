"""An outsider with a solver: every whole-number table that fits all he was told at once."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

Cell = Hashable
MOST = 10_000


@dataclass
class Outsider:
    """What he was told: numbers, what adds up, what contains what."""

    told: dict[Cell, int] = field(default_factory=dict)
    cells: dict[Cell, int] = field(default_factory=dict)
    rows: list[tuple[dict[Cell, int], float, float]] = field(default_factory=list)

    def see(self, counts: Mapping[Cell, int], hidden: Iterable[Cell]) -> None:
        hidden = set(hidden)
        for cell, count in counts.items():
            self.cells.setdefault(cell, len(self.cells))
            if cell not in hidden:
                self.told[cell] = count

    def know_sum(self, whole: Iterable[Cell], parts: Iterable[Cell]) -> None:
        signs: dict[Cell, int] = {}
        for cells, sign in ((whole, 1), (parts, -1)):
            for cell in cells:
                signs[cell] = signs.get(cell, 0) + sign
        self.rows.append((signs, 0, 0))

    def know_gap(self, whole: Cell, part: Cell) -> None:
        self.rows.append(({whole: 1, part: -1}, 0, numpy.inf))

    def range_of(self, signs: Mapping[Cell, int]) -> tuple[int, int]:
        """The least and the most that a signed sum of cells can be."""
        goal = self._vector(signs)
        low, high = (self._solve(sign * goal) for sign in (1, -1))
        return round(low), round(-high)

    def _solve(self, goal: numpy.ndarray) -> float:
        least, most = numpy.zeros(len(self.cells)), numpy.full(len(self.cells), MOST)
        for cell, count in self.told.items():
            least[self.cells[cell]] = most[self.cells[cell]] = count
        matrix = numpy.array([self._vector(signs) for signs, _low, _high in self.rows])
        ends = [(low, high) for _signs, low, high in self.rows]
        found = milp(
            goal,
            integrality=numpy.ones(len(self.cells)),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(matrix, *zip(*ends, strict=True)),
        )
        assert found.success, found.message
        return float(found.fun)

    def _vector(self, signs: Mapping[Cell, int]) -> numpy.ndarray:
        vector = numpy.zeros(len(self.cells))
        for cell, sign in signs.items():
            vector[self.cells[cell]] = sign
        return vector
