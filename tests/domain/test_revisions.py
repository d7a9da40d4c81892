"""Two publications of one quarter cannot be subtracted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.disclosure import is_small
from survey_app.domain.revisions import Tied, left_over, moved_too_little

GAP = (Gap("base", "yes", is_sensitive=True),)


@pytest.mark.parametrize(
    ("before", "now", "kept_back"),
    [
        ((20, 50), (20, 50), set()),
        ((20, 50), (23, 53), {"yes", "base"}),
        ((20, 50), (25, 55), set()),
        ((20, 50), (20, 51), {"base"}),
        ((20, 50), (26, 58), {"yes"}),
        ((20, 50), (19, 50), {"yes"}),
        ((None, 50), (23, 55), set()),
    ],
)
def test_a_figure_stands_still_moves_by_enough_or_is_kept_back(before, now, kept_back):
    tied = Tied({"yes": now[0], "base": now[1]}, gaps=GAP)
    found = moved_too_little(tied, [{"yes": before[0], "base": before[1]}], 5)
    assert kept_back <= found <= kept_back | {"yes"}


def test_every_earlier_publication_counts_and_not_the_last_alone():
    told = [{"n": 20}, {"n": None}]
    assert moved_too_little(Tied({"n": 22}), told, 5) == {"n"}


def test_what_was_told_to_be_nought_was_told():
    assert moved_too_little(Tied({"n": 3}), [{}], 5) == {"n"}


def test_the_hidden_rest_of_a_sum_does_not_move_by_too_few():
    tied = Tied({"all": 66, "a": 45, "b": 21}, (Sum(("all",), ("a", "b")),))
    told = [{"all": 60, "a": 40, "b": None}]
    assert left_over(tied, frozenset({"b"}), told, 5) == {"a"}
    assert left_over(tied, frozenset({"a", "b"}), told, 5) == frozenset()
    still = [{"all": 66, "a": 45, "b": None}]
    assert left_over(tied, frozenset({"b"}), still, 5) == frozenset()


def test_what_was_hidden_is_not_told_of_a_sum_in_which_hardly_anything_moved():
    tied = Tied({"all": 66, "a": 45, "b": 12, "c": 9}, (Sum(("all",), ("a", "b", "c")),))
    still = [{"all": 66, "a": 45, "b": None, "c": None}]
    assert left_over(tied, frozenset({"a", "c"}), still, 5) == {"b"}
    moved = [{"all": 60, "a": 45, "b": None, "c": None}]
    assert left_over(tied, frozenset({"a", "c"}), moved, 5) == frozenset()


counts = st.fixed_dictionaries({cell: st.integers(0, 30) for cell in "abc"})


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(counts, min_size=2, max_size=4))
def test_no_two_of_several_publications_differ_by_few_in_a_count_or_in_a_rest(states):
    tie = Sum(("all",), ("a", "b", "c"))
    published: list[dict[str, int | None]] = []
    for state in states:
        tied = Tied(state | {"all": sum(state.values())}, (tie,))
        hidden = moved_too_little(tied, published, 5)
        while more := left_over(tied, hidden, published, 5):
            hidden |= more
        published.append({c: None if c in hidden else n for c, n in tied.counts.items()})
    for place, later in enumerate(published):
        for earlier in published[:place]:
            both = [c for c in later if later[c] is not None and earlier[c] is not None]
            moved = {c: later[c] - earlier[c] for c in both}
            assert not any(is_small(abs(delta)) for delta in moved.values())
            rest = moved.pop("all", 0) - sum(moved.values())
            if len(both) < len(later):
                assert not is_small(abs(rest))
