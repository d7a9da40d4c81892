"""Pair rows: what they hold for one case, and that they follow the answers that count."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.pairs import Pair
from survey_app.usecases.refresh_pairs import refresh_pairs
from tests import builders
from tests.reporting.worlds import World

EARLY, LATER, LATE = date(2018, 2, 2), date(2018, 3, 5), date(2018, 5, 9)
AREA = "feeling-safe"


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def pairs(world: World, case) -> list[Pair]:
    refresh_pairs(world.session, [case.id])
    return list(world.session.scalars(select(Pair).where(Pair.case_id == case.id)))


def a_pair(world: World, case) -> Pair:
    (pair,) = pairs(world, case)
    return pair


def test_first_baseline_and_last_closure_make_a_pair_with_its_outcome(world: World):
    case = world.add_case()
    world.add_response(case, "self-assessment", {AREA: "2"}, wave="baseline", on=EARLY)
    world.add_response(
        case, "self-assessment", {AREA: "4"}, wave="closure", on=LATE, mode="phone", language="cy"
    )
    pair = a_pair(world, case)
    assert (pair.kind, pair.instrument, pair.area) == ("self-assessment", "self-assessment", AREA)
    assert (pair.status, pair.outcome, pair.has_room) == ("paired", "improved", True)
    assert (pair.first_value, pair.last_value) == (2, 4)
    assert (pair.first_on, pair.last_on) == (EARLY, LATE)
    assert (pair.first_mode, pair.last_mode, pair.last_language) == ("sms-link", "phone", "cy")
    assert not pair.is_review_last


@pytest.mark.parametrize(
    ("given", "status", "outcome"),
    [
        ([("baseline", EARLY, "5")], "baseline-only", None),
        ([("closure", LATE, "5")], "closure-only", None),
        ([("review", LATER, "5")], "review-only", None),
        ([("baseline", EARLY, "5"), ("review", LATER, "5")], "paired", "sustained-well"),
        ([("baseline", EARLY, "3"), ("closure", LATE, "3")], "paired", "sustained-low"),
        ([("baseline", EARLY, "3"), ("closure", LATE, "prefer-not-to-say")], "baseline-only", None),
        ([("baseline", EARLY, ""), ("closure", LATE, "2")], "closure-only", None),
    ],
)
def test_how_a_case_stands(world: World, given, status, outcome):
    case = world.add_case()
    for wave, on, code in given:
        world.add_response(case, "self-assessment", {AREA: code}, wave=wave, on=on)
    pair = a_pair(world, case)
    assert (pair.status, pair.outcome) == (status, outcome)
    assert (pair.last_value is not None) == (status in ("paired", "closure-only", "review-only"))


def test_without_any_value_there_is_no_row(world: World):
    case = world.add_case()
    world.add_response(case, "self-assessment", {AREA: ""}, wave="baseline", on=EARLY)
    assert pairs(world, case) == []


def test_answers_of_an_open_request_and_superseded_ones_do_not_count(world: World):
    case = world.add_case()
    world.add_response(case, "self-assessment", {AREA: "2"}, wave="baseline", on=EARLY)
    old = world.add_response(case, "self-assessment", {AREA: "1"}, wave="closure", on=LATE)
    new = world.add_response(case, "self-assessment", {AREA: "3"}, wave="closure", on=LATER)
    old.superseded_by_id = new.id
    world.add_response(case, "self-assessment", {AREA: "5"}, on=LATE, counts_on=None)
    assert a_pair(world, case).last_value == 3


def test_running_it_again_follows_the_answers_and_touches_no_other_case(world: World):
    case, other = world.add_case(), world.add_case()
    for each in (case, other):
        world.add_response(each, "self-assessment", {AREA: "2"}, wave="baseline", on=EARLY)
    refresh_pairs(world.session, [case.id, other.id])
    kept = world.session.scalar(select(Pair.id).where(Pair.case_id == other.id))
    world.add_response(case, "self-assessment", {AREA: "1"}, wave="closure", on=LATE)
    assert a_pair(world, case).outcome == "declined"
    assert world.session.scalar(select(Pair.id).where(Pair.case_id == other.id)) == kept


def test_a_star_pairs_its_first_with_its_last_reading(world: World):
    case = world.add_case()
    for wave, on, code in (
        ("review", LATER, "9"),
        ("baseline", EARLY, "3"),
        ("closure", LATE, "6"),
    ):
        world.add_response(case, "adult-star", {"safety": code}, wave=wave, on=on)
    pair = a_pair(world, case)
    assert (pair.kind, pair.status, pair.outcome) == ("star", "paired", "increased")
    assert (pair.first_value, pair.last_value) == (3, 6)


def test_worker_and_client_scoring_one_occasion_make_no_pair(world: World):
    case = world.add_case()
    for scorer, code in (("worker", "7"), ("client", "3")):
        world.add_response(
            case, "adult-star", {"safety": code}, wave="baseline", on=EARLY, scored_by=scorer
        )
    pair = a_pair(world, case)
    assert (pair.status, pair.first_value) == ("one-reading", 7)


def test_a_retrospective_reading_stands_at_the_start(world: World):
    case = world.add_case()
    world.add_response(case, "adult-star", {"safety": "6"}, wave="closure", on=LATER)
    world.add_response(
        case, "adult-star", {"safety": "2"}, wave="baseline", on=LATE, is_retrospective=True
    )
    pair = a_pair(world, case)
    assert (pair.first_value, pair.last_value, pair.first_on) == (2, 6, case.referred_on)


def test_versions_are_not_compared_with_each_other(world: World):
    case = world.add_case()
    content = world.instruments["self-assessment"].model_dump(mode="json") | {"version": "2"}
    world.add_response(case, "self-assessment", {AREA: "2"}, wave="baseline", on=EARLY)
    world.snapshots["newer"] = builders.an_instrument(
        world.session, "self-assessment", content, version="2"
    )
    world.add_response(case, "newer", {AREA: "5"}, wave="closure", on=LATE)
    assert (a_pair(world, case).status, a_pair(world, case).last_value) == ("closure-only", 5)
    world.add_response(case, "self-assessment", {AREA: "3"}, wave="closure", on=LATER)
    assert (a_pair(world, case).status, a_pair(world, case).last_value) == ("paired", 3)


def a_later_version(world: World, **facts) -> None:
    """Version 2 of the self-assessment, to be answered as `self-assessment-2`."""
    content = world.instruments["self-assessment"].model_dump(mode="json") | {"version": "2"}
    world.snapshots["self-assessment-2"] = builders.an_instrument(
        world.session, "self-assessment", content | facts, version="2"
    )


@pytest.mark.parametrize(("comparable", "status"), [((), "closure-only"), (("1",), "paired")])
def test_versions_are_compared_only_where_one_says_that_they_are_comparable(
    world: World, comparable, status
):
    a_later_version(world, comparable_with=list(comparable))
    case = world.add_case()
    world.add_response(case, "self-assessment", {AREA: "2"}, wave="baseline", on=EARLY)
    world.add_response(case, "self-assessment-2", {AREA: "4"}, wave="closure", on=LATE)
    assert a_pair(world, case).status == status


def test_a_comparable_version_with_another_scale_is_not_compared(world: World):
    items = world.instruments["self-assessment"].model_dump(mode="json")["items"]
    for item in items:
        item["options"] = [o for o in item["options"] if o["code"] != "5"]
    a_later_version(world, comparable_with=["1"], items=items)
    case = world.add_case()
    world.add_response(case, "self-assessment", {AREA: "2"}, wave="baseline", on=EARLY)
    world.add_response(case, "self-assessment-2", {AREA: "4"}, wave="closure", on=LATE)
    assert a_pair(world, case).status == "closure-only"
