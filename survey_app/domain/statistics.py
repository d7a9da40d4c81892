"""How is a share, a median or a mean computed and rounded? Every surface asks here.

Every percentage comes with numerator, denominator and a Wilson 95 % interval (DOMAIN.md, "Every
percentage"). All rounding is half up and starts from the exact fraction, never from a rounded one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import TypeVar

Number = TypeVar("Number", int, float, Decimal)

SUPPRESSED = "[c]"
"""What stands in place of a figure that could identify someone (FORMATS.md, RATE)."""

Z_95 = Decimal("1.959963984540054")
"""The 97.5 % point of the normal distribution."""


class ImpossibleShareError(ValueError):
    """More counted than there were, or fewer than none: the counting is broken."""


@dataclass(frozen=True)
class Rate:
    """A share with its base and 95 % interval, all of 0-100 to one place; null with a zero base.

    `suppressed` is `[c]` where figures were taken away for small numbers, else None.
    """

    numerator: int | None
    denominator: int | None
    percent: float | None
    low: float | None
    high: float | None
    suppressed: str | None = None

    def hidden(self, *, is_base_hidden: bool) -> "Rate":
        """The same rate as the outside may see it: no numerator, no per cent, perhaps no base."""
        base = None if is_base_hidden else self.denominator
        return Rate(None, base, None, None, None, SUPPRESSED)


def rate(numerator: int, denominator: int) -> Rate:
    """The share of `numerator` in `denominator` with its interval.

    Wilson's score interval (E. B. Wilson, JASA 1927) at 95 %: it stays inside 0-100 and makes
    sense for small bases and for shares of none or all, where the textbook interval collapses.
    """
    _check(numerator, denominator)
    if denominator == 0:
        return Rate(numerator, denominator, None, None, None)
    low, high = wilson_bounds(numerator, denominator)
    percent = tenths(Fraction(100 * numerator, denominator))
    return Rate(numerator, denominator, percent, tenths(low), tenths(high))


def whole_percent(numerator: int, denominator: int) -> int | None:
    """The share as people see it: whole per cent, half up from the exact fraction.

    None with a zero base: that is no data, never 0 %.
    """
    _check(numerator, denominator)
    if denominator == 0:
        return None
    return (200 * numerator + denominator) // (2 * denominator)


def whole_interval(numerator: int, denominator: int) -> tuple[int, int] | None:
    """The 95 % interval as people see it: whole per cent, half up from the exact bounds."""
    _check(numerator, denominator)
    if denominator == 0:
        return None
    low, high = wilson_bounds(numerator, denominator)
    return floor(low + Fraction(1, 2)), floor(high + Fraction(1, 2))


def median(counts: Mapping[Number, int]) -> float | None:
    """The middle value of a distribution {value: how often}, half up to one place; None when empty.

    With an even number of values it is the mean of the two in the middle.
    """
    total = sum(counts.values())
    if total == 0:
        return None
    lower = _value_at(counts, (total - 1) // 2)
    upper = _value_at(counts, total // 2)
    return tenths((lower + upper) / 2)


def mean(counts: Mapping[Number, int]) -> float | None:
    """The mean of a distribution {value: how often}, half up to one place; None when empty."""
    total = sum(counts.values())
    if total == 0:
        return None
    return tenths(sum((_exact(v) * n for v, n in counts.items()), Fraction()) / total)


def wilson_bounds(numerator: int, denominator: int, z: Decimal = Z_95) -> tuple[Fraction, Fraction]:
    """Both bounds of Wilson's score interval in per cent, unrounded; the base is not zero.

    `z` is the point of the normal distribution that the interval reaches to on either side.
    """
    with localcontext() as context:
        context.prec = 40
        n, share = Decimal(denominator), Decimal(numerator) / Decimal(denominator)
        z2 = z * z
        centre = share + z2 / (2 * n)
        spread = z * (share * (1 - share) / n + z2 / (4 * n * n)).sqrt()
        scale = 1 + z2 / n
        low, high = (centre - spread) / scale, (centre + spread) / scale
    # At the ends the root is exact in theory only: 0 of n starts at 0, n of n ends at 100.
    low = Decimal(0) if numerator == 0 else low
    high = Decimal(1) if numerator == denominator else high
    return Fraction(low) * 100, Fraction(high) * 100


def tenths(value: Fraction) -> float:
    """Rounded half up to one place."""
    return floor(value * 10 + Fraction(1, 2)) / 10


def _check(numerator: int, denominator: int) -> None:
    if not 0 <= numerator <= denominator:
        raise ImpossibleShareError(f"{numerator} of {denominator}")


def _exact(value: Number) -> Fraction:
    # A float is read as it is written: 0.1 means one tenth, not its nearest binary neighbour.
    return Fraction(str(value))


def _value_at(counts: Mapping[Number, int], position: int) -> Fraction:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen > position:
            return _exact(value)
    raise IndexError(position)
