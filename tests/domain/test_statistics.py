"""Shares, medians and means: known values, rounding, and the laws of a rate."""

from collections import Counter
from fractions import Fraction
from math import sqrt
from statistics import median as plain_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.statistics import (
    ImpossibleShareError,
    Rate,
    mean,
    median,
    rate,
    whole_interval,
    whole_percent,
)

shares = st.integers(0, 5000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent", "low", "high"),
    [
        (74, 100, 74.0, 64.6, 81.6),
        (0, 10, 0.0, 0.0, 27.8),
        (10, 10, 100.0, 72.2, 100.0),
        (1, 2, 50.0, 9.5, 90.5),
        (1, 1, 100.0, 20.7, 100.0),
        (105, 112, 93.8, 87.7, 96.9),
        (1, 16, 6.3, 1.1, 28.3),
    ],
)
def test_known_shares(numerator, denominator, percent, low, high):
    assert rate(numerator, denominator) == Rate(numerator, denominator, percent, low, high)


def test_a_zero_base_is_no_data_and_not_nought():
    assert rate(0, 0) == Rate(0, 0, None, None, None)
    assert whole_percent(0, 0) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 0), (3, 2), (-1, 2), (0, -1)])
def test_more_than_there_were_is_a_fault(numerator, denominator):
    with pytest.raises(ImpossibleShareError):
        rate(numerator, denominator)
    with pytest.raises(ImpossibleShareError):
        whole_percent(numerator, denominator)


@given(shares)
def test_a_rate_is_within_0_and_100_and_inside_its_interval(share):
    found = rate(*share)
    if share[1]:
        assert 0 <= found.low <= found.percent <= found.high <= 100
    else:
        assert found.percent is None


@given(shares.filter(lambda share: share[1] > 0))
def test_the_interval_is_wilsons(share):
    n, p, z = share[1], share[0] / share[1], 1.959964
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    spread = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    found = rate(*share)
    assert found.low == pytest.approx(100 * (centre - spread), abs=0.051)
    assert found.high == pytest.approx(100 * (centre + spread), abs=0.051)


@given(shares.filter(lambda share: share[1] > 0))
def test_rounding_is_half_up_from_the_exact_fraction(share):
    exact = Fraction(100 * share[0], share[1])
    assert 0 <= whole_percent(*share) - exact + Fraction(1, 2) <= 1
    assert whole_percent(*share) - exact != Fraction(-1, 2)
    tenths = Fraction(str(rate(*share).percent))
    assert Fraction(-1, 20) < tenths - exact <= Fraction(1, 20)


def test_people_see_the_exact_share_rounded_once():
    assert rate(4449, 10000).percent == 44.5
    assert whole_percent(4449, 10000) == 44
    assert whole_percent(1, 8) == 13
    assert whole_percent(1, 200) == 1


def test_people_see_the_exact_interval_rounded_once():
    assert whole_interval(74, 100) == (65, 82)
    assert whole_interval(0, 10) == (0, 28)
    assert whole_interval(10, 10) == (72, 100)
    assert whole_interval(0, 0) is None
    # A bound of 45.46 is 45.5 to one place, which rounded again would wrongly become 46.
    share = next(
        (n, d)
        for d in range(1, 400)
        for n in range(d + 1)
        if (found := rate(n, d)).low % 1 == 0.5 and whole_interval(n, d)[0] != int(found.low) + 1
    )
    assert whole_interval(*share)[0] == int(rate(*share).low)


def test_a_hidden_rate_keeps_its_base_only_where_that_is_safe():
    assert rate(3, 50).hidden(is_base_hidden=False) == Rate(None, 50, None, None, None, "[c]")
    assert rate(3, 4).hidden(is_base_hidden=True) == Rate(None, None, None, None, None, "[c]")


@pytest.mark.parametrize(
    ("values", "middle", "average"),
    [
        ([], None, None),
        ([4], 4.0, 4.0),
        ([1, 2], 1.5, 1.5),
        ([1, 1, 2, 10], 1.5, 3.5),
        ([1, 2, 2, 2], 2.0, 1.8),
        ([1, 1, 1, 1, 1, 1, 1, 2], 1.0, 1.1),
        ([0.1, 0.2], 0.2, 0.2),
        ([-1, -2], -1.5, -1.5),
    ],
)
def test_median_and_mean_are_rounded_half_up_to_one_place(values, middle, average):
    assert median(Counter(values)) == middle
    assert mean(Counter(values)) == average


@given(st.lists(st.integers(1, 10), min_size=1))
def test_median_and_mean_of_a_distribution_are_those_of_its_values(values):
    assert median(Counter(values)) == pytest.approx(plain_median(values), abs=0.05001)
    assert mean(Counter(values)) == pytest.approx(sum(values) / len(values), abs=0.05001)
    assert min(values) <= median(Counter(values)) <= max(values)
