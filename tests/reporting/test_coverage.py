"""Coverage counts what `report` counts, worker by worker, and lists exactly what it counted."""

from datetime import date
from random import Random

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.periods import Quarter
from survey_app.reporting.coverage import HAS, Measure, covered_cases, measures
from survey_app.reporting.marked_cases import CaseGroup, page_of_marked, tally, tally_by_worker
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.reporting.workers import Worker
from tests.reporting.worlds import NOW, World, fill
from tests.staff import an_account
from tests.store.statements import counted_statements

QUARTER = Quarter(2018, 1)


@pytest.fixture
def world(session: Session) -> World:
    """A messy service, its cases with two accounts, a name and nobody; a noisy one beside it."""
    world = World(session, Random(7))
    fill(world, 30)
    fill(World.beside(world, Random(8)), 5)
    ids = [an_account(session, name=name).id for name in ("Ada", "Bo")]
    for n, case in enumerate(world.cases):
        case.caseworker_id = (ids[0], ids[1], None, None)[n % 4]
        case.caseworker_text = (None, "old name", "Cy", None)[n % 4]
    session.flush()
    return world


def counts_of(session: Session, world: World, measure: Measure) -> dict[str, int]:
    """What the workers' own tallies add up to."""
    cases = covered_cases(session, CaseGroup(world.service.id, QUARTER), measure)
    tallies = tally_by_worker(cases).values()
    return {column: sum(each.counts[HAS, column] for each in tallies) for column in measure.columns}


def test_for_every_area_the_workers_add_up_to_the_report_of_the_quarter(session: Session, world):
    staff = report(session, world.service, QUARTER, audience=Audience.STAFF, now=NOW)
    assert sum(row.paired for row in staff.outcomes) > 10
    for row in staff.outcomes:
        found = counts_of(
            session, world, Measure(InstrumentKind.SELF_ASSESSMENT, row.instrument, row.area)
        )
        assert (found["paired"], found["baseline-only"], found["closure-only"]) == (
            row.paired,
            row.baseline_only,
            row.closure_only,
        )
        assert found["baseline"] == row.paired + row.baseline_only
        assert found["closure"] == row.paired - row.paired_with_review + row.closure_only
    assert staff.stars
    for star in staff.stars:
        found = counts_of(session, world, Measure(InstrumentKind.STAR, star.instrument, star.area))
        assert (found["paired"], found["one-reading"]) == (star.paired, star.one_reading_only)


@pytest.mark.parametrize("kind", [InstrumentKind.SELF_ASSESSMENT, InstrumentKind.STAR])
def test_in_any_area_a_case_counts_once_for_the_most_that_it_has(session: Session, world, kind):
    cases = covered_cases(session, CaseGroup(world.service.id, QUARTER), Measure(kind))
    found = tally(cases)
    parts = [column for column in Measure(kind).columns if column not in ENDS]
    assert sum(found.counts[HAS, part] for part in parts) == found.base == len(cases)
    areas = [m for m in measures(session) if m.kind is kind and m.area is not None]
    assert len(areas) >= 4
    with_pair = set[int]()
    for measure in areas:
        of_area = covered_cases(session, CaseGroup(world.service.id, QUARTER), measure)
        with_pair |= {case.id for case in of_area if (HAS, "paired") in case.marks}
    assert {case.id for case in cases if (HAS, "paired") in case.marks} == with_pair


ENDS = ("baseline", "closure", "reading")


def test_each_worker_has_their_own_cases_and_open_ones_are_a_group_of_their_own(
    session: Session, world
):
    measure = Measure(InstrumentKind.SELF_ASSESSMENT)
    of_quarter = covered_cases(session, CaseGroup(world.service.id, QUARTER), measure)
    by_worker = tally_by_worker(of_quarter)
    assert Worker(text="Cy") in by_worker
    assert Worker() in by_worker
    assert Worker(text="old name") not in by_worker
    for worker, own in by_worker.items():
        group = CaseGroup(world.service.id, QUARTER, held_by=Worker.read(worker.key))
        assert tally(covered_cases(session, group, measure)).counts == own.counts
    opened = covered_cases(session, CaseGroup(world.service.id), measure)
    assert {case.id for case in opened} == {c.id for c in world.cases if c.closed_on is None}


def test_the_list_behind_a_number_pages_through_just_those_cases(session: Session, world):
    measure = Measure(InstrumentKind.SELF_ASSESSMENT)
    for n, case in enumerate(world.cases):
        case.referred_on = date(2018, 1, 1 + n % 5)
    session.flush()
    cases = covered_cases(session, CaseGroup(world.service.id, QUARTER), measure)
    seen, after = [], None
    while True:
        page = page_of_marked(session, cases, (HAS, "baseline"), after, limit=7)
        seen += [(row.referred_on, row.id) for row in page.rows]
        if not page.has_more:
            break
        after = seen[-1]
    assert len(seen) == page.total == tally(cases).counts[HAS, "baseline"]
    assert seen == sorted(seen, reverse=True)
    assert {i for _day, i in seen} == {c.id for c in cases if (HAS, "baseline") in c.marks}


def test_queries_do_not_grow_with_the_cases(session: Session, world):
    group, measure = CaseGroup(world.service.id, QUARTER), Measure(InstrumentKind.STAR)
    with counted_statements(session) as sent:
        page_of_marked(session, covered_cases(session, group, measure), None)
    assert len(sent) == 2
