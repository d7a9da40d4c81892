"""Is there another table that looks the same from outside, and what must be hidden to have one?

A *twin* of a table is made of whole numbers, none below what an outsider may assume; its sums are
right, its visible counts are the same, and some hidden count differs. Twins are looked for as
circuits (see `circuits`), through hidden cells for next to nothing and through visible ones at a
price; what the cheapest passes through is then hidden too.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from survey_app.domain.circuits import (
    PRICE_EXPECTED,
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

# Few cells first, then small ones, then totals, and a nought only where there is nothing else.
PRICE_HIDDEN = 1
PRICE_NOUGHT = 500_000
_PRICE_VISIBLE = 1_000
_PRICE_COUNT_AT_MOST = 900
_PRICE_TOTAL = 20_000
_PRICE_TOTAL_AT_LAST = 500
_MOST_STATES = 4_000
_WAYS = (
    (_PRICE_TOTAL, PRICE_EXPECTED),
    (_PRICE_TOTAL_AT_LAST, PRICE_EXPECTED),
    (_PRICE_TOTAL, PRICE_EXPECTED_AT_LAST),
)
"""What a total costs, and what mending a fault is reckoned to cost, one after the other."""


def price_of_count(count: int) -> int:
    """What it costs to hide a visible count."""
    return PRICE_NOUGHT if count == 0 else _PRICE_VISIBLE + min(count, _PRICE_COUNT_AT_MOST)


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
        limits: Iterable[Constraint] = (),
    ) -> None:
        self.hidden = set(hidden)
        self._counts = counts
        self._totals = totals
        self._shown_for_good = shown_for_good
        self._twins: list[Steps] = []
        self._price_of_total = _PRICE_TOTAL
        self._search = CircuitSearch(
            [
                *map(constraint_of_sum, sums),
                *(_constraint_of_gap(gap, counts) for gap in gaps),
                *limits,
            ]
        )

    @property
    def twins(self) -> Sequence[Steps]:
        """Every twin that was needed, as steps from the table."""
        return tuple(self._twins)

    def protect(self, target: Target) -> bool:
        """Make sure that a twin exists in which the target differs; False when none can be had.

        First against an outsider who reckons that no hidden count is nought, since noughts are
        shown; where that is impossible, against one who does not. Totals are spared at first; a
        search that loses itself in ways around them may then pass through one.
        """
        if any(target.is_moved_by(steps) for steps in self._twins):
            return True
        for lowest, (total, expected), order in product((1, 0), _WAYS, (-1, 1)):
            self._price_of_total = total
            steps = self._search.find(target, self._terms(lowest, order, expected))
            if steps is not None:
                self.hidden.update(steps)
                self._twins.append(steps)
                return True
        return False

    def _terms(self, lowest: int, order: int, expected: int) -> Terms:
        def is_open(step: Step) -> bool:
            """Whether a cell may take a step: not shown for good, not below what is assumed."""
            cell, delta = step
            count = self._counts[cell]
            return cell not in self._shown_for_good and count + delta >= min(lowest, count)

        return Terms(is_open, self._price, _MOST_STATES, expected, order)

    def _price(self, step: Step) -> int:
        cell = step[0]
        if cell in self.hidden:
            return PRICE_HIDDEN
        price = price_of_count(self._counts[cell])
        is_dear = cell in self._totals and price < PRICE_NOUGHT
        return price + self._price_of_total if is_dear else price


def _constraint_of_gap(gap: Gap, counts: Mapping[Cell, int]) -> Constraint:
    return Constraint(
        {gap.whole: 1, gap.part: -1}, fall=counts[gap.whole] - counts[gap.part], rise=None
    )
