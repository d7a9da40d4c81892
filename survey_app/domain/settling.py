"""Which counts of one part of a split stay out?

Small ones, what protects them by exchanges, and what takes up the twins of everyone.
"""

from functools import cached_property
from itertools import product
from typing import cast

from survey_app.domain.circuits import (
    PRICE_EXPECTED_AT_LAST,
    Cell,
    Step,
    Steps,
    Target,
    Terms,
)
from survey_app.domain.disclosure import Suppression
from survey_app.domain.groups import Place, Split
from survey_app.domain.joint_moves import JointSearch
from survey_app.domain.split_searches import SplitSearches, covers, may_step
from survey_app.domain.split_targets import is_nought, primary_of, targets_of
from survey_app.domain.twins import PRICE_HIDDEN, price_of_count

_MOST_STATES = 400
_MOST_STATES_OF_ALL = 1000
_MOST_PARTNERS = 6
_GOOD_ENOUGH = 1_000
_PRICE_TOTAL = 2_000
_PRICE_HEADLINE = 20_000
_PRICE_HEADLINE_AT_LAST = _PRICE_TOTAL
"""What it costs more to hide one: a search that loses itself in ways around headlines may then
pass through one."""
_PRICE_GONE = 50_000
"""Noughts are shown, so that a count in the place of one is reckoned to be above it."""
_MANNERS = tuple(product((1, 0), (_PRICE_HEADLINE, _PRICE_HEADLINE_AT_LAST)))
"""What an outsider is reckoned to assume of hidden counts, at least; and the price of headlines."""


