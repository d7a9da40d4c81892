"""Everything that the commissioner's role can get of a quarter, and what cannot be got from it."""

from random import Random

import pytest

from survey_app.domain.disclosure import is_small
from survey_app.domain.periods import Quarter
from survey_app.reporting.filters import Dimension
from survey_app.reporting.formats.as_json import document
from survey_app.reporting.population import Audience
from survey_app.reporting.quarter_tables import PUBLISHED_BY, QuarterTables, quarter_tables
from survey_app.reporting.report import report
from survey_app.reporting.told_again import compare
from survey_app.store.scope import Scope
from tests.reporting.outsiders import Reading, outsider_of, read, sensitive, with_answered
from tests.reporting.worlds import NOW, World, fill, fill_tidily

QUARTER = Quarter(2018, 1)


def tables(world: World, **facts):
    return quarter_tables(world.session, world.service, QUARTER, now=NOW, **facts)


def published(found: QuarterTables) -> dict[str, dict]:
    """Every document that the commissioner's role gets of the quarter."""
    splits = {by.value: document(split) for by, split in found.splits.items()}
    return {"everyone": document(found.whole)} | splits


def truth_of(world: World) -> dict:
    """The same for the service's own staff, cell by cell."""
    documents = {
        by.value if by else "everyone": document(
            report(world.session, world.service, QUARTER, by=by, audience=Audience.STAFF, now=NOW)
        )
        for by in (None, *PUBLISHED_BY)
    }
    return with_answered(read(documents).said)


@pytest.fixture
def world(sqlite_database):
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(5))
        fill(world, 90)
        yield world


def fill_while_a_survey_changes(world: World, cases: int) -> None:
    """In mid-quarter a question goes, so that two versions are not of one shape."""
    fill_tidily(world, cases // 2)
    items = world.instruments["sus-tier-1"].items
    world.change_instrument("sus-tier-1", [one for one in items if one.id != "everyday-life"])
    fill_tidily(world, cases - cases // 2)


@pytest.mark.parametrize(
    ("draw", "cases", "seed"),
    [
        (fill_while_a_survey_changes, 60, 4),
        (fill_tidily, 90, 2),
        (fill_tidily, 100, 10),
        (fill, 14, 1),
    ],
)
def test_no_small_count_follows_from_all_tables_of_a_quarter_together(
    sqlite_database, draw, cases, seed
):
    """Ladder, satisfaction, outcomes and stars, of everyone and by every characteristic."""
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(seed))
        draw(world, cases)
        reading, truth = read(published(tables(world))), truth_of(world)
    outsider = outsider_of(reading, truth)
    targets = sensitive(reading, truth)
    assert len(targets) > 500
    assert outsider.certain(targets, truth) == []


def test_a_tiny_group_does_not_take_the_headlines_of_large_ones(sqlite_database):
    """Whoever answered has completed: each of the two counts tells the other."""
    by_sex = (Dimension.SEX,)
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(3))
        fill_tidily(world, 120)
        split = document(tables(world, split_by=by_sex).splits[Dimension.SEX])
    told = {
        row["group"]: (row["supported"], row["completed"])
        for row in split["ladder"]
        if row["tier"] == "all"
    }
    large = {group: counts for group, counts in told.items() if group in ("female", "male")}
    assert len(large) == 2
    assert all(isinstance(n, int) for counts in large.values() for n in counts), told


def test_the_outsider_finds_what_is_told_in_the_place_of_what_protects_it(sqlite_database):
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(0))
        fill_tidily(world, 40)
        reading, truth = read(published(tables(world))), truth_of(world)
    targets = sensitive(reading, truth)
    small = {cell for signs, _true in targets for cell in signs}
    bare = {
        cell: truth.get(cell, 0) if value is None and cell not in small else value
        for cell, value in reading.said.items()
    }
    outsider = outsider_of(Reading(bare, reading.shares), truth)
    outcomes = [(signs, n) for signs, n in targets if {cell[2] for cell in signs} == {"outcomes"}]
    assert outsider.certain(Random(0).sample(outcomes, 40), truth)


