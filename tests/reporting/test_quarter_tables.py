"""Everything that the commissioner's role can get of a quarter, and what cannot be got from it."""

import json
from random import Random

import pytest

from survey_app.domain.disclosure import is_small
from survey_app.domain.periods import Quarter
from survey_app.reporting.counting import SUPPRESSED_PARTS, count_parts
from survey_app.reporting.filters import Dimension
from survey_app.reporting.formats.as_json import document
from survey_app.reporting.population import Basis
from survey_app.reporting.quarter_tables import PUBLISHED_BY, quarter_tables
from survey_app.reporting.report import find_population
from survey_app.store.scope import Scope
from tests.domain.attacks import Outsider
from tests.reporting.worlds import NOW, World, fill

QUARTER = Quarter(2018, 1)
PARTITIONS = [by for by in PUBLISHED_BY if by.is_partition]


def tables(world: World, **facts):
    return quarter_tables(world.session, world.service, QUARTER, now=NOW, **facts)


def outcomes_of(world: World, by: Dimension | None):
    population = find_population(world.session, world.service, QUARTER, Basis.CLOSED, by, now=NOW)
    return count_parts(world.session, population, SUPPRESSED_PARTS).outcomes


def name(by: Dimension | None, cell: tuple) -> str:
    section, group, row, key = cell
    return json.dumps([by, section, group, *row, key], separators=(",", ":"), ensure_ascii=False)


@pytest.fixture
def world(sqlite_database):
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(5))
        fill(world, 90)
        yield world


def test_no_small_outcome_follows_from_all_tables_of_a_quarter(world):
    told = tables(world).told
    outsider, true = Outsider(), {}
    for by in (None, *PARTITIONS):
        section = outcomes_of(world, by)
        cells = [c for c in section.counts if (c[1] is None) == (by is None)]
        counts = {name(by, cell): section.counts[cell] for cell in cells}
        outsider.see(counts, [cell for cell in counts if told.get(cell, 0) is None])
        assert all(told.get(cell, 0) in (None, n) for cell, n in counts.items())
        true |= counts
        for tie in section.sums:
            if (tie.whole[0][1] is None) == (by is None):
                sides = ([name(by, cell) for cell in side] for side in (tie.whole, tie.parts))
                outsider.know_sum(*sides)
        for gap in section.gaps:
            if (gap.whole[1] is None) == (by is None):
                outsider.know_gap(name(by, gap.whole), name(by, gap.part))
        if by is not None:
            for cell in outcomes_of(world, None).counts:
                parts = [name(by, c) for c in cells if (c[2], c[3]) == (cell[2], cell[3])]
                outsider.know_sum([name(None, cell)], parts)
    small = sorted(cell for cell, n in true.items() if is_small(n))
    assert len(small) > 50
    for cell in Random(1).sample(small, 16):
        low, high = outsider.range_of({cell: 1})
        assert low < high, cell


def test_later_tables_cannot_be_subtracted_from_earlier_ones(world):
    first = tables(world)
    again = tables(world, earlier=[first.told])
    assert (again.told, again.newly_back) == (first.told, 0)
    fill(world, 9)
    second = tables(world, earlier=[first.told])
    fill(world, 4)
    third = tables(world, earlier=[first.told, second.told])
    assert second.newly_back
    assert third.told != first.told
    for later, earlier in ((second, first), (third, first), (third, second)):
        for cell in later.told.keys() | earlier.told.keys():
            now, before = later.told.get(cell, 0), earlier.told.get(cell, 0)
            if now is not None and before is not None:
                assert not is_small(abs(now - before)), cell


def test_no_share_of_fewer_than_thirty_the_strict_way_and_averages_go_with_counts_of_all(world):
    strict = tables(world, least_base=30)
    found = document(strict.whole)
    rates = [row["rate"] for row in found["satisfaction"]]
    rates += [row["improved_rate"] for row in found["outcomes"]]
    assert all(
        rate["denominator"] is None or rate["denominator"] >= 30 or not rate["denominator"]
        for rate in rates
    )
    assert any(rate["suppressed"] for rate in rates)
    split = document(strict.splits[Dimension.SEX])
    hidden_areas = {
        (row["instrument"], row["area"])
        for row in split["stars"]
        if "[c]" in (row["paired"], row["increased"], row["maintained"], row["decreased"])
    }
    assert hidden_areas
    for row in split["stars"]:
        if (row["instrument"], row["area"]) in hidden_areas:
            assert row["first"] == {"median": "[c]", "mean": "[c]"}
