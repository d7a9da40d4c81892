"""Is the difference between two shares more than chance?

Newcombe's hybrid score interval for two independent proportions (R. G. Newcombe, "Interval
estimation for the difference between independent proportions", Statistics in Medicine 1998, method
10): made of the two Wilson intervals, so that it agrees with what stands beside each share, and
holds for small bases and shares of none or all.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import NormalDist

from survey_app.domain.statistics import Z_95, Rate, tenths, wilson_bounds


@dataclass(frozen=True)
class Difference:
    """How far one share lies above another, in percentage points to one place, with an interval."""

    points: float
    low: float
    high: float

    @property
    def is_more_than_chance(self) -> bool:
        """Whether no difference at all lies outside the interval."""
        return self.low > 0 or self.high < 0


def difference(of: Rate, to: Rate, *, compared: int = 1) -> Difference | None:
    """`of` minus `to`; None where one has no base or is suppressed.

    `compared` is how many comparisons are judged together: the interval grows with it (Bonferroni),
    so that twenty groups do not yield one false alarm by their number alone.
    """
    if not (of.denominator and to.denominator) or of.numerator is None or to.numerator is None:
        return None
    z = _z(compared)
    share_of = Fraction(100 * of.numerator, of.denominator)
    share_to = Fraction(100 * to.numerator, to.denominator)
    low_of, high_of = wilson_bounds(of.numerator, of.denominator, z)
    low_to, high_to = wilson_bounds(to.numerator, to.denominator, z)
    points = share_of - share_to
    return Difference(
        tenths(points),
        tenths(points - _hypotenuse(share_of - low_of, high_to - share_to)),
        tenths(points + _hypotenuse(high_of - share_of, share_to - low_to)),
    )


def _z(compared: int) -> Decimal:
    if compared <= 1:
        return Z_95
    return Decimal(NormalDist().inv_cdf(1 - 0.025 / compared))


def _hypotenuse(one: Fraction, other: Fraction) -> Fraction:
    square = one * one + other * other
    with localcontext() as context:
        context.prec = 40
        return Fraction((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())
