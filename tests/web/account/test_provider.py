"""Signing in with an organisation's identity provider: known people, verified, and nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from survey_app.app import create_app
from survey_app.settings import Oidc, Settings
from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope
from survey_app.store.staff import StaffAccount
from tests.fakes.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, issuing
from tests.staff import a_second_factor, send
from tests.world import TEST_KEYS, SetClock

HOME = "/services/ours"


@pytest.fixture
def database_kind() -> str:
    """Nothing here is asked of the database that differs between the two."""
    return "sqlite"


@pytest.fixture(scope="module")
def provider() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture
def issuer(provider: Issuer, kim) -> Issuer:
    provider.claims = {"email": "Kim@Example.org", "email_verified": True, "amr": ["pwd", "mfa"]}
    provider.signing_key = None
    return provider


@pytest.fixture
def app(database, tmp_path, issuer) -> Iterator[Flask]:
    oidc = Oidc(issuer.address, CLIENT_ID, CLIENT_SECRET, "Eastmere sign-in")
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(
        keys=TEST_KEYS,
        is_production=True,
        base_url="http://localhost",
        database_url=url,
        data_dir=tmp_path,
        oidc=oidc,
    )
    app = create_app(settings, SetClock())
    app.testing = True
    yield app
    app.extensions["runtime"].database.close()


def go(client, issuer, start="/sign-in/provider"):
    """To the provider and back."""
    back = issuer.approve(client.get(start).location)
    return client.get(back)


def test_a_known_person_is_signed_in_where_they_wanted_to_be(client, issuer):
    page = client.get("/sign-in?next=/services/ours/alerts").text
    assert "Sign in with Eastmere sign-in" in page
    answer = go(client, issuer, "/sign-in/provider?next=/services/ours/alerts")
    assert answer.location == "/services/ours/alerts"
    assert client.get(HOME).status_code == 200


def test_the_request_has_state_nonce_and_a_challenge(client, issuer):
    asked = parse_qs(urlsplit(client.get("/sign-in/provider").location).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 20
    assert asked["redirect_uri"] == ["http://localhost/sign-in/provider/return"]


@pytest.mark.parametrize("changes", [{"acr": "phr"}, {"amr": ["mfa"]}])
def test_the_providers_second_factor_counts(client, issuer, changes):
    issuer.claims = {"email": "kim@example.org", "email_verified": True} | changes
    assert go(client, issuer).location == "/"


@pytest.mark.parametrize("changes", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "1"}])
def test_where_it_asked_for_none_ours_is_owed(client, issuer, changes):
    issuer.claims = {"email": "kim@example.org", "email_verified": True} | changes
    answer = go(client, issuer)
    assert answer.location in {"/sign-in/set-up", "/sign-in"}
    assert client.get(HOME).status_code == 302


def test_ours_is_asked_where_it_is_set_up(client, issuer, database, kim, app):
    with database.write(Scope.worker()) as session:
        secret = a_second_factor(session, session.get_one(StaffAccount, kim.id))
    issuer.claims = {"email": "kim@example.org", "email_verified": True}
    assert go(client, issuer).location == "/sign-in/code"
    code = pyotp.TOTP(secret).at(app.extensions["runtime"].now())
    assert send(client, "/sign-in/code", "/sign-in/code", code=code).location == "/"
    assert client.get(HOME).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "stranger@example.org"},
        {"email": None},
        {"email": ["kim@example.org"]},
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["outcomes", "somebody-else"]},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
    ],
)
def test_anything_less_signs_nobody_in_and_makes_no_account(client, issuer, database, changes):
    issuer.claims |= changes
    with database.read() as session:
        before = session.scalar(select(func.count(StaffAccount.id)))
    assert go(client, issuer).location == "/sign-in"
    assert client.get(HOME).status_code == 302
    with database.read() as session:
        assert session.scalar(select(func.count(StaffAccount.id))) == before
        assert "sign-in" not in session.scalars(select(AuditRow.action)).all()


def test_a_forged_signature_signs_nobody_in(client, issuer):
    issuer.signing_key = RSAKey.generate_key(2048, {"kid": "1"})
    assert go(client, issuer).location == "/sign-in"
    assert client.get(HOME).status_code == 302


def test_a_switched_off_account_stays_out(client, issuer, database, kim):
    with database.write() as session:
        session.get_one(StaffAccount, kim.id).is_active = False
    assert go(client, issuer).location == "/sign-in"


def test_an_answer_works_once_and_only_in_the_browser_that_asked(app, client, issuer):
    back = issuer.approve(client.get("/sign-in/provider").location)
    other = app.test_client()
    assert other.get(back).location == "/sign-in"
    assert other.get(HOME).status_code == 302
    assert client.get(back).location == "/"
    assert client.get(back).location == "/sign-in"


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x&state=y", "?state=y"])
def test_a_made_up_answer_says_to_try_again(client, issuer, query):
    page = client.get(f"/sign-in/provider/return{query}", follow_redirects=True)
    assert page.request.path == "/sign-in"
    assert "did not work" in page.text


def test_a_provider_that_does_not_answer_is_said_to_be_away(app, client):
    runtime = app.extensions["runtime"]
    away = replace(runtime.settings.oidc, issuer="http://127.0.0.1:9")
    app.extensions["runtime"] = replace(runtime, settings=replace(runtime.settings, oidc=away))
    page = client.get("/sign-in/provider", follow_redirects=True)
    assert "does not answer" in page.text


def test_without_settings_there_is_no_such_way_in(work, kim):
    client = work.test_client()
    assert client.get("/sign-in/provider").status_code == 404
    assert client.get("/sign-in/provider/return").status_code == 404
    assert "Sign in with" not in client.get("/sign-in").text
