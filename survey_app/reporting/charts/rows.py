"""What does a chart draw? Rows that are already counted, suppressed and worded.

Charts compute no figure: positions come from the report's own per cents and counts, words from the
page. What was suppressed arrives as None, so that no picture or tooltip can give it away.
"""

from dataclasses import dataclass
from typing import Any

ROW_HEIGHT = 56
"""Pixels a row takes: its label above, its mark below."""
AXIS_HEIGHT = 64


@dataclass(frozen=True)
class Dot:
    """A share with its interval, 0-100.

    `said` is the share with its base in short, and stands beside the mark; `hint` the whole of it.
    """

    label: str
    said: str
    hint: str
    percent: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Stack:
    """Counts that make up a total; a part that is None was suppressed."""

    label: str
    total: int | None
    parts: tuple[int | None, ...]

    @property
    def unshown(self) -> int:
        """What the total holds beyond the parts that may be shown: anyone can subtract that."""
        return max(0, (self.total or 0) - sum(part or 0 for part in self.parts))


@dataclass(frozen=True)
class Shift:
    """Where something stood first and where last; None is no data or suppressed."""

    label: str
    said: str
    first: float | None
    last: float | None


@dataclass(frozen=True)
class Series:
    """What one colour of a stack means."""

    name: str
    colour: str
    ink: str
    """The colour of text upon it: at least 4.5:1."""


@dataclass(frozen=True)
class Chart:
    """A picture twice over: for charts.js, and for a page without script.

    `legend` is what its colours mean; the page prints it, so that it wraps on a phone.
    """

    figure: dict[str, Any]
    svg: str
    legend: tuple[Series, ...] = ()
