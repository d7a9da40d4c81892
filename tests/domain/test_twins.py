"""Twins: tables that print the same, found through what is hidden or cheapest to hide."""

import pytest

from survey_app.domain.circuits import Gap, Sum, Target
from survey_app.domain.twins import TwinSearch


def a_search(counts, sums=(), gaps=(), totals=(), hidden=(), shown_for_good=()):
    return TwinSearch(
        counts=counts,
        sums=sums,
        gaps=gaps,
        totals=frozenset(totals),
        hidden=frozenset(hidden),
        shown_for_good=frozenset(shown_for_good),
    )


ROW = Sum(("all",), ("a", "b", "c"))
COUNTS = {"all": 60, "a": 3, "b": 40, "c": 17}


@pytest.mark.parametrize(
    ("steps", "is_moved"),
    [({}, False), ({"n": 1}, True), ({"d": -1}, True), ({"n": 1, "d": 1}, False)],
)
def test_a_difference_is_moved_only_when_its_two_cells_part(steps, is_moved):
    assert Target(("n", "d")).is_moved_by(steps) is is_moved


def test_a_twin_goes_through_what_is_hidden_already_before_it_hides_more():
    search = a_search(COUNTS, [ROW], hidden={"a", "b"})
    assert search.protect(Target(("a",)))
    assert search.hidden == {"a", "b"}


def test_a_total_is_hidden_last():
    search = a_search({"all": 43, "a": 3, "b": 40, "c": 0}, [ROW], totals={"all"}, hidden={"a"})
    assert search.protect(Target(("a",)))
    assert search.hidden == {"a", "b"}


def test_there_is_no_twin_through_what_is_shown_for_good():
    search = a_search(COUNTS, [ROW], hidden={"a"}, shown_for_good={"all", "b", "c"})
    assert not search.protect(Target(("a",)))
    assert search.hidden == {"a"}


def test_a_step_must_not_exceed_what_contains_it():
    counts = {"asked": 3, "reached": 3}
    tight = a_search(
        counts, gaps=[Gap("asked", "reached")], hidden={"reached"}, shown_for_good={"asked"}
    )
    assert tight.protect(Target(("reached",)))
    pinned = a_search(
        {"asked": 1, "reached": 1, "left": 0},
        [Sum(("asked",), ("reached", "left"))],
        hidden={"reached"},
        shown_for_good={"asked", "left"},
    )
    assert not pinned.protect(Target(("reached",)))


def test_a_cell_on_both_sides_of_a_sum_does_not_count():
    search = a_search({"a": 3, "b": 9}, [Sum(("a", "b"), ("b", "a"))], hidden={"a"})
    assert search.protect(Target(("a",)))
    assert search.hidden == {"a"}
