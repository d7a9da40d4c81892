"""Does an area or a service stand apart, or is it only small?

Funnel limits (D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
Statistics in Medicine 2005, appendix A.1.1): where shares of so many people would lie, were
everyone like the whole, by exact binomial points with interpolation. Outside 95 % lies one of
twenty by chance alone; outside 99.8 % one of five hundred.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, sqrt

WARNING = 0.95
ALARM = 0.998
FEWEST = 5
"""People below which a share says nothing about a place."""


class Standing(StrEnum):
    """Where a place lies in the funnel."""

    INSIDE = "inside"
    BEYOND_WARNING = "beyond-95"
    BEYOND_ALARM = "beyond-99.8"
    TOO_FEW = "too-few"


@dataclass(frozen=True)
class FunnelLimits:
    """Bounds in per cent for one base, unrounded."""

    low: float
    high: float


def funnel_limits(numerator: int, denominator: int, base: int, coverage: float) -> FunnelLimits:
    """Between which per cents a share of `base` people lies with this probability.

    `numerator` of `denominator` is the whole that the places are part of. Raises ValueError for a
    base of nobody.
    """
    if base < 1 or not 0 <= numerator <= denominator or denominator == 0:
        raise ValueError(f"{numerator} of {denominator}, base {base}")
    share = numerator / denominator
    if share in (0, 1):
        return FunnelLimits(100 * share, 100 * share)
    tail = (1 - coverage) / 2
    chances = _binomial(base, share)
    return FunnelLimits(100 * _point(chances, tail) / base, 100 * _point(chances, 1 - tail) / base)


def standing(numerator: int, denominator: int, of: int, all_of: int) -> Standing:
    """Where `numerator` of `denominator` people lies, the whole being `of` of `all_of`."""
    if denominator < FEWEST:
        return Standing.TOO_FEW
    percent = 100 * numerator / denominator
    for coverage, found in ((ALARM, Standing.BEYOND_ALARM), (WARNING, Standing.BEYOND_WARNING)):
        limits = funnel_limits(of, all_of, denominator, coverage)
        if not limits.low <= percent <= limits.high:
            return found
    return Standing.INSIDE


def _binomial(n: int, p: float) -> tuple[int, list[float]]:
    """The first count worth counting, and the chance of it and of each that follows.

    Twelve standard deviations either side of the mean: what lies beyond is below 1e-30.
    """
    spread = 12 * sqrt(n * p * (1 - p)) + 12
    first, last = max(0, int(n * p - spread)), min(n, int(n * p + spread) + 1)
    whole = lgamma(n + 1)
    odds = log(p), log(1 - p)
    return first, [
        exp(whole - lgamma(k + 1) - lgamma(n - k + 1) + k * odds[0] + (n - k) * odds[1])
        for k in range(first, last + 1)
    ]


def _point(chances: tuple[int, list[float]], probability: float) -> float:
    """The count that the given share of chances lies below, interpolated; at least 0."""
    first, each = chances
    below = 0.0
    for step, chance in enumerate(each):
        if below + chance >= probability:
            return max(0.0, first + step - (below + chance - probability) / chance)
        below += chance
    return float(first + len(each) - 1)
