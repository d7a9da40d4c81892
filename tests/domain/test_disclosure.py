"""Suppression: an outsider who knows every sum and every visible count cannot get a hidden one.

The outsider here knows nothing of how twins are looked for: he tries all whole numbers.
"""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.circuits import Gap, Sum
from survey_app.domain.disclosure import Table, find_primary, is_small, suppress


def grid(counts: list[list[int]], **settled) -> Table:
    """Rows by columns with totals both ways: cells are (row, column), "all" for a total."""
    rows, columns = range(len(counts)), range(len(counts[0]))
    cells = {(r, c): counts[r][c] for r in rows for c in columns}
    cells |= {(r, "all"): sum(counts[r]) for r in rows}
    cells |= {("all", c): sum(counts[r][c] for r in rows) for c in columns}
    cells["all", "all"] = sum(map(sum, counts))
    sums = [Sum(((r, "all"),), tuple((r, c) for c in columns)) for r in (*rows, "all")]
    sums += [Sum((("all", c),), tuple((r, c) for r in rows)) for c in (*columns, "all")]
    totals = frozenset(cell for cell in cells if "all" in cell)
    return Table(cells, tuple(sums), totals=totals, **settled)


def shares(pairs: list[tuple[int, int]]) -> Table:
    """Groups with a numerator and a base each, and their total: cells are ("n", g) and ("d", g)."""
    cells = {}
    for group, (numerator, base) in enumerate(pairs):
        cells["n", group], cells["d", group] = numerator, base
    groups = range(len(pairs))
    for kind in ("n", "d"):
        cells[kind, "all"] = sum(cells[kind, g] for g in groups)
    sums = tuple(Sum(((k, "all"),), tuple((k, g) for g in groups)) for k in ("n", "d"))
    gaps = tuple(Gap(("d", g), ("n", g), is_sensitive=True) for g in (*groups, "all"))
    return Table(cells, sums, gaps, totals=frozenset({("n", "all"), ("d", "all")}))


def tables_that_look_the_same(table: Table, hidden: frozenset) -> list[dict]:
    """All tables near the true one with the same visible counts, by trying every whole number."""
    unknown = sorted(hidden, key=repr)
    found = []
    for values in product(
        *(range(max(0, table.counts[c] - 2), table.counts[c] + 3) for c in unknown)
    ):
        guess = dict(table.counts) | dict(zip(unknown, values, strict=True))
        sums_hold = all(
            sum(guess[c] for c in s.whole) == sum(guess[c] for c in s.parts) for s in table.sums
        )
        if sums_hold and all(guess[g.whole] >= guess[g.part] for g in table.gaps):
            found.append(guess)
    return found


def assert_nothing_can_be_worked_out(table: Table, hidden: frozenset, threshold: int = 5) -> None:
    guesses = tables_that_look_the_same(table, hidden)
    for cell in hidden:
        assert len({guess[cell] for guess in guesses}) > 1, cell
    for gap in table.gaps:
        true_gap = table.counts[gap.whole] - table.counts[gap.part]
        if gap.is_sensitive and is_small(true_gap, threshold):
            assert len({guess[gap.whole] - guess[gap.part] for guess in guesses}) > 1, gap


