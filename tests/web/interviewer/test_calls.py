"""The list of calls and the page of one: what an interviewer sees, what is kept from them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.requests import RequestState
from survey_app.store.calls import Call
from survey_app.store.database import Database
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.calls import a_call
from tests.staff import an_account, csrf_of, send, sign_in
from tests.texting import a_number, a_texting_service
from tests.world import NOON

LIST = "/services/ours/calls"
NUMBER = "+447700900123"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages are the same on both."""
    return sqlite_database


@pytest.fixture
def service(database):
    with database.write(Scope.worker()) as session:
        return a_texting_service(session, slug="ours", name="Our service")


@pytest.fixture
def interviewer(database, service, client) -> int:
    """Signed in."""
    with database.write(Scope.worker()) as session:
        account = an_account(session, (service, Role.INTERVIEWER))
    sign_in(client, account.email)
    return account.id


def make(database, service, *keys: str, person: dict[str, Any] | None = None, **facts: Any) -> str:
    """The address of a call to the number above."""
    with database.write(Scope.worker()) as session:
        known = a_number("123") | (person or {})
        request = a_call(session, service, *keys, person=known, **facts)
        return f"{LIST}/{request.id}"


def stored(database, what):
    with database.read(Scope.worker()) as session:
        return session.scalars(select(what)).all()


def test_an_interviewer_comes_to_the_list_and_sees_nothing_else_of_a_case(
    client, database, service, interviewer
):
    crime = {"crime_category": "arson", "flags": "vulnerable", "case_ref": "OURS-7"}
    person = {"language": "pl", "safe_days": "wed;thu", "safe_from": NOON.time()}
    address = make(database, service, case=crime, person=person)
    home = client.get("/services/ours", follow_redirects=True)
    assert home.request.path == LIST
    for page in (home.text, client.get(address).text):
        assert "OURS-7" in page
        assert "Polish" in page
        assert "Wednesday, Thursday, 12:00 to 24:00" in page
        for kept in (NUMBER, "arson", "ulnerable", "/services/ours/cases"):
            assert kept not in page
    assert client.get("/services/ours/cases").status_code == 403


def test_the_number_is_shown_on_demand_and_only_to_who_asked(
    client, database, service, interviewer
):
    agreed = {"check_word": "amber heron", "name_service": "yes"}
    address = make(database, service, person=agreed)
    shown = send(client, address, f"{address}/number")
    assert (shown.status_code, shown.location) == (303, address)
    page = client.get(address).text
    for told in (NUMBER, "amber heron", "calling from Our service", "leave no message"):
        assert told in page
    with database.write(Scope.worker()) as session:
        other = an_account(session, (service, Role.MANAGER))
    sign_in(client, other.email)
    page = client.get(address).text
    assert NUMBER not in page
    assert "A colleague is ringing" in page
    assert "a colleague is ringing" in client.get(LIST).text


def test_the_service_is_not_named_to_who_did_not_agree(client, database, service, interviewer):
    address = make(database, service)
    send(client, address, f"{address}/number")
    assert "calling from" not in client.get(address).text


def test_outside_safe_hours_the_caller_is_warned_and_the_number_is_kept_back(
    client, database, service, interviewer, clock
):
    address = make(database, service, person={"safe_until": (NOON + timedelta(minutes=20)).time()})
    send(client, address, f"{address}/number")
    clock.move(minutes=19)
    assert NUMBER in client.get(address).text
    clock.move(minutes=2)
    page = client.get(address)
    assert NUMBER not in page.text
    assert "The safe time is over" in page.text
    open_page = csrf_of(page)
    client.post(f"{address}/put-back", data={"csrf_token": open_page})
    page = client.get(address)
    assert (
        "Do not ring yet: from 19 November 2026, 00:00" in page.text
        or "Do not ring yet" in page.text
    )
    refused = client.post(f"{address}/number", data={"csrf_token": open_page})
    assert refused.status_code == 409
    assert "too early" in refused.text
    assert NUMBER not in client.get(address).text