def test_later_tables_cannot_be_subtracted_from_earlier_ones(sqlite_database):
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(5))
        fill(world, 90)
        first = tables(world)
        again = tables(world, earlier=[first.told])
        assert (again.told, compare(again.told, first.told).lost) == (first.told, 0)
        fill(world, 9)
        second = tables(world, earlier=[first.told])
        fill(world, 4)
        third = tables(world, earlier=[first.told, second.told])
    assert compare(second.told, first.told).lost
    assert third.told != first.told
    for later, earlier in ((second, first), (third, first), (third, second)):
        for cell in later.told.keys() | earlier.told.keys():
            now, before = later.told.get(cell, 0), earlier.told.get(cell, 0)
            if now is not None and before is not None and not cell.endswith(('mean"]', 'median"]')):
                assert not is_small(abs(now - before)), cell


def test_no_small_difference_between_two_publications_can_be_worked_out(sqlite_database):
    """No count that moved by few is certain in both, told or got from all else that is told.

    What is not known of either cannot be got from both together: nothing ties the two, since
    answers are taken back as well.
    """
    by = (Dimension.SEX, Dimension.FLAG, Dimension.MODE)
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(7))
        fill_tidily(world, 60)
        first = tables(world, split_by=by)
        before = truth_of(world)
        fill_tidily(world, 4)
        second = tables(world, split_by=by, earlier=[first.told])
        now = truth_of(world)
    moved = {cell: abs(now.get(cell, 0) - before.get(cell, 0)) for cell in now | before}
    cells = sorted((cell for cell, n in moved.items() if is_small(n)), key=str)
    assert len(cells) > 300
    told_at_first = worked_out(first, before, cells)
    assert told_at_first
    assert worked_out(second, now, told_at_first) == []


def worked_out(found: QuarterTables, truth: dict, cells: list) -> list:
    """Which of these cells can be only what they are, by all that one publication says."""
    reading = read(published(found))
    targets = [({cell: 1}, truth.get(cell, 0)) for cell in cells if cell in reading.said]
    certain = outsider_of(reading, truth).certain(targets, truth)
    return [cell for signs, _true in certain for cell in signs]


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


def test_a_quarter_once_published_without_splits_is_guarded_when_they_are_added(sqlite_database):
    by_sex = (Dimension.SEX,)
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(4))
        fill_tidily(world, 50)
        first = tables(world, split_by=())
        assert first.splits == {}
        again = tables(world, split_by=by_sex, earlier=[first.told])
        assert (set(again.splits), compare(again.told, first.told).lost) == (set(by_sex), 0)
        assert any(value and '"sex"' in name for name, value in again.told.items())
        fill_tidily(world, 2)
        later = tables(world, split_by=by_sex, earlier=[first.told])
    moved = [
        abs(value - first.told.get(name, 0))
        for name, value in later.told.items()
        if name.startswith("[null") and not name.endswith(('mean"]', 'median"]'))
        if value is not None and first.told.get(name, 0) is not None
    ]
    assert compare(later.told, first.told).lost
    assert not any(map(is_small, moved))


def test_a_mean_that_moved_while_the_people_did_not_is_kept_back_in_every_table(sqlite_database):
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(3))
        for _n in range(12):
            case = world.add_case(support_level="caseworker", sex="female")
            for wave, code in (("baseline", "4"), ("closure", "7")):
                world.add_response(case, "adult-star", {"safety": code}, wave=wave)
        world.settle()
        first = tables(world, split_by=(Dimension.SEX,))
        assert document(first.whole)["stars"][0]["last"] == {"median": 7.0, "mean": 7.0}
        old = world.responses[-1]
        new = world.add_response(world.cases[-1], "adult-star", {"safety": "9"})
        old.superseded_by_id = new.id
        world.settle()
        second = tables(world, split_by=(Dimension.SEX,), earlier=[first.told])
        for shown in (second.whole, second.splits[Dimension.SEX]):
            row = document(shown)["stars"][0]
            assert row["paired"] == 12
            assert row["last"] == {"median": "[c]", "mean": "[c]"}
        unchanged = tables(world, split_by=(Dimension.SEX,), earlier=[second.told])
        assert document(unchanged.whole)["stars"][0]["last"]["mean"] == 7.2
