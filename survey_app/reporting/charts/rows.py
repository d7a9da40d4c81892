"""What does a chart draw? Rows that are already counted, suppressed and worded.

Charts compute no figure: positions come from the report's own per cents and counts, words from the
page. What was suppressed arrives as None, so that no picture or tooltip can give it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any

from survey_app.domain.statistics import SUPPRESSED
from survey_app.reporting.charts.palette import EDGE

ROW_HEIGHT = 48
"""Pixels a row takes: its label above, its mark below."""
AXIS_HEIGHT = 64
MARK = 0.62
"""Where in its row a mark stands, from the top."""
UNMARKED = 0.5
"""How much of a row's height one takes that has a label and no mark."""


def row_places(is_marked: Sequence[bool]) -> tuple[list[float], float]:
    """Where each row's mark stands, in rows from the top, and how many rows that makes."""
    heights = [1 if is_one else UNMARKED for is_one in is_marked]
    tops = list(accumulate(heights, initial=0.0))
    return [top + MARK for top in tops[:-1]], tops[-1]


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

    @property
    def said(self) -> tuple[str, ...]:
        """What stands in each part, and in what is beyond them: nothing of nobody, and no number
        of what was suppressed, for it may be of few."""
        beyond = SUPPRESSED if None in self.parts else self.unshown
        return tuple(str(n or "") for n in (*self.parts, beyond if self.unshown else 0))


@dataclass(frozen=True)
class Shift:
    """Where something stood first and where last; None is no data or suppressed."""

    label: str
    said: str
    first: float | None
    last: float | None


class Shape(StrEnum):
    """How a mark looks, so that a legend tells marks apart without their colours too."""

    BAR = "bar"
    DOT = "dot"
    RING = "ring"
    DIAMOND = "diamond"
    LINE = "solid"
    DASHES = "dash"
    POINTS = "dot-line"


DASHES = {Shape.DASHES: "7 4", Shape.POINTS: "2 4"}


@dataclass(frozen=True)
class Series:
    """What one colour of a stack, or one kind of mark, means."""

    name: str
    colour: str
    ink: str
    """The colour of text upon it: at least 4.5:1."""
    shape: Shape = Shape.BAR
    edge: str = EDGE

    @property
    def dashes(self) -> str:
        """The pattern of a line, as SVG has it."""
        return DASHES.get(self.shape, "")


@dataclass(frozen=True)
class Chart:
    """A picture twice over: for charts.js, and for a page without script.

    `legend` is what its colours mean; the page prints it, so that it wraps on a phone.
    """

    figure: dict[str, Any]
    svg: str
    legend: tuple[Series, ...] = ()
