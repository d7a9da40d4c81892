"""The session cookie is Flask's own: what was signed here, and by which secrets."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.app import create_app
from survey_app.domain.cases import Role
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.builders import a_service
from tests.links import a_link
from tests.staff import an_account, csrf_of, sign_in
from tests.web.victim.phone import Phone
from tests.world import TEST_KEYS, SetClock

NEW = "the secret that came after it, as long as it has to be"


@pytest.fixture
def database_kind() -> str:
    """A cookie is the same on both."""
    return "sqlite"


def an_app(database: Database, folder: Path, *, secret: str, fallbacks: tuple[str, ...]) -> Flask:
    """One installation before and after its secret was changed."""
    keys = replace(TEST_KEYS, secret=secret, secret_fallbacks=fallbacks)
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(keys=keys, database_url=url, data_dir=folder)
    return create_app(settings, SetClock())


@pytest.fixture
def before(database: Database, tmp_path: Path) -> Flask:
    """With the old secret."""
    return an_app(database, tmp_path, secret=TEST_KEYS.secret, fallbacks=())


@pytest.fixture
def rotated(database: Database, tmp_path: Path) -> Flask:
    """With the new one, and the old one among the former."""
    return an_app(database, tmp_path, secret=NEW, fallbacks=(TEST_KEYS.secret,))


@pytest.fixture
def changed(database: Database, tmp_path: Path) -> Flask:
    """With the new one alone."""
    return an_app(database, tmp_path, secret=NEW, fallbacks=())


def carried(client: FlaskClient, app: Flask) -> FlaskClient:
    """The same browser, in front of this app."""
    other = app.test_client()
    cookie = client.get_cookie("s")
    assert cookie is not None
    other.set_cookie("s", cookie.value)
    return other


def signed_in(app: Flask, database: Database) -> FlaskClient:
    """A browser in which somebody is signed in."""
    with database.write(Scope.worker()) as session:
        email = an_account(session, (a_service(session, slug="ours"), Role.MANAGER)).email
    client = app.test_client()
    sign_in(client, email)
    assert client.get("/services/ours").status_code == 200
    return client


def test_who_is_signed_in_stays_so_when_the_secret_is_changed_with_the_former_one_kept(
    before: Flask, rotated: Flask, changed: Flask, database: Database
):
    client = signed_in(before, database)
    assert carried(client, rotated).get("/services/ours").status_code == 200
    assert carried(client, changed).get("/services/ours").status_code == 302


def test_a_form_that_was_open_when_the_secret_changed_can_still_be_sent(
    before: Flask, rotated: Flask, changed: Flask, database: Database
):
    client = signed_in(before, database)
    sent = {"csrf_token": csrf_of(client.get("/services/ours"))}
    assert carried(client, changed).post("/sign-out", data=sent).status_code != 303
    reply = carried(client, rotated).post("/sign-out", data=sent)
    assert reply.status_code in {302, 303}
    assert "sign-in" in reply.headers["Location"]


def test_somebody_who_is_answering_goes_on_when_the_secret_is_changed(
    before: Flask, rotated: Flask, database: Database
):
    with database.write(Scope.worker()) as session:
        _, link = a_link(session)
    phone = Phone(before.test_client())
    phone.open(f"/s/{link}").press()
    form, path = phone.form, phone.path
    after = carried(phone.client, rotated)
    reply = after.post(path, data=form.hidden | {"satisfied": "neither"})
    assert (reply.status_code, reply.headers["Location"]) == (303, f"/s/{link}/2")
    assert after.get(f"/s/{link}/2").status_code == 200


def test_a_session_that_changes_is_signed_with_the_new_secret(
    before: Flask, rotated: Flask, changed: Flask, database: Database
):
    with database.write(Scope.worker()) as session:
        links = [a_link(session)[1] for _ in range(2)]
    phone = Phone(before.test_client())
    phone.open(f"/s/{links[0]}").press()
    again = Phone(carried(phone.client, rotated))
    again.open(f"/s/{links[1]}").press()
    assert carried(again.client, changed).get(f"/s/{links[0]}/1").status_code == 200


@pytest.mark.parametrize("value", ["", ".", "e30", "e30.AAAA", "e30.AAAA.BBBB", "x" * 3000])
def test_what_nobody_signed_is_no_session(client: FlaskClient, value: str):
    client.set_cookie("s", value)
    assert client.get("/account").status_code == 302


def test_the_cookie_ends_with_the_browser_and_no_script_or_other_site_gets_it(
    phone_reply: str,
):
    name, *attributes = phone_reply.split("; ")
    assert name.startswith("s=")
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.fixture
def phone_reply(before: Flask, database: Database) -> str:
    """The cookie that the first page on a phone sets."""
    with database.write(Scope.worker()) as session:
        _, link = a_link(session)
    reply = before.test_client().get(f"/s/{link}")
    assert "Cookie" in reply.headers["Vary"]
    return str(reply.headers["Set-Cookie"])
