"""Which steps up and down leave everything that an outsider knows of a table as it is?

A circuit is a set of single steps, through cells of a table, after which every sum is right again
and nothing contains more than there is. Circuits are looked for cheapest first. It is the circuit
heuristic of statistical offices (P. Kelly, B. Golden, A. Assad, "Cell suppression: disclosure
protection for sensitive tabular data", Networks 1992), for any set of sums instead of rows and
columns only.
"""

import heapq
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count as numbers_from

Cell = Hashable
Step = tuple[Cell, int]
Steps = Mapping[Cell, int]

_PRICE_EXPECTED_PER_FAULT = 500


@dataclass(frozen=True)
class Sum:
    """Both sides count the same people: the cells of `whole` add up to those of `parts`."""

    whole: tuple[Cell, ...]
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class Gap:
    """`whole` contains `part`; who is in one and not in the other is a count that nobody prints.

    It is never negative, which an outsider knows. Where `is_sensitive` (a base and its numerator)
    it is a number to protect like any other.
    """

    whole: Cell
    part: Cell
    is_sensitive: bool = False


@dataclass(frozen=True)
class Target:
    """What must have another value in a twin: one cell, or the difference between two."""

    cells: tuple[Cell, ...]

    def is_moved_by(self, steps: Steps) -> bool:
        """Whether it has another value after these steps."""
        deltas = [steps.get(cell, 0) for cell in self.cells]
        return deltas[0] != (deltas[1] if len(deltas) > 1 else 0)


@dataclass(frozen=True)
class Constraint:
    """Signed cells whose sum may fall and rise by so much at the most; None is without limit."""

    signs: Mapping[Cell, int]
    fall: int | None = 0
    rise: int | None = 0

    def fault(self, drift: int) -> int:
        """How far a drift breaks it; 0 when it holds."""
        if self.fall is not None and drift < -self.fall:
            return drift + self.fall
        if self.rise is not None and drift > self.rise:
            return drift - self.rise
        return 0


def constraint_of_sum(equation: Sum) -> Constraint:
    """A cell on both sides of a sum cancels out."""
    signs: dict[Cell, int] = {}
    for cells, sign in ((equation.whole, 1), (equation.parts, -1)):
        for cell in cells:
            signs[cell] = signs.get(cell, 0) + sign
    return Constraint({cell: sign for cell, sign in signs.items() if sign})


@dataclass(frozen=True)
class _State:
    """A table on its way to be a twin: the steps so far and what they leave uneven."""

    price: int
    steps: Steps
    drifts: Mapping[int, int]


@dataclass(frozen=True)
class Terms:
    """Which steps may be taken, what one through a cell costs, and how long to look."""

    is_open: Callable[[Step], bool]
    price: Callable[[Cell], int]
    most_states: int
    order: int = -1
    """Of equally promising states the newest goes first (-1), or the oldest (1): the one gets on
    to a circuit, the other past a beginning that leads nowhere."""


class CircuitSearch:
    """Looks for circuits under one set of constraints."""

    def __init__(self, constraints: Iterable[Constraint]) -> None:
        self._constraints = tuple(constraints)
        self._touching: dict[Cell, list[int]] = {}
        for index, constraint in enumerate(self._constraints):
            for cell in constraint.signs:
                self._touching.setdefault(cell, []).append(index)

    def find(self, target: Target, terms: Terms) -> Steps | None:
        """The cheapest circuit that moves the target, or None when none is found."""
        ages = numbers_from(0, terms.order)
        heap: list[tuple[int, int, _State]] = []
        seen: set[frozenset[Step]] = set()

        def push(state: _State, step: Step) -> None:
            after = self._take(state, step, terms)
            key = frozenset(after.steps.items())
            if key not in seen:
                seen.add(key)
                expected = _PRICE_EXPECTED_PER_FAULT * len(self._faults(after))
                heapq.heappush(heap, (after.price + expected, next(ages), after))

        for cell in target.cells:
            for step in ((cell, 1), (cell, -1)):
                if terms.is_open(step):
                    push(_State(0, {}, {}), step)
        while heap and len(seen) < terms.most_states:
            state = heapq.heappop(heap)[2]
            faults = self._faults(state)
            if not faults and target.is_moved_by(state.steps):
                return state.steps
            for step in self._repairs(state, faults, terms):
                push(state, step)
        return None

    def holds(self, steps: Steps) -> bool:
        """Whether these steps together break nothing."""
        state = _State(0, {}, {})
        free = Terms(lambda _step: True, lambda _cell: 0, 0)
        drifts: dict[int, int] = {}
        for cell, delta in steps.items():
            for index, drift in self._take(state, (cell, delta), free).drifts.items():
                drifts[index] = drifts.get(index, 0) + drift
        return not any(self._constraints[i].fault(drift) for i, drift in drifts.items())

    def _take(self, state: _State, step: Step, terms: Terms) -> _State:
        cell, delta = step
        drifts = dict(state.drifts)
        for index in self._touching.get(cell, ()):
            drifts[index] = drifts.get(index, 0) + delta * self._constraints[index].signs[cell]
        return _State(state.price + terms.price(cell), {**state.steps, cell: delta}, drifts)

    def _faults(self, state: _State) -> dict[int, int]:
        faults = {i: self._constraints[i].fault(drift) for i, drift in state.drifts.items()}
        return {index: fault for index, fault in faults.items() if fault}

    def _repairs(self, state: _State, faults: Mapping[int, int], terms: Terms) -> list[Step]:
        """The ways to mend the fault that leaves least choice: every twin takes one of them."""
        fewest: list[Step] | None = None
        for index, fault in faults.items():
            ways = [
                (cell, -sign if fault > 0 else sign)
                for cell, sign in self._constraints[index].signs.items()
                if cell not in state.steps
            ]
            ways = [way for way in ways if terms.is_open(way)]
            if fewest is None or len(ways) < len(fewest):
                fewest = ways
        return fewest or []