class PartSettling:
    """Settles one part of a split."""

    def __init__(
        self, split: Split, searches: SplitSearches, everyone: Suppression, threshold: int
    ) -> None:
        self._split = split
        self._searches = searches
        self._groups = split.groups
        self._everyone = everyone
        self._threshold = threshold
        self._price_of_headline = _PRICE_HEADLINE
        self._hidden: set[Place] = set()
        self._moves: dict[str, list[Steps]] = {name: [] for name in split.groups}

    def settle(self) -> frozenset[Place]:
        """The places to hide for the sake of this part."""
        if not self._groups:
            return frozenset()
        if self._is_everyone():
            (name,) = filter(self._split.has_people, self._groups)
            as_everyone = self._everyone.hidden & self._own()
            return frozenset((name, cell) for cell in as_everyone)
        for name in self._groups:
            primary = primary_of(self._split, name, self._threshold)
            self._hidden |= {(name, cell) for cell in primary}
        if self._everyone.withheld & self._own() or not self._take_up_twins():
            return self._all()
        for name, target in targets_of(self._split, self._hidden, self._threshold):
            if not self._protect(name, target) and not is_nought(self._groups[name], target):
                return self._all()
        return frozenset(self._hidden)

    def _protect(self, name: str, target: Target) -> bool:
        """Make sure that the target may be another number; False where it cannot be."""
        return (
            any(target.is_moved_by(steps) for steps in self._moves[name])
            or self._exchange(name, target)
            or self._go_with_everyone(name, target)
            or (not is_nought(self._groups[name], target) and self._exchange_jointly(name, target))
        )

    def _is_everyone(self) -> bool:
        """Whether one group has all the people, so that what is told of everyone is told of it."""
        peopled = [group for name, group in self._groups.items() if self._split.has_people(name)]
        is_one = self._split.is_partition and len(peopled) == 1
        is_backed = {cell for _name, cell in self._split.kept_back} <= self._everyone.hidden
        return is_one and is_backed and peopled[0].counts == dict(self._split.everyone)

    def _own(self) -> set[Cell]:
        return set(self._split.everyone)

    def _all(self) -> frozenset[Place]:
        groups = self._groups.items()
        return frozenset((name, cell) for name, group in groups for cell in group.counts)

    def _take_up_twins(self) -> bool:
        """Let one group take up each twin of the table of everyone; False where none can."""
        own = self._own()
        for twin in self._everyone.twins:
            if not own.intersection(twin):
                continue
            best: tuple[int, str] | None = None
            for name in self._groups:
                if self._can_take_up(name, twin):
                    price = self._price_of(name, twin)
                    best = (price, name) if best is None else min(best, (price, name))
            if best is not None:
                self._move(best[1], twin)
            elif not self._follow(twin):
                return False
        return True

    def _follow(self, twin: Steps) -> bool:
        """Let several groups take up a twin together; False where they cannot."""
        return self._move_all(self._joint.take_up(twin, self._terms_of_all()))

    @cached_property
    def _joint(self) -> JointSearch:
        return JointSearch(self._split, self._everyone.twins)

    def _move_all(self, found: Steps | None) -> bool:
        """Make a move of several groups at once; False where none was found."""
        if found is None:
            return False
        by_group: dict[str, dict[Cell, int]] = {}
        for (name, cell), delta in map(_of_group, found.items()):
            by_group.setdefault(name, {})[cell] = delta
        for name, steps in by_group.items():
            self._move(name, steps)
        return True

    def _terms_of_all(self) -> Terms:
        """Every step, and what it costs: dear is a hidden count that would be nought."""
        self._price_of_headline = _PRICE_HEADLINE

        def is_open(step: Step) -> bool:
            (name, cell), delta = _of_group(step)
            return may_step(self._groups[name], cell, delta, 0)

        def price(step: Step) -> int:
            (name, cell), delta = _of_group(step)
            is_gone = self._groups[name].counts[cell] + delta == 0
            return self._price(name, cell) + (_PRICE_GONE if is_gone else 0)

        return Terms(is_open, price, _MOST_STATES_OF_ALL, PRICE_EXPECTED_AT_LAST)

    def _can_take_up(self, name: str, twin: Steps) -> bool:
        counts = self._groups[name].counts
        if not all(cell in counts and counts[cell] + delta >= 0 for cell, delta in twin.items()):
            return False
        if not self._groups[name].closed.isdisjoint(twin.items()):
            return False
        if not self._split.is_partition and not all(
            covers(self._split, other, cell, delta, delta if other == name else 0)
            for other in self._groups
            for cell, delta in twin.items()
        ):
            return False
        return self._searches.of(name, None).holds(twin)

    def _go_with_everyone(self, name: str, target: Target) -> bool:
        """Let the group too take up a twin of everyone that moves the target, if it may."""
        for twin in self._everyone.twins:
            if target.is_moved_by(twin) and self._can_take_up(name, twin):
                self._move(name, twin)
                return True
        return False

    def _exchange(self, name: str, target: Target) -> bool:
        """Let two groups exchange people so that the target moves; False where none can."""
        for lowest, self._price_of_headline in _MANNERS:
            best: tuple[int, Steps, str | None] | None = None
            for partner in self._partners(name, target):
                steps = self._searches.of(name, partner).find(
                    target, self._terms(name, partner, lowest)
                )
                if steps is None:
                    continue
                price = self._price_of(name, steps)
                price += self._price_of(partner, steps) if partner is not None else 0
                if best is None or price < best[0]:
                    best = price, steps, partner
                if price < _GOOD_ENOUGH:
                    break
            if best is not None:
                self._move(name, best[1])
                if best[2] is not None:
                    self._move(best[2], {cell: -delta for cell, delta in best[1].items()})
                return True
        return False

    def _exchange_jointly(self, name: str, target: Target) -> bool:
        """Let several groups do so together; False where they cannot."""
        return self._move_all(self._joint.exchange(name, target, self._terms_of_all()))

    def _partners(self, name: str, target: Target) -> list[str | None]:
        """With whom to exchange: where the count is hidden already, then where it is small."""
        if not self._split.is_partition:
            return [None]
        cells = target.cells
        found = [
            other
            for other, group in self._groups.items()
            if other != name and all(cell in group.counts for cell in cells)
        ]

        def rank(other: str) -> tuple[int, int, str]:
            n = self._groups[other].counts[cells[0]]
            return (
                -sum((other, cell) in self._hidden for cell in cells),
                n if n > 1 else 10**6,
                other,
            )

        return [*sorted(found, key=rank)[:_MOST_PARTNERS]]

    def _terms(self, name: str, partner: str | None, lowest: int) -> Terms:
        own = self._groups[name]
        other = self._groups[partner] if partner is not None else None

        def is_open(step: Step) -> bool:
            cell, delta = step
            if not may_step(own, cell, delta, lowest):
                return False
            if other is None:
                return covers(self._split, name, cell, 0, delta)
            return may_step(other, cell, -delta, lowest)

        def price(step: Step) -> int:
            cell = step[0]
            found = self._price(name, cell)
            return found + (self._price(partner, cell) if partner is not None else 0)

        return Terms(is_open, price, _MOST_STATES)

    def _move(self, name: str, steps: Steps) -> None:
        self._moves[name].append(steps)
        self._hidden |= {(name, cell) for cell in steps}

    def _price_of(self, name: str, steps: Steps) -> int:
        return sum(self._price(name, cell) for cell in steps)

    def _price(self, name: str, cell: Cell) -> int:
        if (name, cell) in self._hidden or cell in self._split.unprinted:
            return PRICE_HIDDEN
        price = price_of_count(self._groups[name].counts.get(cell, 0))
        if cell in self._split.headlines:
            return price + self._price_of_headline
        return price + _PRICE_TOTAL if cell in self._split.totals else price


def _of_group(step: Step) -> tuple[Place, int]:
    return cast(tuple[Place, int], step)
