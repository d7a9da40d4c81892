"""Steps of several groups at once, by a short search and by an integer program."""

import pytest

from survey_app.domain.circuits import Sum, Target, Terms
from survey_app.domain.groups import Group, Split
from survey_app.domain.joint_moves import JointSearch

SUMS = (Sum(("all",), ("yes", "no")),)
GROUPS = {
    "north": Group({"all": 3, "yes": 2, "no": 1}, SUMS),
    "south": Group({"all": 4, "yes": 3, "no": 1}, SUMS),
    "west": Group({"all": 9, "yes": 5, "no": 4}, SUMS),
}
EVERYONE = {"all": 16, "yes": 10, "no": 6}
TWIN = {"yes": -1, "no": 1}

BY_SEARCH, BY_PROGRAM = 1_000, 1
"""How many states the search may look at: with one it gets nowhere."""


def joint() -> JointSearch:
    return JointSearch(Split(EVERYONE, GROUPS), (TWIN,))


def terms(most_states: int, shut=()) -> Terms:
    return Terms(lambda step: step[0] not in shut, lambda _step: 1, most_states)


@pytest.mark.parametrize("most_states", [BY_SEARCH, BY_PROGRAM])
def test_people_change_places_while_everyone_stays(most_states):
    found = joint().exchange("north", Target(("yes",)), terms(most_states))
    assert found[("north", "yes")] in (1, -1)
    for cell in EVERYONE:
        assert sum(delta for (_name, c), delta in found.items() if c == cell) in (0, TWIN.get(cell))
    for name in GROUPS:
        moved = {cell: found.get((name, cell), 0) for cell in EVERYONE}
        assert moved["all"] == moved["yes"] + moved["no"]


@pytest.mark.parametrize("most_states", [BY_SEARCH, BY_PROGRAM])
def test_groups_follow_everyone_into_a_twin(most_states):
    shut = {("north", "no"), ("south", "yes"), ("west", "no")}
    found = joint().take_up(TWIN, terms(most_states, shut))
    for cell, delta in TWIN.items():
        assert sum(found.get((name, cell), 0) for name in GROUPS) == delta
    assert not shut & found.keys()


@pytest.mark.parametrize("most_states", [BY_SEARCH, BY_PROGRAM])
def test_where_nothing_may_move_nothing_is_found(most_states):
    shut = {(name, cell) for name in GROUPS for cell in EVERYONE}
    assert joint().take_up(TWIN, terms(most_states, shut)) is None
    assert joint().exchange("north", Target(("yes",)), terms(most_states, shut)) is None


def test_a_group_may_go_with_everyone_where_no_other_can_change_with_it():
    """Only the solver knows the twins: here no two groups may change places."""
    alone = {(name, cell) for name in ("south", "west") for cell in EVERYONE}
    found = joint().exchange("north", Target(("yes",)), terms(BY_SEARCH, alone))
    assert found == {("north", "yes"): -1, ("north", "no"): 1}


def test_groups_that_overlap_go_together_where_they_are_all_there_is():
    """One person in both: whoever leaves the count of everyone leaves both."""
    both = {name: Group({"hurt": 1}) for name in ("risk", "stalking")}
    split = Split({"hurt": 1}, both, is_partition=False)
    search = JointSearch(split, ({"hurt": -1},))
    assert search.take_up({"hurt": -1}, terms(BY_SEARCH)) == {
        ("risk", "hurt"): -1,
        ("stalking", "hurt"): -1,
    }
