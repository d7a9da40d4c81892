"""What does a new publication of a quarter do to what the one before told?"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.reporting.published_averages import Told, table_of


@dataclass(frozen=True)
class Comparison:
    """Figures of two publications, in counts."""

    lost_by_table: Mapping[str | None, int]
    """Told before, kept back now; by what their table is split by, None for everyone's."""
    gained: int
    """Kept back before, or not there, and told now."""
    changed: int
    """Told both times, and not the same."""

    @property
    def lost(self) -> int:
        """In all tables."""
        return sum(self.lost_by_table.values())

    @property
    def is_another(self) -> bool:
        """Whether anything differs."""
        return bool(self.lost or self.gained or self.changed)


def compare(now: Told, before: Told) -> Comparison:
    """Two publications of one quarter. What neither names is nought in both."""
    lost: Counter[str | None] = Counter()
    gained = changed = 0
    for name in {**before, **now}:
        was, is_now = before.get(name, 0), now.get(name, 0)
        if was is not None and is_now is None and name in before:
            lost[table_of(name)] += 1
        elif was is None and is_now is not None:
            gained += 1
        elif was is not None and is_now is not None and was != is_now:
            changed += 1
    return Comparison(lost, gained, changed)
