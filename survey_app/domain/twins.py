"""Is there another table that looks the same from outside, and what must be hidden to have one?

A *twin* of a table is made of whole numbers, none below what an outsider may assume; its sums are
right, its visible counts are the same, and some hidden count differs. Twins are looked for as sets
of single steps up and down, cheapest first, through hidden cells for next to nothing and through
visible ones at a price; what the cheapest passes through is then hidden too. It is the circuit
heuristic of statistical offices (P. Kelly, B. Golden, A. Assad, "Cell suppression: disclosure
protection for sensitive tabular data", Networks 1992), for any set of sums instead of rows and
columns only.
"""

import heapq
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count as numbers_from
from itertools import product

Cell = Hashable
Step = tuple[Cell, int]

# Few cells first, then small ones, then totals, and a nought only where there is nothing else.
_PRICE_HIDDEN = 1
_PRICE_VISIBLE = 1_000
_PRICE_COUNT_AT_MOST = 900
_PRICE_TOTAL = 20_000
_PRICE_TOTAL_AT_LAST = 500
_PRICE_NOUGHT = 500_000
_PRICE_EXPECTED_PER_FAULT = 500
_MOST_STATES = 4_000


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

    def is_moved_by(self, steps: Mapping[Cell, int]) -> bool:
        """Whether it has another value after these steps."""
        deltas = [steps.get(cell, 0) for cell in self.cells]
        return deltas[0] != (deltas[1] if len(deltas) > 1 else 0)


@dataclass(frozen=True)
class _Constraint:
    """Signed cells whose sum must not drift (a sum) or may fall by `room` at the most (a gap)."""

    signs: Mapping[Cell, int]
    room: int | None = None

    def fault(self, drift: int) -> int:
        """How far a drift breaks it; 0 when it holds."""
        return drift if self.room is None else min(0, self.room + drift)


@dataclass(frozen=True)
class _State:
    """A table on its way to be a twin: the steps so far and what they leave uneven."""

    price: int
    steps: Mapping[Cell, int]
    drifts: Mapping[int, int]


class TwinSearch:
    """Looks for twins of one table; `hidden` grows by what they pass through."""

    def __init__(
        self,
        *,
        counts: Mapping[Cell, int],
        sums: Iterable[Sum],
        gaps: Iterable[Gap],
        totals: frozenset[Cell],
        hidden: frozenset[Cell],
        shown_for_good: frozenset[Cell],
    ) -> None:
        self.hidden = set(hidden)
        self._counts = counts
        self._totals = totals
        self._shown_for_good = shown_for_good
        self._twins: list[Mapping[Cell, int]] = []
        self._price_of_total = _PRICE_TOTAL
        self._constraints = [*map(_constraint_of_sum, sums)]
        self._constraints += [_constraint_of_gap(gap, counts) for gap in gaps]
        self._touching: dict[Cell, list[int]] = {}
        for index, constraint in enumerate(self._constraints):
            for cell in constraint.signs:
                self._touching.setdefault(cell, []).append(index)

    def protect(self, target: Target) -> bool:
        """Make sure that a twin exists in which the target differs; False when none can be had.

        First against an outsider who reckons that no hidden count is nought, since noughts are
        shown; where that is impossible, against one who does not. Totals are spared at first; a
        search that loses itself in ways around them may then pass through one.
        """
        if any(target.is_moved_by(steps) for steps in self._twins):
            return True
        for lowest, total, order in product((1, 0), (_PRICE_TOTAL, _PRICE_TOTAL_AT_LAST), (-1, 1)):
            self._price_of_total = total
            steps = self._find_twin(target, lowest, order)
            if steps is not None:
                self.hidden.update(steps)
                self._twins.append(steps)
                return True
        return False

    def _find_twin(self, target: Target, lowest: int, order: int) -> Mapping[Cell, int] | None:
        """Of equally promising states the newest goes first (order -1), or the oldest (1).

        The one gets on to a twin, the other past a beginning that leads nowhere.
        """
        ages = numbers_from(0, order)
        heap: list[tuple[int, int, _State]] = []
        seen: set[frozenset[Step]] = set()

        def push(state: _State, step: Step) -> None:
            after = self._take(state, step)
            key = frozenset(after.steps.items())
            if key not in seen:
                seen.add(key)
                expected = _PRICE_EXPECTED_PER_FAULT * len(self._faults(after))
                heapq.heappush(heap, (after.price + expected, next(ages), after))

        for cell in target.cells:
            for step in ((cell, 1), (cell, -1)):
                if self._is_open(step, lowest):
                    push(_State(0, {}, {}), step)
        while heap and len(seen) < _MOST_STATES:
            state = heapq.heappop(heap)[2]
            faults = self._faults(state)
            if not faults and target.is_moved_by(state.steps):
                return state.steps
            for step in self._repairs(state, faults, lowest):
                push(state, step)
        return None

    def _take(self, state: _State, step: Step) -> _State:
        cell, delta = step
        drifts = dict(state.drifts)
        for index in self._touching.get(cell, ()):
            drifts[index] = drifts.get(index, 0) + delta * self._constraints[index].signs[cell]
        return _State(state.price + self._price(cell), {**state.steps, cell: delta}, drifts)

    def _faults(self, state: _State) -> dict[int, int]:
        faults = {i: self._constraints[i].fault(drift) for i, drift in state.drifts.items()}
        return {index: fault for index, fault in faults.items() if fault}

    def _repairs(self, state: _State, faults: Mapping[int, int], lowest: int) -> list[Step]:
        """The ways to mend the fault that leaves least choice: every twin takes one of them."""
        fewest: list[Step] | None = None
        for index, fault in faults.items():
            ways = [
                (cell, -sign if fault > 0 else sign)
                for cell, sign in self._constraints[index].signs.items()
                if cell not in state.steps
            ]
            ways = [way for way in ways if self._is_open(way, lowest)]
            if fewest is None or len(ways) < len(fewest):
                fewest = ways
        return fewest or []

    def _is_open(self, step: Step, lowest: int) -> bool:
        """Whether a cell may take a step: not shown for good, and not below what is assumed."""
        cell, delta = step
        count = self._counts[cell]
        return cell not in self._shown_for_good and count + delta >= min(lowest, count)

    def _price(self, cell: Cell) -> int:
        if cell in self.hidden:
            return _PRICE_HIDDEN
        count = self._counts[cell]
        if count == 0:
            return _PRICE_NOUGHT
        price = _PRICE_VISIBLE + min(count, _PRICE_COUNT_AT_MOST)
        return price + self._price_of_total if cell in self._totals else price


def _constraint_of_sum(equation: Sum) -> _Constraint:
    """A cell on both sides of a sum cancels out."""
    signs: dict[Cell, int] = {}
    for cells, sign in ((equation.whole, 1), (equation.parts, -1)):
        for cell in cells:
            signs[cell] = signs.get(cell, 0) + sign
    return _Constraint({cell: sign for cell, sign in signs.items() if sign})


def _constraint_of_gap(gap: Gap, counts: Mapping[Cell, int]) -> _Constraint:
    return _Constraint({gap.whole: 1, gap.part: -1}, counts[gap.whole] - counts[gap.part])
