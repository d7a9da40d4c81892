"""On a tablet that was handed over nobody is signed in, until the PIN or the password says so."""

import re

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from survey_app.store.staff import StaffAccount
from survey_app.usecases.staff_sessions import ABSOLUTE_LIMIT
from tests.builders import a_case, a_person, a_programme, a_request, a_service
from tests.staff import PASSWORD, csrf_of, sign_in
from tests.world import NOON

CASE = "/services/ours/cases/WM-1"
PAGE = f"{CASE}/hand-over"
STAFF_PAGES = (CASE + "/readings", PAGE, "/services/ours", "/services/ours/alerts", "/")


@pytest.fixture
def database_kind() -> str:
    """Pages are tested on SQLite; what they store is tested on both, under tests/usecases."""
    return "sqlite"


@pytest.fixture
def service(database):
    """Ours, with a case that is to be asked a self-assessment."""
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="ours", name="Our service")
        a_programme(session, service)
        snapshot_instruments(session, service, [("self-assessment", "1")], NOON)
        case = a_case(session, service, a_person(session, service), case_ref="WM-1")
        a_request(session, case, wave="baseline", instruments=[["self-assessment", "1"]])
        return service


def hand_over(client, pin: str = "2580"):
    return client.post(PAGE, data={"csrf_token": csrf_of(client.get(PAGE)), "pin": pin})


def unlock(client, pin: str):
    token = csrf_of(client.get("/give-back"))
    return client.post("/give-back", data={"csrf_token": token, "pin": pin})


def answer_all(client, address: str) -> None:
    """Start, and choose the best of every question."""
    answer = client.post(address, data={"csrf_token": csrf_of(client.get(address))})
    while re.search(r"/[0-9]+$", answer.location):
        page = client.get(answer.location)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page.text))
        item = hidden["step"].rpartition(":")[2]
        answer = client.post(answer.location, data=hidden | {item: "5"})


def test_the_person_answers_in_person_and_the_pin_gives_the_desk_back(client, caseworker, database):
    answer = hand_over(client)
    assert answer.status_code == 303
    start = client.get(answer.location)
    assert "Give the tablet back" in start.text
    answer_all(client, answer.location)
    assert "/give-back" in client.get(answer.location).text
    with database.read(Scope.worker()) as session:
        request = session.scalars(select(SurveyRequest)).one()
        assert (request.state, request.handed_over_at) == ("completed", NOON)
        assert session.scalars(select(Response.mode)).all() == ["in-person"]
    back = unlock(client, "2580")
    assert back.location == PAGE
    assert client.get(PAGE).status_code == 200
    assert client.get(answer.location).status_code == 404


def test_until_then_every_way_to_the_desk_leads_to_the_pin(client, caseworker):
    hand_over(client)
    for address in STAFF_PAGES:
        answer = client.get(address)
        assert answer.location == "/give-back", address
        assert answer.headers["Cache-Control"] == "no-store"
    page = client.get("/give-back")
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"WM-1|Our service|Staff [0-9]", page.text)


def test_five_wrong_pins_leave_only_signing_in(client, caseworker, database):
    link = hand_over(client).location
    for left in (4, 3, 2, 1):
        answer = unlock(client, "1111")
        assert answer.status_code == 400
        assert f"Tries left: {left}." in answer.text
    answer = unlock(client, "1111")
    assert answer.location.startswith("/sign-in")
    assert "wrong too often" in client.get(answer.location).text
    assert client.get("/give-back").location == "/"
    assert client.get(PAGE).location.startswith("/sign-in")
    assert client.get(link).status_code == 404


def test_signing_in_takes_the_tablet_back_too(client, signed_in_as, database, service):
    account_id = signed_in_as(Role.CASEWORKER)
    hand_over(client)
    with database.read(Scope.worker()) as session:
        email = session.get_one(StaffAccount, account_id).email
    token = csrf_of(client.get("/sign-in"))
    client.post("/sign-in", data={"csrf_token": token, "email": email, "password": PASSWORD})
    assert client.get(PAGE).status_code == 200


def test_leaving_the_page_ends_the_workers_session_as_well(client, caseworker):
    hand_over(client)
    assert client.get("/leave").status_code == 303
    assert client.get(PAGE).location.startswith("/sign-in")
    assert client.get("/give-back").location == "/"


@pytest.mark.parametrize(("pin", "said"), [("12", "4 to 8 digits"), ("1111", "easy to guess")])
def test_a_poor_pin_hands_nothing_over(client, caseworker, pin, said):
    answer = hand_over(client, pin)
    assert answer.status_code == 400
    assert said in answer.text
    assert client.get(PAGE).status_code == 200


def test_a_pin_is_chosen_once_and_kept(client, caseworker):
    hand_over(client)
    unlock(client, "2580")
    assert hand_over(client, "").status_code == 303
    assert unlock(client, "2580").location == PAGE


def test_who_is_not_to_be_contacted_is_handed_nothing(client, caseworker, database):
    with database.write(Scope.worker()) as session:
        session.scalars(select(Person)).one().do_not_contact = "yes"
    answer = hand_over(client)
    assert answer.status_code == 409
    assert "The person is not to be contacted." in answer.text
    assert client.get(PAGE).status_code == 200


def test_a_session_that_ran_out_meanwhile_is_not_had_back(client, caseworker, clock):
    hand_over(client)
    clock.now += ABSOLUTE_LIMIT
    unlock(client, "2580")
    assert client.get(PAGE).location.startswith("/sign-in")


def test_one_person_s_hand_over_is_not_anothers(app, client, caseworker):
    hand_over(client)
    other = app.test_client()
    assert other.get("/give-back").location == "/"
    assert sign_in(other, "nobody@example.org").status_code == 400
