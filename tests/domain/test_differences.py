"""Differences of two shares, against Newcombe's own examples and a second computation by scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from survey_app.domain.differences import Difference, difference
from survey_app.domain.statistics import rate

shares = st.integers(1, 800).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


def newcombe(a: int, m: int, b: int, n: int) -> tuple[float, float, float]:
    """Method 10, from scipy's Wilson intervals."""
    one = binomtest(a, m).proportion_ci(method="wilson")
    other = binomtest(b, n).proportion_ci(method="wilson")
    p, q = a / m, b / n
    low = p - q - ((p - one.low) ** 2 + (other.high - q) ** 2) ** 0.5
    high = p - q + ((one.high - p) ** 2 + (q - other.low) ** 2) ** 0.5
    return 100 * (p - q), 100 * low, 100 * high


@pytest.mark.parametrize(
    ("of", "to", "expected"),
    [
        # Newcombe 1998, table II, method 10.
        ((56, 70), (48, 80), (20.0, 5.2, 33.4)),
        ((9, 10), (3, 10), (60.0, 17.1, 80.9)),
        ((6, 7), (2, 7), (57.1, 5.8, 80.6)),
        ((5, 56), (0, 29), (8.9, -3.8, 19.3)),
        ((0, 10), (0, 20), (0.0, -16.1, 27.8)),
        ((10, 10), (0, 10), (100.0, 60.8, 100.0)),
    ],
)
def test_the_published_examples(of, to, expected):
    assert difference(rate(*of), rate(*to)) == Difference(*expected)


@given(shares, shares)
def test_it_agrees_with_scipy_and_lies_in_its_interval(of, to):
    found = difference(rate(*of), rate(*to))
    for value, expected in zip(
        (found.points, found.low, found.high), newcombe(*of, *to), strict=True
    ):
        assert abs(value - expected) <= 0.0501
    assert -100 <= found.low <= found.points <= found.high <= 100


@given(shares, shares)
def test_the_other_way_round_is_the_same_with_its_sign_turned(of, to):
    one, other = difference(rate(*of), rate(*to)), difference(rate(*to), rate(*of))
    assert one.is_more_than_chance == other.is_more_than_chance or 0 in (one.low, one.high)
    assert abs(one.low + other.high) <= 0.11


@given(shares, shares, st.integers(2, 30))
def test_many_comparisons_are_judged_more_carefully(of, to, compared):
    shares_of = rate(*of), rate(*to)
    one, many = difference(*shares_of), difference(*shares_of, compared=compared)
    assert many.points == one.points
    assert many.low <= one.low <= one.high <= many.high


def test_the_care_for_many_comparisons_is_bonferronis():
    of, to = rate(60, 100), rate(45, 100)
    z = norm.ppf(1 - 0.05 / 2 / 10)
    assert z == pytest.approx(2.807, abs=1e-3)
    assert difference(of, to).is_more_than_chance
    assert not difference(of, to, compared=10).is_more_than_chance


@pytest.mark.parametrize(
    ("of", "to"),
    [
        (rate(0, 0), rate(1, 2)),
        (rate(1, 2), rate(0, 0)),
        (rate(7, 9).hidden(is_base_hidden=False), rate(1, 2)),
        (rate(1, 2), rate(7, 9).hidden(is_base_hidden=True)),
    ],
)
def test_without_both_shares_there_is_no_difference(of, to):
    assert difference(of, to) is None
