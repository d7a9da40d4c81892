"""Pairs and what became of them: tables of examples and the laws of counting."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.items import Polarity
from survey_app.domain.outcomes import (
    Change,
    DatedValue,
    Move,
    Scale,
    Standing,
    classify,
    classify_move,
    make_pair,
    make_star_pair,
)
from survey_app.domain.requests import Wave

FIVE = Scale(Polarity.HIGHER_IS_BETTER, minimum_change=1, doing_well_from=4, best=5)
WORRY = Scale(Polarity.LOWER_IS_BETTER, minimum_change=5, doing_well_from=10, best=0)


@pytest.mark.parametrize(
    ("scale", "first", "last", "change"),
    [
        (FIVE, 2, 3, Change.IMPROVED),
        (FIVE, 1, 5, Change.IMPROVED),
        (FIVE, 3, 2, Change.DECLINED),
        (FIVE, 3, 3, Change.SUSTAINED_LOW),
        (FIVE, 4, 4, Change.SUSTAINED_WELL),
        (FIVE, 5, 5, Change.SUSTAINED_WELL),
        (FIVE, 5, 4, Change.DECLINED),
        (WORRY, 20, 15, Change.IMPROVED),
        (WORRY, 20, 16, Change.SUSTAINED_LOW),
        (WORRY, 12, 10, Change.SUSTAINED_WELL),
        (WORRY, 8, 12, Change.SUSTAINED_LOW),
        (WORRY, 8, 13, Change.DECLINED),
    ],
)
def test_a_change_counts_from_the_minimum_on(scale, first, last, change):
    assert classify(scale, first, last) is change


@pytest.mark.parametrize(
    ("scale", "first", "has_room"),
    [(FIVE, 5, False), (FIVE, 4, True), (FIVE, 1, True), (WORRY, 0, False), (WORRY, 1, True)],
)
def test_who_starts_at_the_best_value_has_no_room(scale, first, has_room):
    assert scale.has_room(first) is has_room


@pytest.mark.parametrize(
    ("scale", "first", "last", "move"),
    [
        (FIVE, 3, 4, Move.INCREASED),
        (FIVE, 4, 4, Move.MAINTAINED),
        (FIVE, 2, 2, Move.MAINTAINED),
        (FIVE, 4, 1, Move.DECREASED),
        (WORRY, 14, 1, Move.INCREASED),
        (WORRY, 4, 1, Move.MAINTAINED),
        (WORRY, 1, 14, Move.DECREASED),
    ],
)
def test_a_star_area_moves_up_in_the_good_direction(scale, first, last, move):
    assert classify_move(scale, first, last) is move


values = st.integers(0, 10)
scales = st.builds(
    Scale,
    st.sampled_from(Polarity),
    st.integers(1, 4),
    st.integers(0, 10),
    st.sampled_from([0, 10]),
)


@given(scales, st.lists(st.tuples(values, values)))
def test_improved_sustained_and_declined_add_up_to_paired(scale, pairs):
    changes = Counter(classify(scale, first, last) for first, last in pairs)
    assert sum(changes[change] for change in Change) == len(pairs)


@given(scales, values, values)
def test_swapping_the_polarity_mirrors_the_change(scale, first, last):
    mirrored = replace(
        scale,
        polarity=next(p for p in Polarity if p is not scale.polarity),
        doing_well_from=-scale.doing_well_from,
    )
    assert classify(mirrored, -first, -last) is classify(scale, first, last)
    swapped = {Change.IMPROVED: Change.DECLINED, Change.DECLINED: Change.IMPROVED}
    there, back = classify(scale, first, last), classify(scale, last, first)
    assert swapped.get(there) == (back if there in swapped else None)


@given(scales, values, values)
def test_whoever_improved_had_room(scale, first, last):
    best = 10 if scale.polarity is Polarity.HIGHER_IS_BETTER else 0
    scale = replace(scale, best=best)
    if classify(scale, first, last) is Change.IMPROVED:
        assert scale.has_room(first)


def on(day: int, wave: Wave, value: float | None) -> DatedValue[date]:
    return DatedValue(wave, date(2018, 5, day), value)


B, R, C, F = Wave.BASELINE, Wave.REVIEW, Wave.CLOSURE, Wave.FOLLOW_UP


@pytest.mark.parametrize(
    ("given_values", "standing", "first", "last"),
    [
        ([], Standing.NOTHING, None, None),
        ([on(1, B, 2), on(9, C, 4)], Standing.PAIRED, 2, 4),
        ([on(9, C, 4), on(1, B, 2)], Standing.PAIRED, 2, 4),
        ([on(1, B, 2), on(2, B, 3), on(8, C, 4), on(9, C, 5)], Standing.PAIRED, 2, 5),
        ([on(1, B, None), on(2, B, 3), on(8, C, 4), on(9, C, None)], Standing.PAIRED, 3, 4),
        ([on(1, B, 2), on(5, R, 3), on(9, C, 4)], Standing.PAIRED, 2, 4),
        ([on(1, B, 2), on(9, R, 3), on(5, C, 4)], Standing.PAIRED, 2, 4),
        ([on(1, B, 2), on(4, R, 1), on(5, R, 3)], Standing.PAIRED, 2, 3),
        ([on(1, B, 2), on(5, R, 3), on(9, C, None)], Standing.PAIRED, 2, 3),
        ([on(1, B, 2)], Standing.BASELINE_ONLY, 2, 2),
        ([on(1, B, 2), on(9, C, None)], Standing.BASELINE_ONLY, 2, 2),
        ([on(1, B, 2), on(9, F, 4)], Standing.BASELINE_ONLY, 2, 2),
        ([on(9, C, 4)], Standing.CLOSURE_ONLY, 4, 4),
        ([on(5, R, 3), on(9, C, 4)], Standing.CLOSURE_ONLY, 4, 4),
        ([on(5, R, 3), on(6, R, 4)], Standing.REVIEW_ONLY, 4, 4),
        ([on(1, B, None), on(9, C, None)], Standing.NOTHING, None, None),
        ([on(1, B, 2), on(1, B, 3), on(9, C, 4), on(9, C, 5)], Standing.PAIRED, 2, 5),
    ],
)
def test_the_first_baseline_meets_the_last_closure(given_values, standing, first, last):
    pair = make_pair(given_values)
    assert pair.standing is standing
    assert (pair.first.value if pair.first else None) == first
    assert (pair.last.value if pair.last else None) == last


@pytest.mark.parametrize(
    ("given_values", "standing", "first", "last"),
    [
        ([], Standing.NOTHING, None, None),
        ([on(1, B, 2)], Standing.ONE_READING, 2, 2),
        ([on(5, R, 2), on(7, R, 4)], Standing.PAIRED, 2, 4),
        ([on(9, C, 5), on(1, B, 2), on(5, R, 9)], Standing.PAIRED, 2, 5),
        ([on(9, C, 5), on(1, B, None)], Standing.ONE_READING, 5, 5),
        ([on(1, B, None), on(2, C, None)], Standing.NOTHING, None, None),
    ],
)
def test_a_star_pairs_the_first_with_the_last_of_two_readings(given_values, standing, first, last):
    pair = make_star_pair(given_values)
    assert pair.standing is standing
    assert (pair.first.value if pair.first else None) == first
    assert (pair.last.value if pair.last else None) == last


dated = st.lists(st.builds(on, st.integers(1, 28), st.sampled_from(Wave), st.none() | values))


@pytest.mark.parametrize(
    ("given_values", "is_review_last"),
    [
        ([on(1, B, 2), on(5, R, 3)], True),
        ([on(1, B, 2), on(5, R, 3), on(9, C, 4)], False),
        ([on(5, R, 3)], False),
    ],
)
def test_a_review_standing_in_for_the_closure_is_flagged(given_values, is_review_last):
    assert make_pair(given_values).is_review_last is is_review_last


@given(dated)
def test_a_pair_needs_two_values_and_nothing_has_none(given_values):
    answered = [value for value in given_values if value.value is not None]
    for pair in (make_pair(given_values), make_star_pair(given_values)):
        assert (pair.first is None) is (pair.standing is Standing.NOTHING)
        if pair.standing is Standing.PAIRED:
            assert len(answered) >= 2
            assert pair.first is not pair.last
