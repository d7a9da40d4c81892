"""Funnel limits against scipy's binomial, and where places lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from survey_app.domain.funnels import ALARM, WARNING, Standing, funnel_limits, standing

wholes = st.integers(2, 5000).flatmap(lambda d: st.tuples(st.integers(1, d - 1), st.just(d)))


def by_scipy(probability: float, n: int, p: float) -> float:
    """Spiegelhalter's interpolation, from scipy's quantile and distribution function."""
    r = binom.ppf(probability, n, p)
    above, below = binom.cdf(r, n, p), binom.cdf(r - 1, n, p)
    return max(0.0, r - (above - probability) / (above - below)) / n * 100


@given(wholes, st.integers(1, 3000), st.sampled_from([WARNING, ALARM]))
def test_limits_are_those_of_the_binomial(whole, base, coverage):
    found = funnel_limits(*whole, base, coverage)
    share, tail = whole[0] / whole[1], (1 - coverage) / 2
    assert found.low == pytest.approx(by_scipy(tail, base, share), abs=1e-6)
    assert found.high == pytest.approx(by_scipy(1 - tail, base, share), abs=1e-6)
    assert 0 <= found.low <= found.high <= 100


def test_the_funnel_narrows_with_the_base_and_the_alarm_lies_outside_the_warning():
    widths = []
    for base in (10, 40, 160, 640):
        warning, alarm = (funnel_limits(70, 100, base, c) for c in (WARNING, ALARM))
        assert alarm.low <= warning.low < 70 < warning.high <= alarm.high
        widths.append(warning.high - warning.low)
    assert widths == sorted(widths, reverse=True)


def test_where_everyone_or_nobody_counts_there_is_no_funnel():
    assert funnel_limits(0, 9, 4, WARNING).high == 0
    assert funnel_limits(9, 9, 4, ALARM).low == 100


@pytest.mark.parametrize(
    ("share", "found"),
    [
        ((2, 4), Standing.TOO_FEW),
        ((0, 0), Standing.TOO_FEW),
        ((30, 50), Standing.INSIDE),
        ((26, 50), Standing.BEYOND_WARNING),
        ((10, 50), Standing.BEYOND_ALARM),
        ((50, 50), Standing.BEYOND_ALARM),
    ],
)
def test_where_a_place_lies(share, found):
    assert standing(*share, 700, 1000) is found


@pytest.mark.parametrize("wrong", [(1, 2, 0), (3, 2, 5), (0, 0, 5)])
def test_limits_of_nobody_are_a_fault(wrong):
    with pytest.raises(ValueError):  # noqa: PT011
        funnel_limits(*wrong, WARNING)