def test_a_stale_page_of_an_ended_request_says_so_and_keeps_nothing(
    client, database, service, interviewer
):
    address = make(database, service)
    send(client, address, f"{address}/number")
    token = csrf_of(client.get(address))
    with database.write(Scope.worker()) as session:
        request = session.scalars(select(SurveyRequest)).one()
        request.state = RequestState.COMPLETED
    for part, fields in (("end", {"outcome": "refused"}), ("answers", {"q1": "satisfied"})):
        answer = client.post(f"{address}/{part}", data={"csrf_token": token, **fields})
        assert answer.status_code == 410
        assert "no longer to be made" in answer.text
    assert client.get(address).status_code == 410
    assert stored(database, Call) == stored(database, Response) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose how the call ended"),
        ({"outcome": "done"}, "Choose how the call ended"),
        ({"outcome": "call-back"}, "Give a day and a time"),
        ({"outcome": "call-back", "day": "2026-11-31", "time": "12:00"}, "Give a day and a time"),
        ({"outcome": "call-back", "day": "2026-11-17", "time": "12:00"}, "still to come"),
        ({"outcome": "call-back", "day": "2027-11-17", "time": "12:00"}, "last day for answering"),
        ({"outcome": "call-back", "day": "2026-11-19", "time": "21:00"}, "outside their safe"),
    ],
)
def test_an_end_that_cannot_be_is_explained_and_what_was_typed_stays(
    client, database, service, interviewer, fields, words
):
    address = make(database, service)
    send(client, address, f"{address}/number")
    answer = send(client, address, f"{address}/end", **fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert all(f'value="{value}"' in answer.text for value in fields.values() if value != "done")
    assert stored(database, Call) == []


def test_answers_off_the_route_are_named_and_what_was_entered_stays(
    client, database, service, interviewer
):
    address = make(database, service, "sus-tier-2")
    send(client, address, f"{address}/number")
    numbers = {"affected": "q8", "helped": "q9"}
    page = client.get(address).text
    assert "Only if the answer to question 8 is: Yes" in page
    fields = {numbers["affected"]: "no", numbers["helped"]: "yes"}
    answer = send(client, address, f"{address}/answers", **fields)
    assert answer.status_code == 400
    assert "Question 9 is not asked after the other answers" in answer.text
    assert 'name="q9" type="radio" value="yes" checked' in answer.text
    wrong = send(client, address, f"{address}/answers", q1="no-such-code")
    assert "Question 1: choose one of the answers shown" in wrong.text
    nothing = send(client, address, f"{address}/answers")
    assert "No question is answered" in nothing.text
    assert stored(database, Response) == []


def test_questions_are_read_out_in_the_persons_language_where_it_is_offered(
    client, database, service, interviewer, catalogue_folder
):
    catalogue_folder.make("pl")
    with database.write(Scope.worker()) as session:
        get_service(session, "ours").draft_languages = ["pl"]
    address = make(database, service, person={"language": "pl"})
    send(client, address, f"{address}/number")
    polish, english = client.get(address).text, client.get(f"{address}?language=en").text
    assert 'name="language" value="pl"' in polish
    assert 'name="language" value="en"' in english
    assert '<html lang="en"' in polish
    assert "⟦pl " in polish
    assert "⟦pl " not in english
    done = send(client, address, f"{address}/answers", q1="satisfied", language="pl")
    assert done.location == LIST
    assert [(each.mode, each.language) for each in stored(database, Response)] == [("phone", "pl")]


def test_a_call_stands_on_the_timeline_of_its_case(client, database, service, interviewer):
    address = make(database, service, case={"case_ref": "OURS-7"})
    send(client, address, f"{address}/number")
    send(client, address, f"{address}/end", outcome="unsafe")
    with database.write(Scope.worker()) as session:
        worker = an_account(session, (service, Role.CASEWORKER))
    sign_in(client, worker.email)
    page = client.get("/services/ours/cases/OURS-7").text
    for told in ("Number shown to be rung", "It was not safe to talk.", "A call was not safe"):
        assert told in page
    alerts = client.get("/services/ours/alerts").text
    assert "A call was not safe" in alerts
    number = re.search(r"/services/ours/alerts/\d+", alerts)
    assert number is not None
    assert "An interviewer rang" in client.get(number[0]).text


def test_a_call_of_another_service_does_not_exist(client, database, service, interviewer):
    with database.write(Scope.worker()) as session:
        theirs = a_call(session)
        address = f"{LIST}/{theirs.id}"
    assert client.get(address).status_code == 404
    token = csrf_of(client.get("/account"))
    assert client.post(f"{address}/number", data={"csrf_token": token}).status_code == 404