def is_determined_by_elimination(table: Table, hidden: frozenset, cell) -> bool:
    """Whether the sums alone, as linear equations in the hidden cells, give one cell away."""
    order = [c for c in hidden if c != cell] + [cell]
    rows = []
    for s in table.sums:
        signs = {c: Fraction(0) for c in order}
        for cells, sign in ((s.whole, 1), (s.parts, -1)):
            for c in cells:
                if c in signs:
                    signs[c] += sign
        rows.append([signs[c] for c in order])
    rank = 0
    for column in range(len(order)):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(len(rows)):
            if r != rank and rows[r][column]:
                factor = rows[r][column] / rows[rank][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        if column == len(order) - 1:
            return True
        rank += 1
    return False


@pytest.mark.parametrize(
    ("count", "small"), [(0, False), (1, True), (4, True), (5, False), (100, False)]
)
def test_small_is_one_to_four_and_nought_is_nobody(count, small):
    assert is_small(count) is small


def test_the_threshold_is_the_services():
    assert is_small(9, threshold=10)
    assert not is_small(2, threshold=2)


@pytest.mark.parametrize(
    ("numerator", "base", "hidden"),
    [
        (20, 50, set()),
        (0, 50, set()),
        (50, 50, set()),
        (3, 50, {"n"}),
        (47, 50, {"n"}),
        (5, 10, set()),
        (0, 3, {"n", "d"}),
        (3, 3, {"n", "d"}),
        (0, 0, set()),
    ],
)
def test_a_small_count_base_or_remainder_is_hidden(numerator, base, hidden):
    table = Table({"n": numerator, "d": base}, gaps=(Gap("d", "n", is_sensitive=True),))
    assert find_primary(table) == hidden
    assert suppress(table).hidden == hidden


def test_a_small_cell_in_a_row_takes_the_next_smallest_with_it():
    table = Table({"all": 60, "a": 3, "b": 40, "c": 17}, (Sum(("all",), ("a", "b", "c")),))
    assert suppress(table).hidden == {"a", "c"}


def test_a_small_cell_in_a_grid_takes_a_rectangle():
    hidden = suppress(grid([[3, 20, 30], [25, 21, 40], [50, 60, 70]])).hidden
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_two_ones_under_a_visible_five_of_ones_are_not_given_away_by_their_being_shown_as_small():
    table = Table({"all": 5, **dict.fromkeys("abcde", 1)}, (Sum(("all",), tuple("abcde")),))
    assert suppress(table).hidden == {"all", *"abcde"}


def test_a_nought_is_hidden_only_where_nothing_else_will_do():
    counts = {"all": 6, "a": 6, "b": 0, "d": 8}
    table = Table(
        counts,
        (Sum(("all",), ("a", "b")),),
        (Gap("d", "a", is_sensitive=True),),
        fixed=frozenset({"all"}),
    )
    assert suppress(table) == suppress(table)
    assert suppress(table).hidden == {"a", "b"}
    assert not suppress(table).withheld


def test_what_is_published_cannot_be_taken_back_and_what_was_hidden_stays_protected():
    table = grid(
        [[6, 20], [30, 40]],
        already_hidden=frozenset({(0, "all")}),
        fixed=frozenset({("all", "all")}),
    )
    hidden = suppress(table).hidden
    assert (0, "all") in hidden
    assert ("all", "all") not in hidden
    assert_nothing_can_be_worked_out(table, hidden)


def test_where_a_count_cannot_be_protected_nothing_more_is_told_of_what_hangs_together_with_it():
    table = Table(
        {"all": 8, "a": 3, "b": 5, "c": 0, "apart": 9},
        (Sum(("all",), ("a", "b", "c")),),
        (Gap("c", "c", is_sensitive=False),),
        fixed=frozenset({"all", "b", "c"}),
    )
    found = suppress(table)
    assert found.withheld == found.hidden == {"a"}
    freer = Table(
        table.counts, table.sums, (Gap("all", "b"), Gap("b", "a")), fixed=table.fixed - {"c"}
    )
    assert suppress(freer).hidden == {"a", "c"}


def test_steps_that_contain_each_other_do_not_pin_a_hidden_one():
    counts = {"asked": 20, "reached": 20, "started": 3, "completed": 0}
    gaps = (Gap("asked", "reached"), Gap("reached", "started"), Gap("started", "completed"))
    assert suppress(Table(counts, gaps=gaps)).hidden == {"started"}


small_or_big = st.one_of(st.integers(0, 6), st.integers(0, 60))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(small_or_big, min_size=2, max_size=2), min_size=2, max_size=2))
def test_nobody_can_be_worked_out_of_a_grid(counts):
    table = grid(counts)
    found = suppress(table)
    assert not found.withheld
    assert found.hidden >= find_primary(table)
    if len(found.hidden) <= 6:
        assert_nothing_can_be_worked_out(table, found.hidden)
    for cell in found.hidden:
        assert not is_determined_by_elimination(table, found.hidden, cell)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(2, 6).flatmap(
        lambda width: st.lists(
            st.lists(small_or_big, min_size=width, max_size=width), min_size=2, max_size=6
        )
    )
)
def test_sums_alone_give_nothing_away_in_a_large_grid(counts):
    table = grid(counts)
    found = suppress(table)
    for cell in found.hidden:
        assert not is_determined_by_elimination(table, found.hidden, cell)


