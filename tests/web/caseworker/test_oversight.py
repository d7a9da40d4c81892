"""Managers' pages: every number leads to the list of just those cases."""

import re
from datetime import timedelta
from html import unescape

import pytest

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.imports import ImportRun
from survey_app.store.scope import Scope
from survey_app.store.team_members import put_in_team
from survey_app.usecases.add_service import add_service
from tests.alerts import an_alert
from tests.builders import a_case, a_person, a_service
from tests.staff import an_account, sign_in
from tests.world import NOON

HOME = "/services/ours/oversight"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages are the same on both; what they count is tested on both."""
    return sqlite_database


@pytest.fixture
def service(database):
    """Cases of two workers and of nobody, one of them badly recorded; and another service's."""
    with database.write(Scope.worker()) as session:
        a_case(session, case_ref="FOREIGN")
        service = add_service(session, name="Our service", slug="ours", now=NOON)
        ada = an_account(session, (service, Role.CASEWORKER), name="Ada")
        known = {"arrived_on": NOON.date() - timedelta(days=20), "support_level": "caseworker"}
        case = a_case(session, service, case_ref="ADA-1", caseworker_id=ada.id, **known)
        an_alert(session, case, due_at=NOON - timedelta(hours=1))
        put_in_team(session, service.id, ada.id, "North <i>")
        a_case(session, service, case_ref="CY-1", caseworker_text="Cy <b>")
        person = a_person(session, service, sex="declined", number_kind="invalid")
        a_case(session, service, person, case_ref="FREE-1", flags=None, created_at=NOON)
        session.add(
            ImportRun(
                service_id=service.id, kind="cases", file_name="in.csv", started_at=NOON, counts={}
            )
        )
        return service


@pytest.fixture
def manager(database, service, client):
    with database.write(Scope.worker()) as session:
        account = an_account(session, (service, Role.MANAGER), name="Mina")
    sign_in(client, account.email)
    return account


def numbers(page: str) -> list[tuple[int, str]]:
    """Each number that leads to cases, with its address."""
    found = re.findall(r'<a class="govuk-link" href="([^"]+/cases\?[^"]*)">([\d,]+)<span', page)
    return [(int(n.replace(",", "")), unescape(href)) for href, n in found]


@pytest.mark.parametrize(
    "address",
    [
        "coverage",
        "coverage?measure=star",
        "coverage?cases=2026-Q2",
        "data-quality",
        "data-quality?topic=flags&worker=-",
        "data-quality?topic=flags&team=-",
        "data-quality?topic=flags",
    ],
)
def test_every_number_is_the_length_of_its_list(client, manager, address):
    page = client.get(f"{HOME}/{address}")
    assert page.status_code == 200
    assert "FOREIGN" not in page.text
    found = numbers(page.text)
    assert found or "2026-Q2" in address
    noughts = [(n, href) for n, href in found if n == 0][:3]
    for n, href in dict.fromkeys([pair for pair in found if pair[0]] + noughts):
        listed = client.get(href).text
        assert len(re.findall(r"row__link", listed)) == n, href
        assert "FOREIGN" not in listed


def test_each_team_stands_above_its_workers_and_no_team_comes_last(client, manager):
    rows = r'<tr class="govuk-table__row[^"]*"[^>]*><th scope="row"[^>]*>([^<]+)'
    for page, below in (("coverage", ["No team"]), ("overdue", [])):
        found = re.findall(rows, client.get(f"{HOME}/{page}").text.replace("\n<th", "<th"))
        assert found[:4] == ["The whole service", "Team North &lt;i&gt;", "Ada", *below], page


def test_a_topic_opens_by_worker_and_by_file_and_names_are_no_markup(client, manager):
    page = client.get(f"{HOME}/data-quality?topic=flags").text
    for words in (
        "By team and worker",
        "Team North &lt;i&gt;",
        "No team",
        "By file",
        "in.csv",
        "Ada",
        "Cy &lt;b&gt;",
        "Nobody’s yet",
    ):
        assert words in page
    listed = client.get(f"{HOME}/data-quality/cases?topic=flags&state=not-recorded").text
    assert re.findall(r"row__link[^>]*>([^<]+)", listed) == ["FREE-1"]
    assert "1 of 3 cases." in listed


def test_what_is_overdue_leads_to_one_workers_list(client, manager):
    page = client.get(f"{HOME}/overdue").text
    hrefs = [unescape(each) for each in re.findall(r'href="([^"]+overdue/list[^"]+)"', page)]
    alerts = next(h for h in hrefs if "kind=alerts" in h and "worker=" in h)
    listed = client.get(alerts).text
    assert "ADA-1" in listed
    assert "Ada" in listed
    assert "overdue" in listed
    assert "1 of 1" in page


@pytest.mark.parametrize(
    "address",
    [
        "coverage?cases=nonsense&worker=x&measure=y&file=z",
        "coverage/cases?has=x&after=y&worker=999999999999999999999",
        "data-quality?topic=x&cases=2026-Q9",
        "data-quality/cases?topic=flags&state=x&after=2026-01-01~x",
        "overdue/list?kind=x&worker=~&after=2026",
    ],
)
def test_hand_edited_addresses_fall_back(client, manager, address):
    assert client.get(f"{HOME}/{address}").status_code == 200


def test_a_service_that_asks_nothing_yet_has_nothing_due(client, database):
    with database.write(Scope.worker()) as session:
        bare = a_service(session, slug="bare")
        account = an_account(session, (bare, Role.MANAGER))
    sign_in(client, account.email)
    assert "nobody has said" in client.get("/services/bare/oversight/overdue").text
    assert client.get("/services/bare/oversight/overdue/list").status_code == 200
    for page in ("coverage", "data-quality"):
        assert "No case is like this" in client.get(f"/services/bare/oversight/{page}").text
