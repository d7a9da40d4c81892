"""Records are judged as they stand, by worker and by file; the team's load is Today's own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.record_quality import State, Topic
from survey_app.domain.requests import Wave
from survey_app.reporting.data_quality import judged_cases
from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_today
from survey_app.reporting.marked_cases import (
    CaseGroup,
    latest_case_files,
    page_of_marked,
    tally,
    tally_by_arrival,
    tally_by_worker,
)
from survey_app.reporting.overdue import due_by_worker
from survey_app.reporting.workers import Worker
from survey_app.store.imports import ImportRun
from survey_app.store.programmes import Programmes
from survey_app.store.services import Service
from tests.alerts import an_alert
from tests.builders import a_case, a_person, a_request
from tests.case_files import a_live_service
from tests.staff import an_account
from tests.store.statements import counted_statements
from tests.world import NOON

EARLIER = NOON - timedelta(days=9)


@pytest.fixture
def service(session: Session) -> Service:
    """A service that runs `standard`; another beside it, with cases of its own."""
    ours = a_live_service(session)
    a_case(session, a_live_service(session, "other"), flags=None)
    return ours


def states_of(session: Session, service: Service, topic: Topic, **group) -> dict[str, int]:
    found = tally(judged_cases(session, CaseGroup(service.id, **group), NOON)).counts
    return {state: n for (about, state), n in found.items() if about == topic}


def test_what_is_stored_is_what_is_judged(session: Session, service):
    person = a_person(
        session,
        service,
        sex="female",
        ethnicity="declined",
        disability="not-asked",
        sexuality="unknown",
        number_kind="invalid",
        sms_safe="unknown",
        safety_checked_on=None,
    )
    referred = datetime(2026, 9, 18, 9, tzinfo=UTC)
    a_case(
        session,
        service,
        person,
        flags=None,
        age_at_referral=40,
        referred_at=referred,
        first_contact_at=referred + timedelta(hours=50),
        first_contact_on=(referred + timedelta(hours=50)).date(),
        needs_assessment_on=date(2026, 9, 20),
        support_plan_on=date(2026, 9, 19),
    )
    expected = {
        Topic.DATE_OF_BIRTH: State.RECORDED,
        Topic.SEX: State.RECORDED,
        Topic.ETHNICITY: State.DECLINED,
        Topic.DISABILITY: State.NOT_ASKED,
        Topic.SEXUALITY: State.UNKNOWN,
        Topic.RELIGION: State.NOT_RECORDED,
        Topic.NUMBER: State.WRONG,
        Topic.FLAGS: State.NOT_RECORDED,
        Topic.TEXT_CONSENT: State.RECORDED,
        Topic.TEXT_SAFE: State.UNKNOWN,
        Topic.CALL_SAFE: State.NOT_RECORDED,
        Topic.SAFETY_CHECK: State.NOT_RECORDED,
        Topic.FIRST_CONTACT: State.LATE,
        Topic.TWO_ATTEMPTS: State.NOT_RECORDED,
        Topic.SUPPORT_PLAN: State.MET,
        Topic.REVIEW: State.NOT_RECORDED,
        Topic.PLAN_ORDER: State.OUT_OF_ORDER,
    }
    found = {topic: states_of(session, service, topic) for topic in expected}
    assert found == {topic: {state: 1} for topic, state in expected.items()}


def test_each_file_and_each_worker_has_its_own_part(session: Session, service):
    worker = an_account(session)
    for started_at, name in ((EARLIER, "first.csv"), (NOON, "second.csv")):
        session.add(
            ImportRun(
                service_id=service.id,
                kind="cases",
                file_name=name,
                started_at=started_at,
                counts={},
            )
        )
    for created_at, flags, account_id in (
        (EARLIER, None, worker.id),
        (EARLIER, "none", None),
        (NOON, None, None),
        (NOON - timedelta(hours=1), "none", None),
    ):
        a_case(session, service, created_at=created_at, flags=flags, caseworker_id=account_id)
    cases = judged_cases(session, CaseGroup(service.id), NOON)
    mark = (Topic.FLAGS.value, State.NOT_RECORDED.value)
    assert {
        run.file_name: tally_by_arrival(cases)[run.started_at].counts[mark]
        for run in latest_case_files(session, service.id)
    } == {"second.csv": 1, "first.csv": 1}
    assert {w: (t.base, t.counts[mark]) for w, t in tally_by_worker(cases).items()} == {
        Worker(worker.id): (1, 1),
        Worker(): (3, 1),
    }
    gap = states_of(session, service, Topic.FLAGS, arrived_at=EARLIER)
    assert gap == {State.RECORDED: 1, State.NOT_RECORDED: 1}
    assert page_of_marked(session, cases, mark).total == 2


def test_queries_do_not_grow_with_the_cases(session: Session, service):
    numbers = []
    for _round in range(2):
        for _n in range(4):
            a_case(session, service)
        with counted_statements(session) as sent:
            cases = judged_cases(session, CaseGroup(service.id), NOON)
            page_of_marked(session, cases, None)
        numbers.append(len(sent))
    assert numbers == [2, 2]


def test_what_is_overdue_is_todays_own_lists_added_up_by_worker(session: Session, service):
    programme = Programmes.of(session, service.id).in_force
    account = an_account(session)
    places = ({"caseworker_id": account.id}, {"caseworker_text": "Cy"}, {})
    for n, place in enumerate(places):
        for hours in range(-1, n + 1):
            case = a_case(session, service, **place)
            an_alert(session, case, due_at=NOON + timedelta(hours=hours))
        known = {"support_level": "caseworker", "arrived_on": NOON.date() - timedelta(days=20)}
        case = a_case(session, service, **place, **known)
        due_at = NOON - timedelta(days=3)
        a_request(session, case, wave=Wave.CLOSURE, channel="phone", due_at=due_at)
    with counted_statements(session) as sent:
        team, loads = due_by_worker(Desk(session, service.id, programme, NOON))
    workers = {Worker(account.id), Worker(text="Cy"), Worker()}
    assert set(loads) == workers
    for kind in DueKind:
        assert team.due[kind] == sum(load.due[kind] for load in loads.values())
    for worker in workers:
        desk = Desk(session, service.id, programme, NOON, held_by=worker)
        for kind, due in due_today(desk, limit=1).items():
            assert loads[worker].due[kind] == due.total
    assert [loads[w].due[DueKind.ALERTS] for w in (Worker(account.id), Worker())] == [2, 4]
    assert team.overdue == {
        DueKind.ALERTS: 3,
        DueKind.BASELINE: 3,
        DueKind.CALLS: 3,
    } | {kind: 0 for kind in team.overdue if team.overdue[kind] == 0}
    assert len(sent) <= 7
