"""Every page of a case opens, whatever its reference is made of."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map, Rule

from survey_app.domain.cases import Role
from survey_app.domain.file_cells import read_text
from survey_app.domain.file_faults import Flaw
from survey_app.store.cases import Case
from survey_app.store.database import Database
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.scope import Scope
from survey_app.web.shared.case_addresses import CaseReference
from tests.readings import record
from tests.staff import an_account, sign_in
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

NASTY = [
    "A/1",
    "/",
    ".",
    "..",
    "a/../b",
    "?q=1#top",
    "50%",
    "%2F",
    "a%20b",
    "two words",
    "x" * 100,
    "a;b=c&d+e",
    "~41",
    "Ünal/日本 ś",
    "line\nline",
    '"><b>',
    "back\\slash",
    "paper",
    "A/1 ?q=1#x%2F/../é",
]
MAP = Map([Rule("/cases/<ref:ref>/paper", endpoint="it")], converters={"ref": CaseReference})


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Addresses do not depend on the database."""
    return sqlite_database


@given(st.text(min_size=1, max_size=100).filter(lambda t: not isinstance(read_text(t, 100), Flaw)))
def test_an_address_gives_its_reference_back_and_nothing_on_the_way_can_read_it(ref: str):
    routes = MAP.bind("localhost")
    address = routes.build("it", {"ref": ref})
    assert re.fullmatch(r"/cases/[A-Za-z0-9_.~-]+/paper", address)
    assert not re.search(r"/\.+/", address)
    assert routes.match(address) == ("it", {"ref": ref})


def test_a_plain_reference_stands_in_its_address_as_it_is():
    assert MAP.bind("localhost").build("it", {"ref": "WM-2026_0.1"}) == "/cases/WM-2026_0.1/paper"


def test_an_address_kept_from_before_still_leads_to_its_case():
    routes = MAP.bind("localhost")
    assert routes.match("/cases/two words/paper")[1] == {"ref": "two words"}
    assert routes.match("/cases/50%/paper")[1] == {"ref": "50%"}


def case_pages(app: Flask) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if "case_ref" in rule.arguments]
    return [rule for rule in found if "GET" in (rule.methods or ())]


@pytest.fixture
def readings(database: Database, client: FlaskClient) -> dict[str, int]:
    """A case with a request and a reading for each reference; its manager is signed in."""
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours")
        manager = an_account(session, (service, Role.MANAGER))
        asked_of_all = {("self-assessment", "1"), ("sus-tier-1", "1")}
        snapshot_instruments(session, service, asked_of_all, NOON)
        found = {}
        for ref in NASTY:
            asked = a_due_request(session, service, wave="baseline", case={"case_ref": ref})
            case = session.get_one(Case, asked.case_id)
            found[ref] = record(session, case, manager.id).id
        email = manager.email
    sign_in(client, email)
    return found


def test_the_list_leads_to_every_case(client: FlaskClient, readings):
    page = client.get("/services/ours/cases?whose=service").text
    addresses = re.findall(r'row__link" href="([^"]+)"', page)
    assert len(set(addresses)) == len(NASTY)
    for address in addresses:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("ref", ["..", "A/1 ?q=1#x%2F/../é"])
def test_every_page_of_a_case_opens(app: Flask, client: FlaskClient, readings, ref: str):
    rules = case_pages(app)
    assert len(rules) > 15
    for rule in rules:
        values = {"slug": "ours", "case_ref": ref, "wave": "baseline"}
        values["response_id"] = str(readings[ref])
        asked = {name: values[name] for name in rule.arguments}
        address = app.url_map.bind("localhost").build(rule.endpoint, asked)
        assert client.get(address).status_code == 200, address
