"""A case is with its caseworker's team, and what is counted for a team is what its list shows."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.instruments import InstrumentKind
from survey_app.reporting.coverage import Measure, covered_cases
from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_today
from survey_app.reporting.marked_cases import CaseGroup, Tally, tally, tally_by_worker
from survey_app.reporting.overdue import Load, due_by_worker
from survey_app.reporting.teams import Team, workers_by_team
from survey_app.reporting.workers import Worker
from survey_app.store.programmes import Programmes
from survey_app.store.services import Service
from survey_app.store.team_members import put_in_team, team_names, teams_by_account
from tests.alerts import an_alert
from tests.builders import a_case
from tests.case_files import a_live_service
from tests.staff import an_account
from tests.world import NOON

SIZES = {"Ada": 1, "Bo": 2, "Cy": 4, "file": 8, "nobody": 16}
EXPECTED = {Team("north"): 3, Team("South"): 4, Team(): 24}


@pytest.fixture
def service(session: Session) -> Service:
    """Two teams, a name that only the file knows, and nobody; the same people elsewhere beside."""
    ours, other = a_live_service(session), a_live_service(session, "other")
    accounts = {name: an_account(session, name=name).id for name in ("Ada", "Bo", "Cy")}
    for name, team in (("Ada", "north"), ("Bo", "north"), ("Cy", "South")):
        put_in_team(session, ours.id, accounts[name], team)
        put_in_team(session, other.id, accounts[name], "Elsewhere")
    for service in (ours, other):
        for name, n in SIZES.items():
            place = {"caseworker_id": accounts.get(name)}
            place |= {"caseworker_text": "a name"} if name == "file" else {}
            for _n in range(n):
                due_at = NOON - timedelta(hours=1)
                an_alert(session, a_case(session, service, **place), due_at=due_at)
    return ours


def test_every_case_is_in_one_team_and_a_number_is_its_list(session: Session, service):
    measure = Measure(InstrumentKind.STAR)
    by_worker = tally_by_worker(covered_cases(session, CaseGroup(service.id), measure))
    teams = workers_by_team(by_worker, teams_by_account(session, service.id))
    counted = {team: Tally.sum_of(by_worker[w] for w in found) for team, found in teams.items()}
    assert {team: found.base for team, found in counted.items()} == EXPECTED
    assert list(counted) == list(EXPECTED)
    for team, found in counted.items():
        group = CaseGroup(service.id, held_by=Team.read(team.key))
        assert tally(covered_cases(session, group, measure)) == found


def test_what_is_due_with_a_team_is_todays_list_of_that_team(session: Session, service):
    programme = Programmes.of(session, service.id).in_force
    desk = Desk(session, service.id, programme, NOON)
    _everybody, loads = due_by_worker(desk)
    teams = workers_by_team(loads, teams_by_account(session, service.id))
    for team, workers in teams.items():
        load = Load.sum_of(loads[worker] for worker in workers)
        assert load.overdue[DueKind.ALERTS] == EXPECTED[team]
        held = Desk(session, service.id, programme, NOON, held_by=team)
        for kind, due in due_today(held, limit=1).items():
            assert load.due[kind] == due.total


def test_a_team_reads_from_an_address_what_it_wrote_there():
    for team in (Team(), Team("-"), Team("~x"), Team("North & South")):
        assert Team.read(team.key) == team
    for said in (None, "", "~", "North"):
        assert Team.read(said) is None


def test_a_name_in_a_file_belongs_to_no_team():
    assert Team.of(Worker(text="North"), {1: "North"}) == Team()


def test_the_names_in_use_are_the_services_own(session: Session, service):
    assert list(team_names(session, service.id)) == ["South", "north"]
