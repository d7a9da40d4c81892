"""Which counts of a table split into groups stay out, given that other splits are published too?

All splits of a quarter share one table: that of everyone. It is settled first (see `disclosure`).
Then each split is settled against it alone, in a way that holds whatever the others show:

- A hidden count of a group is protected by an *exchange*: some people change places between two
  groups, so that the table of everyone, and with it every other split, stays as it is.
- A hidden count of everyone is protected by its twins; every split *takes up* each twin in one of
  its groups, hiding there what the twin passes through.

Where neither can be had, all that hangs together with the count is hidden in all groups of the
split, so that the split tells of it nothing beyond the table of everyone.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import cast

from survey_app.domain.circuits import (
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
from survey_app.domain.disclosure import Suppression, Table, find_primary, is_small
from survey_app.domain.joint_moves import JointSearch, Place, Ties
from survey_app.domain.twins import PRICE_HIDDEN, price_of_count

_MOST_STATES = 400
_MOST_PARTNERS = 6
_GOOD_ENOUGH = 1_000


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
    """

    everyone: Mapping[Cell, int]
    groups: Mapping[str, Group]
    is_partition: bool = True
    apart: frozenset[str] = frozenset()
    kept_back: frozenset[Place] = frozenset()
    unprinted: frozenset[Cell] = frozenset()


@dataclass(frozen=True)
class SplitSuppression:
    """The places to hide; `withheld` are those of parts of which nothing is told."""

    hidden: frozenset[Place]
    withheld: frozenset[Place]


def suppress_split(split: Split, everyone: Suppression, threshold: int) -> frozenset[Place]:
    """The places to hide, jointly with the table of everyone and so with any other split of it."""
    return settle_split(split, everyone, threshold).hidden


def settle_split(split: Split, everyone: Suppression, threshold: int) -> SplitSuppression:
    """The places to hide, and which of them belong to parts of which nothing is told."""
    return SplitSettler(split, threshold).settle(everyone, split.kept_back)


class SplitSettler:
    """Settles one split, again and again while more is kept back.

    Nothing in one part tells of another: a part for which nothing changed stays as it is settled.
    """

    def __init__(self, split: Split, threshold: int) -> None:
        self._unprinted = split.unprinted
        self._threshold = threshold
        self._parts = tuple((part, _Searches(part)) for part in _parts(split))
        self._known: dict[Hashable, set[Place]] = {}

    def settle(self, everyone: Suppression, kept_back: frozenset[Place]) -> SplitSuppression:
        """The places to hide beside the settled table of everyone."""
        hidden: set[Place] = set()
        withheld: set[Place] = set()
        for part, searches in self._parts:
            found = self._settled(part, searches, everyone, kept_back)
            hidden |= found
            if len(found) == sum(len(group.counts) for group in part.groups.values()):
                withheld |= found
        return SplitSuppression(
            frozenset(place for place in hidden if place[1] not in self._unprinted),
            frozenset(withheld),
        )

    def _settled(
        self,
        part: Split,
        searches: "_Searches",
        everyone: Suppression,
        kept_back: frozenset[Place],
    ) -> set[Place]:
        own = {*part.everyone, *(cell for group in part.groups.values() for cell in group.counts)}
        part = replace(part, kept_back=frozenset(p for p in kept_back if p[1] in own))
        near = Suppression(
            everyone.hidden & own,
            everyone.withheld & own,
            tuple(twin for twin in everyone.twins if not own.isdisjoint(twin)),
        )
        twins = tuple(frozenset(twin.items()) for twin in near.twins)
        matters = (id(searches), part.kept_back, near.hidden, twins, near.withheld)
        if matters not in self._known:
            self._known[matters] = _Settling(part, searches, near, self._threshold).hidden()
        return self._known[matters]


def _parts(split: Split) -> Iterator[Split]:
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
        yield Split(
            {cell: n for cell, n in split.everyone.items() if cell in cells},
            {name: group for name, group in groups.items() if group.counts},
            split.is_partition,
            split.apart,
            frozenset(place for place in split.kept_back if place[1] in cells),
            split.unprinted & cells,
        )


