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
from functools import cache
from itertools import count as numbers_from

Cell = Hashable
Step = tuple[Cell, int]
Steps = Mapping[Cell, int]

PRICE_EXPECTED = 500
PRICE_EXPECTED_AT_LAST = 2_000
"""What mending one fault is reckoned to cost: thriftily, and where that leads nowhere, boldly."""


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
    """A table on its way to be a twin: the steps so far, and what they leave uneven and broken."""

    price: int
    steps: Steps
    drifts: Mapping[int, int]
    faults: Mapping[int, int]


@dataclass(frozen=True)
class Terms:
    """Which steps may be taken, what one through a cell costs, and how long to look."""

    is_open: Callable[[Step], bool]
    price: Callable[[Step], int]
    most_states: int
    expected: int = PRICE_EXPECTED
    """What mending a fault is reckoned to cost: the more, the quicker and the less thrifty."""
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

    def find(
        self, target: Target | None, terms: Terms, start: Mapping[int, int] | None = None
    ) -> Steps | None:
        """The cheapest circuit that moves the target, or None when none is found.

        `start`: by how much constraints have drifted before the first step. Without a target,
        what mends that is enough.
        """
        ages = numbers_from(0, terms.order)
        ways_of = self._open_ways(terms)
        heap: list[tuple[int, int, _State, frozenset[Step]]] = []
        seen: set[frozenset[Step]] = set()

        def push(key: frozenset[Step], after: _State) -> None:
            seen.add(key)
            expected = terms.expected * len(after.faults)
            heapq.heappush(heap, (after.price + expected, next(ages), after, key))

        first = _State(0, {}, start or {}, self._faults_of(start or {}))
        if target is None:
            push(frozenset(), first)
        for cell in target.cells if target is not None else ():
            for step in ((cell, 1), (cell, -1)):
                if terms.is_open(step):
                    push(frozenset((step,)), self._take(first, step, terms))
        while heap and len(seen) < terms.most_states:
            _price, _age, state, taken = heapq.heappop(heap)
            if not state.faults and (target is None or target.is_moved_by(state.steps)):
                return state.steps
            for step in self._repairs(state, ways_of):
                key = taken | {step}
                if key not in seen:
                    push(key, self._take(state, step, terms))
        return None

    def holds(self, steps: Steps) -> bool:
        """Whether these steps together break nothing."""
        drifts: dict[int, int] = {}
        for cell, delta in steps.items():
            for index in self._touching.get(cell, ()):
                drift = delta * self._constraints[index].signs[cell]
                drifts[index] = drifts.get(index, 0) + drift
        return not self._faults_of(drifts)

    def _take(self, state: _State, step: Step, terms: Terms) -> _State:
        cell, delta = step
        drifts, faults = dict(state.drifts), dict(state.faults)
        for index in self._touching.get(cell, ()):
            constraint = self._constraints[index]
            drifts[index] = drifts.get(index, 0) + delta * constraint.signs[cell]
            fault = constraint.fault(drifts[index])
            if fault:
                faults[index] = fault
            else:
                faults.pop(index, None)
        price = state.price + terms.price(step)
        return _State(price, {**state.steps, cell: delta}, drifts, faults)

    def _faults_of(self, drifts: Mapping[int, int]) -> dict[int, int]:
        faults = {i: self._constraints[i].fault(drift) for i, drift in drifts.items()}
        return {index: fault for index, fault in faults.items() if fault}

    def _repairs(self, state: _State, ways_of: Callable[[int, bool], list[Step]]) -> list[Step]:
        """The ways to mend the fault that leaves least choice: every twin takes one of them."""
        fewest: list[Step] | None = None
        for index, fault in state.faults.items():
            ways = ways_of(index, fault > 0)
            if fewest is not None and len(ways) - len(state.steps) >= len(fewest):
                continue  # However many of them were taken already, no fewer are left.
            ways = [way for way in ways if way[0] not in state.steps]
            if fewest is None or len(ways) < len(fewest):
                fewest = ways
        return fewest or []

    def _open_ways(self, terms: Terms) -> Callable[[int, bool], list[Step]]:
        """The open steps that lower or raise a constraint's sum; no search changes what is open."""

        @cache
        def ways_of(index: int, is_too_high: bool) -> list[Step]:
            signs = self._constraints[index].signs.items()
            ways = [(cell, -sign if is_too_high else sign) for cell, sign in signs]
            return [way for way in ways if terms.is_open(way)]

        return ways_of
