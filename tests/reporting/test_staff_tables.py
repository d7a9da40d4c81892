"""The tables that never leave the service, against a second count of the same rows."""

from collections import Counter
from random import Random
from shutil import copyfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.domain.statistics import rate
from survey_app.reporting.filters import Dimension, Filters
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.report import FilteredOutsideError, Part, Report, report
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.reporting import plain_counting as plain
from tests.reporting.worlds import NOW, World, fill

SPRING = Quarter(2018, 1)
STAFF_PARTS = (Part.LADDER, Part.CHANGES, Part.WHO_ANSWERED, Part.RECORDING)


def a_report(world: World, session: Session | None = None, **choices) -> Report:
    choices = {"audience": Audience.STAFF, "now": NOW, "parts": STAFF_PARTS} | choices
    return report(session or world.session, world.service, SPRING, **choices)


@pytest.fixture
def world(session: Session) -> World:
    noise = World(session, Random(1))
    fill(noise, 5)
    world = World.beside(noise, Random(8))
    fill(world, 60)
    return world


def closed(world: World) -> list:
    return [case for case in world.cases if plain.in_quarter(case.closed_on)]


def has_answered(world: World, case) -> bool:
    return any(
        r.case_id == case.id
        and r.wave == "closure"
        and r.is_complete
        and plain.instrument_of(world, r).startswith(("sus-", "short-"))
        for r in plain.counting(world)
    )


def test_every_value_of_a_characteristic_is_a_second_count_of_its_cases(world: World):
    found = {(r.characteristic, r.value): r for r in a_report(world).who_answered}
    for characteristic, values_of in (
        ("sex", lambda case: [world.sexes[case.person_id] or "not-recorded"]),
        ("crime-category", lambda case: [case.crime_category or "not-recorded"]),
        ("flag", lambda case: (case.flags or "not-recorded").split(";")),
    ):
        everyone, answered = Counter(), Counter()
        for case in closed(world):
            for value in values_of(case):
                everyone[value] += 1
                answered[value] += has_answered(world, case)
        rows = {value: row for (name, value), row in found.items() if name == characteristic}
        assert {value: row.closed for value, row in rows.items()} == everyone
        for value, row in rows.items():
            assert row.answered == answered[value]
            assert row.answered_of_closed == rate(answered[value], everyone[value])


def test_moves_are_those_of_the_answers_and_add_up_to_the_pairs(world: World):
    expected: Counter[tuple[str, str]] = Counter()
    cases = {case.id: case for case in world.cases}
    for (case_id, area), values in plain.readings(world, "self-assessment").items():
        first = [v for v in values if v[2] == "baseline"][:1]
        last = [v for v in values if v[2] == "closure"] or [v for v in values if v[2] == "review"]
        if first and last and plain.in_quarter(cases[case_id].closed_on):
            expected[area, f"{first[0][3]}-{last[-1][3]}"] += 1
    changes = a_report(world).changes
    rows = [row for row in changes.areas if row.instrument == "self-assessment"]
    assert {(r.area, move): n for r in rows for move, n in r.moves.items()} == expected
    assert all(row.values == (1, 2, 3, 4, 5) for row in rows)
    pairs = sum(row.pairs for row in changes.modes if row.instrument == "self-assessment")
    assert pairs == expected.total()


def test_what_is_recorded_is_counted_over_every_closed_case(world: World):
    found = {row.fact: row.recorded for row in a_report(world).recording}
    cases = closed(world)
    assert found["flags"] == rate(sum(bool(case.flags) for case in cases), len(cases))
    reasons = sum(case.closure_reason is not None for case in cases)
    assert found["closure-reason"] == rate(reasons, len(cases))
    assert found["first-contact"] == rate(0, len(cases))


def test_another_services_staff_see_none_of_it(database, world: World):
    world.session.commit()
    with database.read(Scope.staff([world.neighbour.service.id])) as session:
        found = a_report(world, session)
        assert found.is_empty
        assert not found.changes.areas
        assert sum(row.closed for row in found.who_answered) == 0


def test_pages_about_cases_have_nothing_by_answers(world: World):
    for choices in (
        {"basis": Basis.ANSWERED},
        {"filters": Filters({Dimension.MODE: "phone"})},
        {"filters": Filters(instrument="self-assessment")},
    ):
        found = a_report(world, **choices)
        assert (found.ladder, found.who_answered, found.recording) == (None, (), ())
        assert found.changes.areas


@pytest.mark.parametrize(
    "choices", [{"filters": Filters({Dimension.SEX: "female"})}, {"parts": (Part.LADDER,)}]
)
def test_nobody_outside_gets_filtered_or_partial_figures(session: Session, choices):
    world = World(session)
    choices = {"parts": tuple(Part)[:4]} | choices
    with pytest.raises(FilteredOutsideError):
        a_report(world, audience=Audience.COMMISSIONER, **choices)


FILTERS = {
    Dimension.SEX: lambda world, case: world.sexes[case.person_id] or "not-recorded",
    Dimension.CRIME_CATEGORY: lambda world, case: case.crime_category or "not-recorded",
    Dimension.TIER: plain.tier,
}


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(st.sampled_from(list(FILTERS)), st.integers(0, 3), max_size=3),
)
def test_a_filtered_report_is_a_second_count_of_those_who_pass(filtered_world: World, drawn):
    offered = {
        dimension: sorted({value(filtered_world, case) for case in filtered_world.cases})
        for dimension, value in FILTERS.items()
    }
    only = {d: offered[d][n % len(offered[d])] for d, n in drawn.items()}

    def passes(case, *_: object) -> bool:
        return all(FILTERS[d](filtered_world, case) == value for d, value in only.items())

    found = a_report(filtered_world, filters=Filters(only), parts=tuple(Part)[:4])
    expected = plain.ladder(filtered_world, passes)["all"]
    everyone = next((row for row in found.ladder if row.tier == "all"), None)
    for key in ("supported", "eligible", "asked", "completed"):
        assert (getattr(everyone, key) if everyone else 0) == expected[key]
    satisfied = plain.satisfaction(filtered_world, "closed", passes)
    assert {(r.tier, r.instrument, r.measure): r.rate for r in found.satisfaction} == {
        place: rate(n["n"], n["d"]) for place, n in satisfied.items()
    }
    outcomes = plain.outcomes(filtered_world, "closed", passes)
    assert {r.area: r.paired for r in found.outcomes} == {
        a: n["paired"] for a, n in outcomes.items()
    }


@pytest.fixture(scope="module")
def filtered_world(_sqlite_template, tmp_path_factory):
    """One drawn world for all examples: filters only read."""
    path = tmp_path_factory.mktemp("filtered") / "survey.db"
    copyfile(_sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.write(Scope.worker()) as session:
        world = World(session, Random(12))
        fill(world, 60)
        yield world
    database.close()