def _of(group: Group, cells: set[Cell]) -> Group:
    return Group(
        {cell: n for cell, n in group.counts.items() if cell in cells},
        tuple(s for s in group.sums if cells.issuperset((*s.whole, *s.parts))),
        tuple(g for g in group.gaps if g.whole in cells and g.part in cells),
        tuple(limit for limit in group.limits if cells.issuperset(limit.signs)),
        frozenset(step for step in group.closed if step[0] in cells),
    )


class _Searches:
    """Looks for steps in the groups of one part of a split, whatever of it is hidden by now."""

    def __init__(self, split: Split) -> None:
        self._split = split
        self._pairs: dict[tuple[str, str | None], CircuitSearch] = {}

    def of(self, name: str, partner: str | None) -> CircuitSearch:
        """Under the ties of one group, or of two that exchange people."""
        key = (name, partner)
        if key not in self._pairs:
            self._pairs[key] = CircuitSearch(self._constraints(name, partner))
        return self._pairs[key]

    @cached_property
    def joint(self) -> JointSearch:
        """Under the ties of all groups together."""
        return JointSearch(
            {
                name: Ties(group.counts, group.sums, group.gaps, group.limits)
                for name, group in self._split.groups.items()
            },
            self._split.everyone,
            is_partition=self._split.is_partition,
            apart=self._split.apart,
        )

    def _constraints(self, name: str, partner: str | None) -> Iterator[Constraint]:
        own = self._split.groups[name]
        other = self._split.groups[partner] if partner is not None else Group({})
        for equation in dict.fromkeys((*own.sums, *other.sums)):
            yield constraint_of_sum(equation)
        for pair in dict.fromkeys((*own.rooms, *other.rooms)):
            yield Constraint({pair[0]: 1, pair[1]: -1}, own.rooms.get(pair), other.rooms.get(pair))
        # What one group has more the other has less.
        yield from own.limits
        yield from (Constraint(limit.signs, limit.rise, limit.fall) for limit in other.limits)


