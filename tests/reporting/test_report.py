"""The report against a second count of the same rows, on both databases, on both bases, split."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.domain.statistics import mean, median, rate
from survey_app.reporting.filters import Dimension
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.report import Report, report
from tests import builders
from tests.reporting import plain_counting as plain
from tests.reporting.worlds import NOW, World, fill, fill_tidily

SPRING = Quarter(2018, 1)


def a_report(world: World, **choices) -> Report:
    choices = {"audience": Audience.STAFF, "now": NOW} | choices
    return report(world.session, world.service, SPRING, **choices)


@pytest.fixture
def world(session: Session) -> World:
    noise = World(session, Random(1))
    fill(noise, 8)
    world = World.beside(noise, Random(7))
    fill(world, 90)
    return world


def assert_ladder(rows, expected: dict[str, Counter[str]]) -> None:
    for row in rows:
        counts = expected.get(row.tier, Counter())
        for key in (
            *("supported", "eligible", "contactable", "asked", "reached", "started", "completed"),
            *("opted_out", "expired"),
        ):
            assert getattr(row, key) == counts[key], (row.tier, key)
        assert row.texts == {key: counts[key] for key in ("sent", "delivered", "failed")}
        for name, shown in (("not_asked", row.not_asked), ("mode", row.completed_by_mode)):
            assert shown == {
                key.removeprefix(f"{name}."): n
                for key, n in counts.items()
                if n and key.startswith(f"{name}.")
            }
        assert row.completed_of_eligible == rate(counts["completed"], counts["eligible"])
        assert row.completed_of_supported == rate(counts["completed"], counts["supported"])


def assert_satisfaction(rows, expected) -> None:
    found = {(row.tier, row.instrument, row.measure): row for row in rows}
    assert found.keys() == expected.keys()
    for place, counts in expected.items():
        row = found[place]
        assert row.rate == rate(counts["n"], counts["d"]), place
        for key, count in row.outside_base.items():
            assert count == counts[key], (place, key)
        if row.measure.startswith("helped-"):
            assert row.all_asked == rate(counts["n"], counts["asked"])
        else:
            assert row.all_asked is None


def assert_outcomes(rows, expected: dict[str, Counter[str]]) -> None:
    assert {row.area for row in rows} == expected.keys()
    for row in rows:
        counts = expected[row.area]
        for key in ("paired", "paired_with_review", "baseline_only", "closure_only", "declined"):
            assert getattr(row, key) == counts[key], (row.area, key)
        for key in ("improved", "sustained_well", "sustained_low"):
            assert getattr(row, key) == counts[key], (row.area, key)
        kept = counts["improved"] + counts["sustained_well"] + counts["sustained_low"]
        assert row.improved_or_sustained == rate(kept, counts["paired"])
        assert row.improved_rate == rate(counts["improved"], counts["paired"])
        assert row.improved_with_room == rate(counts["improved"], counts["with_room"])


def assert_stars(rows, overall, expected) -> None:
    counts_by_area, values, rose = expected
    assert {row.area for row in rows} == counts_by_area.keys()
    for row in rows:
        counts = counts_by_area[row.area]
        for key in ("paired", "increased", "maintained", "decreased", "one_reading_only"):
            assert getattr(row, key) == counts[key], (row.area, key)
        assert row.increased_rate == rate(counts["increased"], counts["paired"])
        for place, average in enumerate((row.first, row.last)):
            scores = Counter(pair[place] for pair in values[row.area])
            assert (average.median, average.mean) == (median(scores), mean(scores))
    assert [row.any_area_increased for row in overall] == [rate(sum(rose.values()), len(rose))]


@pytest.mark.parametrize("basis", list(Basis))
def test_the_figures_are_those_of_a_second_count(world: World, basis: Basis):
    found = a_report(world, basis=basis)

    def everyone(*_: object) -> bool:
        return True

    if basis is Basis.CLOSED:
        assert_ladder(found.ladder, plain.ladder(world, everyone))
        assert [row.tier for row in found.ladder] == ["none", "1", "2", "3", "all"]
    else:
        assert found.ladder is None
    assert_satisfaction(found.satisfaction, plain.satisfaction(world, basis.value, everyone))
    assert_outcomes(found.outcomes, plain.outcomes(world, basis.value, everyone))
    assert_stars(found.stars, found.stars_overall, plain.stars(world, basis.value, everyone))


def groups(case, dimension: Dimension, sexes: dict[int, str | None]) -> list[str]:
    if dimension is Dimension.FLAG:
        return (case.flags or "not-recorded").split(";")
    if dimension is Dimension.SEX:
        return [sexes[case.person_id] or "not-recorded"]
    return [case.crime_category or "not-recorded"]


@pytest.mark.parametrize("by", [Dimension.CRIME_CATEGORY, Dimension.FLAG, Dimension.SEX])
def test_each_group_is_a_second_count_of_its_cases(world: World, by: Dimension):
    found = a_report(world, by=by)
    sexes = world.sexes
    names = {name for case in world.cases for name in groups(case, by, sexes)}
    assert {row.group for row in found.ladder} <= names
    for name in {row.group for row in found.ladder}:

        def is_in(case, *_: object, name: str = name) -> bool:
            return name in groups(case, by, sexes)

        assert_ladder([r for r in found.ladder if r.group == name], plain.ladder(world, is_in))
        assert_satisfaction(
            [r for r in found.satisfaction if r.group == name],
            plain.satisfaction(world, "closed", is_in),
        )
        assert_outcomes(
            [r for r in found.outcomes if r.group == name], plain.outcomes(world, "closed", is_in)
        )


@pytest.mark.parametrize("by", [by for by in Dimension if by.is_partition])
def test_groups_that_do_not_overlap_add_up_to_everyone(world: World, by: Dimension):
    everyone, split = a_report(world), a_report(world, by=by)
    for key in ("supported", "asked", "completed"):
        total = sum(getattr(row, key) for row in split.ladder if row.tier == "all")
        assert total == getattr(everyone.ladder[-1], key)
    for rows in ("outcomes", "stars"):
        assert sum(r.paired for r in getattr(split, rows)) == sum(
            r.paired for r in getattr(everyone, rows)
        )
    assert sum(r.rate.denominator for r in split.satisfaction) == sum(
        r.rate.denominator for r in everyone.satisfaction
    )


def test_a_quarter_is_provisional_while_one_of_its_requests_is_open(session: Session):
    world = World(session)
    case = world.add_case()
    request = world.add_request(case, state="asked")
    assert a_report(world).is_provisional
    assert a_report(world, basis=Basis.ANSWERED).is_provisional
    request.state = "completed"
    session.flush()
    assert not a_report(world).is_provisional
    assert not a_report(world, basis=Basis.ANSWERED).is_provisional


def test_an_open_request_of_another_quarter_makes_nothing_provisional(session: Session):
    world = World(session)
    world.add_case()
    other = world.add_case(closed_on=date(2018, 7, 1))
    world.add_request(other, state="asked")
    assert not a_report(world).is_provisional


def test_a_service_without_cases_or_programme_has_an_empty_report(session: Session):
    service = builders.a_service(session)
    for basis in Basis:
        found = report(session, service, SPRING, basis, now=NOW)
        assert found.is_empty
        assert not found.satisfaction
        assert not found.outcomes
        assert not found.stars


def test_what_a_newer_version_dropped_is_still_told_by_its_name_after_all_others(session: Session):
    """In mid-quarter a survey, a self-assessment and a star lose a question each."""
    world = World(session, Random(6))
    fill_tidily(world, 30)
    dropped = {
        "sus-tier-1": "everyday-life",
        "self-assessment": "feeling-safe",
        "adult-star": "health",
    }
    names = {}
    for key, item_id in dropped.items():
        names[key] = world.instruments[key].item(item_id)
        world.change_instrument(
            key, [item for item in world.instruments[key].items if item.id != item_id]
        )
    fill_tidily(world, 30)
    found = a_report(world)
    shown = {
        "sus-tier-1": [row.label for row in found.satisfaction if row.instrument == "sus-tier-1"],
        "self-assessment": [row.label for row in found.outcomes],
        "adult-star": [row.label for row in found.stars],
    }
    for key, item in names.items():
        assert shown[key][-1] == (item.label or item.text)
        assert len(set(shown[key])) == len(shown[key]) > 3


def test_the_target_is_the_programmes(world: World):
    assert [row.target for row in a_report(world).ladder] == [None, 70, 70, 70, 70]


def test_the_number_of_queries_does_not_grow_with_the_cases(session: Session):
    def queries(world: World) -> int:
        world.session.flush()
        world.session.expire_all()
        engine = world.session.get_bind()
        seen: list[str] = []

        def note(_c, _cursor, statement, *_rest) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        a_report(world, by=Dimension.FLAG)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    world = World(session, Random(3))
    fill(world, 12)
    few = queries(world)
    fill(world, 40)
    assert queries(world) == few <= 16
