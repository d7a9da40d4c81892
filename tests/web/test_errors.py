"""Error pages say in words what happened and what to do."""

import pytest
from flask import Flask, abort

from survey_app.store.alerts import AlertNotFound
from survey_app.store.cases import CaseNotFound
from survey_app.store.services import ServiceNotFound
from survey_app.web.shared.access import Audience, access


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
