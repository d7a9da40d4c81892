"""Where can steps in the groups of a split be looked for, and which of them may be taken?"""

from collections.abc import Iterator

from survey_app.domain.circuits import (
    Cell,
    CircuitSearch,
    Constraint,
    constraint_of_sum,
)
from survey_app.domain.groups import Group, Split


class SplitSearches:
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


def may_step(group: Group, cell: Cell, delta: int, lowest: int) -> bool:
    """Whether a count of a group may take a step, and not go below what an outsider assumes."""
    count = group.counts.get(cell)
    is_there = count is not None and count + delta >= min(lowest, count)
    return is_there and (cell, delta) not in group.closed


def covers(split: Split, name: str, cell: Cell, of_everyone: int, of_group: int) -> bool:
    """Whether groups that may overlap still fit into everyone, and cover them, after steps."""
    counts = {other: group.counts.get(cell, 0) for other, group in split.groups.items()}
    counts[name] = counts.get(name, 0) + of_group
    whole = split.everyone.get(cell, 0) + of_everyone
    apart = sum(n for other, n in counts.items() if other in split.apart)
    widest = max((n for other, n in counts.items() if other not in split.apart), default=0)
    others = of_everyone if of_group == 0 else 0
    return apart + widest <= whole <= sum(counts.values()) + max(others, 0)
