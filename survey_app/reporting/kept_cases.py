"""Which of the cases of a kept month does a question ask for, and in which groups?

Answered with the sets of cases by characteristic that are kept of every month.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import or_

from survey_app.reporting.dimension_columns import named_by
from survey_app.reporting.filters import NOT_RECORDED, Dimension
from survey_app.reporting.members import Members, case_set
from survey_app.store.kept_months import MonthKept

CASES = "cases"
"""Under this name, as a tally without rows, stand the cases by characteristic."""

TIER_KEY = "tier_key"
IS_OPEN = "is_open"


@dataclass(frozen=True)
class KeptCases:
    """The cases of a month that are taken as kept: all but those that are counted apart.

    Without `known` they cannot be told apart; none of them is counted apart or has an open request.
    """

    month: MonthKept
    known: Members | None = field(default=None, repr=False)

    @cached_property
    def everyone(self) -> int:
        """The set of them all."""
        assert self.known is not None
        ids, apart = self.known.case_ids, self.month.apart
        away = [place for place, case_id in enumerate(ids) if case_id in apart] if apart else []
        return ((1 << len(ids)) - 1) & ~case_set(away, len(ids))

    def by(self, name: str) -> Iterator[tuple[str, int]]:
        """Each recorded value of a characteristic, or tier key, and the set of its cases."""
        assert self.known is not None
        for layer in self.known.layers:
            yield from layer.own(name)

    def with_value(self, dimension: Dimension, wanted: str) -> int:
        """The set of those with this value of a characteristic."""
        values = self.by(named_by(dimension))
        return united(cases for value, cases in values if is_wanted(dimension, value, wanted))


def united(sets: Iterable[int]) -> int:
    """Those who are in any of the sets."""
    return reduce(or_, sets, 0)


def is_wanted(dimension: Dimension, value: str, wanted: str) -> bool:
    """Whether a recorded value passes a filter, as it would in the database."""
    if not value:
        return wanted == NOT_RECORDED
    return wanted in value.split(";") if dimension is Dimension.FLAG else value == wanted


Cell = tuple[tuple[str, ...], int]
"""What tells a group's rows apart, and the set of its cases."""


@dataclass(frozen=True)
class Wanted:
    """The values that filters ask for, by dimension, and by what to split; of a month's cases."""

    only: Mapping[Dimension, str]
    by: Dimension | None = None
    has_tier: Callable[[str], bool] | None = None
    """Where rows are also told apart by tier: whether one with such a key is asked for."""

    def __bool__(self) -> bool:
        return bool(self.only) or self.by is not None or self.has_tier is not None

    def without(self, told_apart: Collection[str]) -> "Wanted":
        """What is left to be asked of the cases when the rest is asked of the answers."""
        only = {d: value for d, value in self.only.items() if named_by(d) not in told_apart}
        is_by_answer = self.by is not None and named_by(self.by) in told_apart
        return replace(self, only=only, by=None if is_by_answer else self.by)

    def cells(self, cases: KeptCases) -> list[Cell]:
        """The groups that are not empty."""
        everyone = cases.everyone
        for dimension, value in self.only.items():
            everyone &= cases.with_value(dimension, value)
        cells: list[Cell] = [((), everyone)]
        if self.by is not None:
            cells = _split(cells, cases.by(named_by(self.by)))
        if self.has_tier is not None:
            tiers = [(key, those) for key, those in cases.by(TIER_KEY) if self.has_tier(key)]
            cells = _split(cells, tiers)
        return [cell for cell in cells if cell[1]]


def _split(cells: list[Cell], parts: Iterable[tuple[str, int]]) -> list[Cell]:
    known = list(parts)
    return [((*key, value), cases & part) for key, cases in cells for value, part in known]
