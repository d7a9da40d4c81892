"""XmR charts: limits against a worked example, and each signal with its neighbour that is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.process_charts import FEWEST, Signal, process_chart

STEADY = [50, 52, 49, 51, 50, 48, 51, 50, 52, 49]


def signals(values, kind: Signal) -> list[int]:
    found = process_chart(values)
    return [place for place, one in enumerate(found.signals) if kind in one]


def test_limits_lie_two_point_six_six_moving_ranges_from_the_mean():
    found = process_chart([11, 13, 10, 12, 14, 12])
    assert found.mean == 12
    assert found.low == pytest.approx(12 - 2.66 * 11 / 5)
    assert found.high == pytest.approx(12 + 2.66 * 11 / 5)
    assert not any(found.signals)


def test_a_point_outside_is_a_signal_and_one_inside_is_none():
    assert signals([*STEADY, *STEADY, 75], Signal.OUTSIDE) == [20]
    assert signals(STEADY, Signal.OUTSIDE) == []


@pytest.mark.parametrize(("length", "found"), [(7, []), (8, list(range(8)))])
def test_eight_on_one_side_are_a_signal_and_seven_are_none(length, found):
    high, low = [51, 52] * 4, [48, 49, 40, 48, 49, 48, 47]
    assert signals([*high[:length], *low], Signal.RUN) == found


@pytest.mark.parametrize(("length", "found"), [(5, []), (6, [3, 4, 5, 6, 7, 8])])
def test_six_rising_are_a_signal_and_five_are_none(length, found):
    values = [50, 52, 49.5, *(49 + n for n in range(length)), 48, 50]
    assert signals(values, Signal.TREND) == found
    assert signals([100 - v for v in values], Signal.TREND) == found


def test_periods_without_data_are_passed_over():
    found = process_chart([None, 11, 13, None, 10, 12, 14, 12, None])
    assert found.mean == 12
    assert found.high == pytest.approx(12 + 2.66 * 11 / 5)
    assert len(found.signals) == 9


@given(st.lists(st.none() | st.floats(0, 100), max_size=FEWEST - 1))
def test_too_few_points_have_no_limits(values):
    found = process_chart(values)
    assert (found.mean, found.low, found.high) == (None, None, None)
    assert len(found.signals) == len(values)
    assert not any(found.signals)


@given(st.lists(st.floats(0, 100), min_size=FEWEST, max_size=30))
def test_limits_stay_within_what_the_figure_can_be(values):
    found = process_chart(values, lowest=0, highest=100)
    assert 0 <= found.low <= found.mean + 1e-9
    assert found.mean <= found.high + 1e-9
    assert found.high <= 100


def test_a_figure_that_never_moves_gives_no_signal():
    assert not any(process_chart([70.0] * 20).signals)