pairs = st.tuples(small_or_big, small_or_big).map(lambda p: (min(p), max(p)))


@settings(max_examples=150, deadline=None)
@given(st.lists(pairs, min_size=1, max_size=2))
def test_nobody_can_be_worked_out_of_shares_and_their_total(given_pairs):
    table = shares(given_pairs)
    found = suppress(table)
    assert not found.withheld
    assert_nothing_can_be_worked_out(table, found.hidden)


@settings(max_examples=100, deadline=None)
@given(st.lists(pairs, min_size=2, max_size=3))
def test_groups_under_a_total_already_published_stay_hidden_too(given_pairs):
    table = shares(given_pairs)
    totals = {cell: n for cell, n in table.counts.items() if "all" in cell}
    gap = Gap(("d", "all"), ("n", "all"), is_sensitive=True)
    before = suppress(Table(totals, gaps=(gap,))).hidden
    settled = Table(
        table.counts,
        table.sums,
        table.gaps,
        table.totals,
        already_hidden=before,
        fixed=frozenset(totals) - before,
    )
    found = suppress(settled)
    assert before <= found.hidden
    assert not found.hidden & settled.fixed
    assert not found.withheld
    if len(found.hidden) <= 6:
        assert_nothing_can_be_worked_out(settled, found.hidden)


@given(
    st.lists(st.lists(st.integers(5, 500), min_size=3, max_size=3), min_size=2, max_size=4),
)
def test_nothing_is_hidden_where_every_count_is_large(counts):
    assert suppress(grid(counts)).hidden == frozenset()


@given(st.lists(st.lists(small_or_big, min_size=3, max_size=3), min_size=2, max_size=3))
def test_hiding_depends_on_the_counts_alone(counts):
    assert suppress(grid(counts)) == suppress(grid(counts))


def test_a_large_services_reasons_are_not_withheld_whole():
    """Reasons why people were not asked by tier, with a total; the ladder's steps above them."""
    reasons = [
        [9, 4, 3], [4, 12, 6], [1, 1, 1], [8, 6, 2], [0, 0, 3], [4, 2, 0], [7, 12, 5], [1, 6, 2],
        [10, 11, 5], [18, 22, 9], [0, 1, 0], [4, 6, 3], [1, 0, 0], [3, 1, 0], [5, 9, 4], [4, 2, 3],
    ]  # fmt: skip
    ineligible, asked = 3, (67, 62, 32)
    cells, sums = {}, []
    for tier in range(3):
        column = [row[tier] for row in reasons]
        cells |= {(reason, tier): n for reason, n in enumerate(column)}
        cells["asked", tier] = asked[tier]
        cells["eligible", tier] = asked[tier] + sum(column[ineligible:])
        cells["supported", tier] = asked[tier] + sum(column)
    rows = [*range(len(reasons)), "asked", "eligible", "supported"]
    for row in rows:
        cells[row, "all"] = sum(cells[row, tier] for tier in range(3))
        sums.append(Sum(((row, "all"),), tuple((row, tier) for tier in range(3))))
    for tier in (0, 1, 2, "all"):
        every = [(reason, tier) for reason in range(len(reasons))]
        sums.append(Sum((("supported", tier),), (("asked", tier), *every)))
        sums.append(Sum((("eligible", tier),), (("asked", tier), *every[ineligible:])))
    totals = frozenset(cell for cell in cells if cell[1] == "all")
    found = suppress(Table(cells, tuple(sums), totals=totals))
    assert not found.withheld
    assert not {cell for cell in found.hidden if cell[0] in ("asked", "eligible", "supported")}
