"""Error pages say in words what happened and what to do."""

from dataclasses import replace

import pytest
from flask import Flask, abort

from survey_app.domain.cases import Role
from survey_app.store.alerts import AlertNotFound
from survey_app.store.cases import CaseNotFound
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.services import ServiceNotFound
from survey_app.web.shared.access import Audience, access
from tests.staff import an_account, sign_in
from tests.texting import a_texting_service


def answer_to(app: Flask, fault: Exception | int, address: str = "/broken"):
    @access(Audience.ANYONE)
    def broken() -> str:
        if isinstance(fault, int):
            abort(fault)
        raise fault

    app.add_url_rule(address, endpoint="broken", view_func=broken)
    app.testing = False
    return app.test_client().get(address)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "could not be used"),
        (403, "Your role does not include this"),
        (404, "There is no such page"),
        (410, "no longer there"),
        (413, "too much to send"),
        (418, "Something went wrong"),
        (429, "Wait a few minutes"),
        (500, "It is our fault"),
        (503, "It is our fault"),
    ],
)
def test_each_status_has_its_words(own_app: Flask, code: int, words: str):
    answer = answer_to(own_app, code)
    assert answer.status_code == code
    assert words in answer.text
    assert "Go to the first page" in answer.text


@pytest.mark.parametrize("fault", [AlertNotFound(1), CaseNotFound(1), ServiceNotFound("x")])
def test_what_is_not_in_sight_is_a_404(own_app: Flask, fault: Exception):
    assert answer_to(own_app, fault).status_code == 404


def test_a_fault_of_ours_shows_nothing_of_itself(own_app: Flask):
    answer = answer_to(own_app, ValueError("secret detail"))
    assert answer.status_code == 500
    assert "secret detail" not in answer.text


@pytest.mark.parametrize("code", [400, 404, 410, 429, 500])
def test_under_a_links_address_nothing_tells_a_stranger_what_this_is(own_app: Flask, code: int):
    text = answer_to(own_app, code, "/s/abc/broken").text
    for word in ("Outcomes", "service", "staff", "/sign-in", "csrf"):
        assert word not in text


def test_the_wrong_method_says_which_are_right(client):
    answer = client.post("/services")
    assert answer.status_code in {400, 405}
    assert client.put("/healthz").status_code in {400, 405}


@pytest.fixture
def away(own_app: Flask, tmp_path):
    """The app, with its database gone after the start."""
    own_app.testing = False
    runtime = own_app.extensions["runtime"]

    def take_away() -> None:
        gone = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
        runtime.database.close()
        own_app.extensions["runtime"] = replace(runtime, database=gone)

    return take_away


@pytest.mark.parametrize("address", ["/s/abcdefghjkmn", "/w"])
def test_while_the_database_is_away_people_get_our_page_with_a_way_to_leave(
    own_app: Flask, away, address
):
    away()
    answer = own_app.test_client().get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "try again" in answer.text
    assert "Leave this page" in answer.text
    for word in ("Outcomes", "staff", "/sign-in"):
        assert word not in answer.text


def test_while_the_database_is_away_signed_in_staff_get_our_page(own_app: Flask, away, database):
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours")
        account = an_account(session, (service, Role.CASEWORKER))
    client = own_app.test_client()
    sign_in(client, account.email)
    assert client.get("/services/ours").status_code == 200
    away()
    answer = client.get("/services/ours")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "try again" in answer.text
    assert "Go to the first page" in answer.text


def test_a_fault_of_ours_is_no_reason_to_try_again_soon(own_app: Flask):
    answer = answer_to(own_app, ValueError("ours"))
    assert (answer.status_code, answer.headers.get("Retry-After")) == (500, None)
