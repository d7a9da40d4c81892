"""A request's line says which page, how it ended and how long it took, and not whose it was."""

import json

import pytest
from flask import abort

from survey_app.domain.cases import Role
from survey_app.domain.networks import find_network
from survey_app.store.scope import Scope
from survey_app.store.sealed import lookup_hash
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.page_language import CHOICE
from tests.builders import a_case, a_programme, a_service
from tests.links import a_link
from tests.staff import an_account, sign_in
from tests.written_lines import lines

__all__ = ["lines"]

FIELDS = (
    *("at", "level", "event", "id", "method", "route", "status", "ms", "db_ms", "queries"),
    *("audience", "service", "account", "network", "release"),
)


def request_lines(said):
    """Those of requests."""
    return [line for line in said if line["event"] == "request"]


def test_a_request_has_one_line_with_these_fields(client, database, lines):
    with database.write(Scope.worker()) as session:
        _, token = a_link(session)
    client.get(
        f"/s/{token}?planted=query",
        headers={"User-Agent": "PLANTED agent", "Referer": "http://127.0.0.1/PLANTED"},
    )
    (line,) = lines()
    assert tuple(line) == FIELDS
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 200)
    assert (line["route"], line["audience"]) == ("/s/<token>", "link-holder")
    assert line["network"] == lookup_hash("127.0.0.1", "network")
    assert line["ms"] > 0
    for telling in (token, "planted", "PLANTED", "127.0.0.1"):
        assert telling not in json.dumps(line)


def test_a_line_of_staff_names_service_and_account_and_counts_statements(client, database, lines):
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="fir")
        a_programme(session, service)
        account = an_account(session, (service, Role.CASEWORKER))
        case = a_case(session, service, case_ref="PLANTED-1")
        email, number, reference = account.email, account.id, case.case_ref
    sign_in(client, email)
    lines()
    assert client.get(f"/services/fir/cases/{reference}").status_code == 200
    (line,) = lines()
    assert (line["service"], line["account"], line["audience"]) == ("fir", number, "staff")
    assert line["route"] == "/services/<slug>/cases/<ref:case_ref>"
    assert line["queries"] > 3
    assert 0 < line["db_ms"] < line["ms"]
    assert "PLANTED" not in json.dumps(line)


def test_an_address_of_nobody_s_has_a_line_without_it(client, lines):
    client.get("/services/07700900123/PLANTED")
    client.open("/healthz", method="PLANTED")
    for line in lines():
        assert "PLANTED" not in json.dumps(line)
        assert "0770" not in json.dumps(line)
        assert line["service"] is None


def test_the_error_page_and_the_lines_of_the_log_bear_one_id(own_app, lines):
    @access(Audience.ANYONE)
    def broken(token: str) -> str:
        raise ValueError(f"cannot read {token} of 07700900123")

    own_app.add_url_rule("/s/<token>/broken", endpoint="broken", view_func=broken)
    own_app.testing = False
    page = own_app.test_client().get("/s/PLANTED/broken")
    fault, request = lines()
    assert tuple(fault) == ("time", "level", "event", "id", "kind", "sqlstate", "at")
    assert (fault["event"], fault["kind"], fault["level"]) == ("fault", ["ValueError"], "error")
    assert (request["status"], request["route"]) == (500, "/s/<token>/broken")
    assert fault["id"] == request["id"]
    assert f'give this reference: <b dir="ltr">{fault["id"]}</b>' in page.text
    for telling in ("PLANTED", "0770", "cannot read"):
        assert telling not in json.dumps([fault, request])


def test_a_refusal_needs_no_id(own_app, client):
    @access(Audience.ANYONE)
    def away() -> str:
        abort(503)

    own_app.add_url_rule("/away", endpoint="away", view_func=away)
    assert "give this reference" in own_app.test_client().get("/away").text
    assert "give this reference" not in client.get("/nowhere").text


@pytest.mark.parametrize("language", ["ar", "bn", "cy", "pa", "pl", "ro", "so", "uk", "ur"])
def test_the_id_is_asked_for_in_the_language_of_the_page(own_app, language):
    @access(Audience.ANYONE)
    def broken(token: str) -> str:
        abort(500)

    own_app.add_url_rule("/s/<token>/broken", endpoint="broken", view_func=broken)
    phone = own_app.test_client()
    with phone.session_transaction() as chosen:
        chosen[CHOICE] = [language, 1]
    page = phone.get("/s/abc/broken").text
    assert f'lang="{language}"' in page
    assert '<b dir="ltr">' in page
    assert "If you tell us" not in page


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:0:1:aaaa::1", "2001:0db8:0000:0001"),
        ("2001:db8::1:0:0:0:2", "2001:0db8:0000:0001"),
        ("::1", "0000:0000:0000:0000"),
        ("", None),
        (None, None),
        ("unix:", None),
    ],
)
def test_a_network_is_an_address_or_the_first_half_of_one(address, network):
    assert find_network(address) == network
