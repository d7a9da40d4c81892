"""Law: every webhook verifies a signature before anything else; only webhooks go without CSRF."""

import pytest
from flask import Flask

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.web.shared.access import Audience, declared_access
from survey_app.web.webhooks.signed import refuse_unread
from tests.world import TEST_KEYS

OPTIONS = {
    "TWILIO_AUTH_TOKEN": "an auth token for tests alone",
    "NOTIFY_CALLBACK_TOKEN": "a bearer token for tests alone",
}


@pytest.fixture
def app(sqlite_database, tmp_path):
    url = sqlite_database.url.render_as_string(hide_password=False)
    app = create_app(
        Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path, provider_options=OPTIONS)
    )
    yield app
    app.extensions["runtime"].database.close()


def webhooks(app: Flask):
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/webhooks/")]


def test_every_view_for_providers_is_a_webhook_and_every_webhook_is_for_providers(app):
    declared = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (found := declared_access(app.view_functions[rule.endpoint]))
        and found.audience is Audience.PROVIDER
    }
    assert declared == {rule.endpoint for rule in webhooks(app)}
    assert len(declared) >= 6


def test_every_webhook_names_what_verifies_it_and_is_asked_first(app):
    for rule in webhooks(app):
        assert callable(getattr(app.view_functions[rule.endpoint], "verifier", None)), rule
    assert app.before_request_funcs["webhooks"][0] is refuse_unread


def test_every_webhook_refuses_whoever_does_not_sign(app):
    client = app.test_client()
    for rule in webhooks(app):
        path = rule.rule.replace("<int(max=2147483647):message_id>", "1")
        assert "<" not in path
        assert client.post(path, data={"MessageSid": "x"}).status_code == 403, path
        assert client.post(path, json={"id": "x"}).status_code == 403, path
        assert client.get(path).status_code == 405, path


def test_a_webhook_that_names_no_verifier_lets_nobody_in(app):
    endpoint = "webhooks.twilio_check"
    app.view_functions[endpoint] = lambda: "let in"
    assert app.test_client().post("/webhooks/twilio/check").status_code == 403


def test_a_provider_that_is_not_set_up_lets_nobody_in(sqlite_database, tmp_path):
    url = sqlite_database.url.render_as_string(hide_password=False)
    app = create_app(Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path))
    for rule in webhooks(app):
        path = rule.rule.replace("<int(max=2147483647):message_id>", "1")
        headers = {"Authorization": "Bearer ", "X-Twilio-Signature": "x"}
        assert app.test_client().post(path, headers=headers).status_code == 403
    app.extensions["runtime"].database.close()


def test_only_webhooks_do_without_a_form_token(app):
    csrf = app.extensions["csrf"]
    # The pages on the phone check a token of their own: see below.
    assert {blueprint.name for blueprint in csrf._exempt_blueprints} == {"victim", "webhooks"}
    assert not csrf._exempt_views


def test_no_form_of_the_phone_pages_is_believed_without_the_token_of_its_session(app):
    def reached(**_values):
        raise AssertionError("a post without a form token reached its view")

    posts = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("victim.") and "POST" in (rule.methods or ())
    ]
    assert posts
    client = app.test_client()
    client.get("/s/23456789abcd/stop")
    for rule in posts:
        reached.access = app.view_functions[rule.endpoint].access
        app.view_functions[rule.endpoint] = reached
        values = dict.fromkeys(rule.arguments, "1")
        address = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        for sent in ({}, {"csrf_token": ""}, {"csrf_token": "x" * 22}):
            assert client.post(address, data=sent).status_code in (303, 400)
