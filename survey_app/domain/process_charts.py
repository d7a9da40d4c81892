"""Is a figure of a row of quarters or months moving, or only wobbling as it always does?

XmR charts (D. J. Wheeler, "Understanding Variation"; NHS England, "Making data count"): the natural
process limits lie 2.66 average moving ranges either side of the mean. What stays inside them is the
ordinary variation of this process, and asks for no explanation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SCALING = 2.66
"""3 / d2 for ranges of two."""
RUN = 8
TREND = 6
FEWEST = 6
"""Points below which limits would be guesses."""


class Signal(StrEnum):
    """What is more than ordinary variation."""

    OUTSIDE = "outside"
    """A point beyond a limit."""
    RUN = "run"
    """Eight in a row on one side of the mean."""
    TREND = "trend"
    """Six in a row, each higher, or each lower, than the one before."""


@dataclass(frozen=True)
class ProcessChart:
    """Mean, limits and the signals of each point; places without a value have none.

    Without enough points (`FEWEST`) there is neither mean nor limit, and no signal.
    """

    values: tuple[float | None, ...]
    mean: float | None
    low: float | None
    high: float | None
    signals: tuple[frozenset[Signal], ...]


def process_chart(
    values: Sequence[float | None],
    *,
    lowest: float | None = None,
    highest: float | None = None,
) -> ProcessChart:
    """The chart of values in the order of time; limits are kept within what the figure can be.

    None is a period without data: it is passed over, and its neighbours follow each other.
    """
    shown = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(shown) < FEWEST:
        return ProcessChart(tuple(values), None, None, None, (frozenset(),) * len(values))
    numbers = [value for _, value in shown]
    mean = sum(numbers) / len(numbers)
    moves = [abs(one - other) for one, other in zip(numbers[1:], numbers, strict=False)]
    reach = SCALING * sum(moves) / len(moves)
    low, high = mean - reach, mean + reach
    low = low if lowest is None else max(low, lowest)
    high = high if highest is None else min(high, highest)
    signals: list[set[Signal]] = [set() for _ in values]
    for place in _signalled(numbers, mean, low, high):
        signals[shown[place[0]][0]].add(place[1])
    marked = tuple(frozenset(found) for found in signals)
    return ProcessChart(tuple(values), mean, low, high, marked)


def _signalled(
    numbers: Sequence[float], mean: float, low: float, high: float
) -> set[tuple[int, Signal]]:
    found = {(n, Signal.OUTSIDE) for n, value in enumerate(numbers) if not low <= value <= high}
    sides = [(value > mean) - (value < mean) for value in numbers]
    found |= {(n, Signal.RUN) for n in _in_stretches(sides, RUN)}
    steps = [
        (one > other) - (one < other) for one, other in zip(numbers[1:], numbers, strict=False)
    ]
    for end in _in_stretches(steps, TREND - 1):
        found |= {(end, Signal.TREND), (end + 1, Signal.TREND)}
    return found


def _in_stretches(signs: Sequence[int], length: int) -> set[int]:
    """The places that lie in a stretch of at least `length` equal signs that are not nought."""
    found: set[int] = set()
    start = 0
    for place in range(1, len(signs) + 1):
        if place < len(signs) and signs[place] == signs[start]:
            continue
        if signs[start] and place - start >= length:
            found |= set(range(start, place))
        start = place
    return found
