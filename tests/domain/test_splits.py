"""Several splits of one table, published together: a solver gets no small count out of them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.circuits import Constraint, Gap, Sum
from survey_app.domain.disclosure import Suppression, Table, is_small, suppress
from survey_app.domain.groups import Group, Split
from survey_app.domain.splits import SplitSettler, suppress_split
from tests.domain.attacks import Outsider

SUMS = (Sum(("supported",), ("asked", "refused", "lost")), Sum(("eligible",), ("asked", "lost")))
GAPS = (Gap("asked", "done"), Gap("supported", "done", is_sensitive=True))
FATES = {
    "done": ("supported", "eligible", "asked", "done"),
    "asked": ("supported", "eligible", "asked"),
    "lost": ("supported", "eligible", "lost"),
    "refused": ("supported", "refused"),
}
CELLS = ("supported", "eligible", "asked", "done", "lost", "refused")
SPLITS = {"sex": ("f", "m", "x"), "area": ("north", "south")}

people = st.lists(
    st.tuples(
        st.sampled_from("fffmmx"), st.sampled_from(SPLITS["area"]), st.sampled_from([*FATES])
    ),
    min_size=1,
    max_size=45,
)


def count(crowd) -> dict[str, int]:
    found = Counter(cell for *_groups, fate in crowd for cell in FATES[fate])
    return {cell: found[cell] for cell in CELLS}


def published(crowd) -> tuple[dict[str, int], Suppression, dict[str, tuple[Split, frozenset]]]:
    everyone = count(crowd)
    settled = suppress(Table(everyone, SUMS, GAPS))
    splits = {}
    for place, (name, groups) in enumerate(SPLITS.items()):
        counted = {g: count([one for one in crowd if one[place] == g]) for g in groups}
        split = Split(
            everyone,
            {g: Group(counts, SUMS, GAPS) for g, counts in counted.items() if any(counts.values())},
        )
        splits[name] = (split, suppress_split(split, settled, 5))
    return everyone, settled, splits


def outsider_of(everyone, settled, splits) -> Outsider:
    outsider = Outsider()
    outsider.see(
        {(None, cell): n for cell, n in everyone.items()}, [(None, c) for c in settled.hidden]
    )
    places = [None]
    for name, (split, hidden) in splits.items():
        for group, counted in split.groups.items():
            place = (name, group)
            places.append(place)
            told = {(place, cell): n for cell, n in counted.counts.items()}
            outsider.see(told, [(place, cell) for other, cell in hidden if other == group])
        for cell in CELLS:
            outsider.know_sum([(None, cell)], [((name, g), cell) for g in split.groups])
    for place in places:
        for tie in SUMS:
            outsider.know_sum([(place, c) for c in tie.whole], [(place, c) for c in tie.parts])
        for gap in GAPS:
            outsider.know_gap((place, gap.whole), (place, gap.part))
    return outsider


@settings(max_examples=25, deadline=None, derandomize=True)
@given(people)
def test_no_small_count_follows_from_all_splits_together(crowd):
    everyone, settled, splits = published(crowd)
    outsider = outsider_of(everyone, settled, splits)
    tables = {None: everyone} | {
        (name, group): counted.counts
        for name, (split, _hidden) in splits.items()
        for group, counted in split.groups.items()
    }
    truth = {(place, cell): n for place, counts in tables.items() for cell, n in counts.items()}
    targets = [({cell: 1}, n) for cell, n in truth.items() if is_small(n)]
    for place, counts in tables.items():
        rest = counts["supported"] - counts["done"]
        if is_small(rest):
            targets.append(({(place, "supported"): 1, (place, "done"): -1}, rest))
    assert outsider.certain(targets, truth) == []


def test_the_outsider_does_find_what_was_not_protected():
    crowd = [("f", "north", "done")] * 20 + [("m", "north", "done")] * 3
    everyone, settled, splits = published(crowd)
    bare = {"sex": (splits["sex"][0], frozenset({("m", "done")}))}
    outsider = outsider_of(everyone, settled, bare)
    assert outsider.range_of({(("sex", "m"), "done"): 1}) == (3, 3)


def test_large_groups_are_shown_whole():
    crowd = [
        (sex, area, fate)
        for sex in ("f", "m")
        for area in SPLITS["area"]
        for fate in FATES
        for _n in range(6)
    ]
    _everyone, settled, splits = published(crowd)
    assert not settled.hidden
    assert [hidden for _split, hidden in splits.values()] == [frozenset(), frozenset()]


def test_a_small_count_is_exchanged_with_one_other_group_and_the_rest_stays():
    crowd = [("f", "north", fate) for fate in FATES for _n in range(30)]
    crowd += [("m", "north", fate) for fate in FATES for _n in range(20)]
    crowd += [("x", "north", fate) for fate in FATES for _n in range(12)]
    crowd += [("m", "north", "refused")] * 3
    crowd = [one for one in crowd if one[:1] + one[2:] != ("x", "refused")]
    crowd += [("x", "north", "refused")] * 2
    _everyone, settled, splits = published(crowd)
    hidden = splits["sex"][1]
    assert not settled.hidden
    assert ("x", "refused") in hidden
    assert len({group for group, _cell in hidden}) == 2
    assert ("f", "supported") not in hidden


def test_what_is_kept_back_stays_back_and_is_protected():
    everyone = {"all": 60}
    groups = {"f": Group({"all": 30}), "m": Group({"all": 30})}
    split = Split(everyone, groups, kept_back=frozenset({("f", "all")}))
    settled = suppress(Table(everyone))
    assert suppress_split(split, settled, 5) == {("f", "all"), ("m", "all")}


@settings(max_examples=25, deadline=None, derandomize=True)
@given(people, st.sets(st.sampled_from(CELLS), max_size=2), st.sampled_from(CELLS))
def test_what_is_settled_again_is_what_is_settled_anew(crowd, of_everyone, of_group):
    everyone, settled, splits = published(crowd)
    other = suppress(Table(everyone, SUMS, GAPS, already_hidden=frozenset(of_everyone)))
    for split, _hidden in splits.values():
        settler = SplitSettler(split, 5)
        back = frozenset({(min(split.groups), of_group)})
        for beside, kept in ((settled, frozenset()), (other, back), (settled, back), (other, back)):
            anew = SplitSettler(split, 5).settle(beside, kept)
            assert settler.settle(beside, kept) == anew


@pytest.mark.parametrize(("many", "hidden"), [(58, True), (50, False), (60, False)])
def test_who_is_not_in_a_group_that_overlaps_others_is_as_easy_to_name(many, hidden):
    split = Split(
        {"all": 60},
        {"risk": Group({"all": many}), "stalking": Group({"all": 30})},
        is_partition=False,
    )
    found = suppress_split(split, suppress(Table({"all": 60})), 5)
    assert (("risk", "all") in found) is hidden


def test_a_tiny_group_does_not_take_the_headlines_of_large_ones():
    """Everyone who was asked has answered and completed, so that one count tells another."""
    tie = Constraint({"answered": 1, "done": -1}, 0, None)

    def group(people: int, asked: int, done: int) -> Group:
        counts = {"supported": people, "asked": asked, "refused": people - asked}
        return Group(
            counts | {"done": done, "answered": done, "yes": done - done // 4, "no": done // 4},
            (
                Sum(("supported",), ("asked", "refused")),
                Sum(("answered",), ("yes", "no")),
            ),
            (Gap("asked", "done"), Gap("supported", "done", is_sensitive=True)),
            (tie,),
        )

    groups = {"f": group(200, 120, 90), "m": group(150, 90, 70), "unknown": group(9, 3, 3)}
    everyone = Counter()
    for each in groups.values():
        everyone.update(each.counts)
    split = Split(everyone, groups, unprinted=frozenset({"answered"}))
    hidden = suppress_split(split, suppress(Table(everyone)), 5)
    assert {("unknown", cell) for cell in ("asked", "done", "yes")} <= hidden
    assert {name for name, _cell in hidden} == {"unknown", "m"}
    assert ("m", "supported") not in hidden


def test_headlines_are_hidden_last():
    crowd = [("f", "north", fate) for fate in FATES for _n in range(30)]
    crowd += [("m", "north", fate) for fate in FATES for _n in range(20)]
    crowd += [("x", "north", fate) for fate in ("done", "asked", "lost") for _n in range(12)]
    crowd += [("x", "north", "refused")] * 2
    everyone = count(crowd)
    groups = {g: Group(count([p for p in crowd if p[0] == g]), SUMS, GAPS) for g in "fmx"}
    settled = suppress(Table(everyone, SUMS, GAPS))
    plain = suppress_split(Split(everyone, groups), settled, 5)
    (spared,) = {cell for _name, cell in plain} - {"refused"} or {"lost"}
    dear = Split(everyone, groups, headlines=frozenset({spared}))
    assert spared not in {cell for _name, cell in suppress_split(dear, settled, 5)}