class _Settling:
    """Settles one part of a split."""

    def __init__(
        self, split: Split, searches: _Searches, everyone: Suppression, threshold: int
    ) -> None:
        self._split = split
        self._searches = searches
        self._groups = split.groups
        self._everyone = everyone
        self._threshold = threshold
        self._hidden: set[Place] = set()
        self._moves: dict[str, list[Steps]] = {name: [] for name in split.groups}

    def hidden(self) -> set[Place]:
        """The places to hide in this part."""
        if not self._groups:
            return set()
        peopled = [name for name, group in self._groups.items() if any(group.counts.values())]
        is_one = self._split.is_partition and len(peopled) == 1
        is_backed = {cell for _name, cell in self._split.kept_back} <= self._everyone.hidden
        is_same = is_one and self._groups[peopled[0]].counts == dict(self._split.everyone)
        if is_same and is_backed:
            return {(peopled[0], cell) for cell in self._everyone.hidden & self._own()}
        for name in self._groups:
            self._hidden |= {(name, cell) for cell in self._primary(name)}
        if self._everyone.withheld & self._own() or not self._take_up_twins():
            return self._all()
        for name, target in self._targets():
            if not self._protect(name, target) and not self._is_nought(name, target):
                return self._all()
        return self._hidden

    def _own(self) -> set[Cell]:
        return set(self._split.everyone)

    def _all(self) -> set[Place]:
        return {(name, cell) for name, group in self._groups.items() for cell in group.counts}

    def _primary(self, name: str) -> frozenset[Cell]:
        group, split = self._groups[name], self._split
        table = Table(group.counts, group.sums, group.gaps, unprinted=split.unprinted)
        kept_back = {cell for other, cell in split.kept_back if other == name}
        found = find_primary(table, self._threshold) | kept_back
        if not split.is_partition:
            # Who is not in a group that overlaps others is as easy to name as who is.
            found |= {
                cell
                for cell, n in group.counts.items()
                if is_small(split.everyone.get(cell, 0) - n, self._threshold)
            } - split.unprinted
        return frozenset(found & group.counts.keys())

    def _targets(self) -> list[tuple[str, Target]]:
        """What is hidden for its own sake, smallest first, and small remainders of bases."""
        own = sorted(
            self._hidden, key=lambda place: (self._groups[place[0]].counts[place[1]], repr(place))
        )
        remainders = [
            (name, Target((gap.part, gap.whole)))
            for name, group in self._groups.items()
            for gap in group.gaps
            if gap.is_sensitive and is_small(group.rooms[gap.whole, gap.part], self._threshold)
        ]
        return [*((name, Target((cell,))) for name, cell in own), *remainders]

    def _is_nought(self, name: str, target: Target) -> bool:
        """Nobody at all is nobody to protect: hidden beside a small base, and shielded if it may
        be, but not at the price of all that hangs together with it."""
        return len(target.cells) == 1 and self._groups[name].counts[target.cells[0]] == 0

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
        return self._move_all(
            lambda lowest: self._searches.joint.take_up(
                twin, partial(self._is_open, lowest), self._price_of_place
            )
        )

    def _is_open(self, lowest: int, step: Step) -> bool:
        place, delta = step
        name, cell = cast(Place, place)
        return _may_step(self._groups[name], cell, delta, lowest)

    def _price_of_place(self, place: Cell) -> int:
        return self._price(*cast(Place, place))

    def _move_all(self, find: Callable[[int], Mapping[Place, int] | None]) -> bool:
        """Make a move of several groups at once; False where none is found."""
        for lowest in (1, 0):
            found = find(lowest)
            if found is not None:
                by_group: dict[str, dict[Cell, int]] = {}
                for (name, cell), delta in found.items():
                    by_group.setdefault(name, {})[cell] = delta
                for name, steps in by_group.items():
                    self._move(name, steps)
                return True
        return False

    def _can_take_up(self, name: str, twin: Steps) -> bool:
        counts = self._groups[name].counts
        if not all(cell in counts and counts[cell] + delta >= 0 for cell, delta in twin.items()):
            return False
        if not self._groups[name].closed.isdisjoint(twin.items()):
            return False
        if not self._split.is_partition and not all(
            self._covers(other, cell, delta, delta if other == name else 0)
            for other in self._groups
            for cell, delta in twin.items()
        ):
            return False
        return self._searches.of(name, None).holds(twin)

    def _protect(self, name: str, target: Target) -> bool:
        """Make sure that an exchange moves the target; False where none can be had."""
        if any(target.is_moved_by(steps) for steps in self._moves[name]):
            return True
        for lowest in (1, 0):
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
        return self._move_all(
            lambda lowest: self._searches.joint.exchange(
                name, target, partial(self._is_open, lowest), self._price_of_place
            )
        )

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
            if not _may_step(own, cell, delta, lowest):
                return False
            if other is None:
                return self._covers(name, cell, 0, delta)
            return _may_step(other, cell, -delta, lowest)

        def price(cell: Cell) -> int:
            found = self._price(name, cell)
            return found + (self._price(partner, cell) if partner is not None else 0)

        return Terms(is_open, price, _MOST_STATES)

    def _covers(self, name: str, cell: Cell, of_everyone: int, of_group: int) -> bool:
        """Whether groups that may overlap still fit into everyone, and cover them, after steps."""
        counts = {other: group.counts.get(cell, 0) for other, group in self._groups.items()}
        counts[name] = counts.get(name, 0) + of_group
        whole = self._split.everyone.get(cell, 0) + of_everyone
        apart = sum(n for other, n in counts.items() if other in self._split.apart)
        widest = max(
            (n for other, n in counts.items() if other not in self._split.apart), default=0
        )
        others = of_everyone if of_group == 0 else 0
        return apart + widest <= whole <= sum(counts.values()) + max(others, 0)

    def _move(self, name: str, steps: Steps) -> None:
        self._moves[name].append(steps)
        self._hidden |= {(name, cell) for cell in steps}

    def _price_of(self, name: str, steps: Steps) -> int:
        return sum(self._price(name, cell) for cell in steps)

    def _price(self, name: str, cell: Cell) -> int:
        if (name, cell) in self._hidden or cell in self._split.unprinted:
            return PRICE_HIDDEN
        return price_of_count(self._groups[name].counts.get(cell, 0))


def _may_step(group: Group, cell: Cell, delta: int, lowest: int) -> bool:
    count = group.counts.get(cell)
    is_there = count is not None and count + delta >= min(lowest, count)
    return is_there and (cell, delta) not in group.closed
