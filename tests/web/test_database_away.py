"""While the database is away or frozen everybody is told so, on a page of ours, in good time."""

from collections.abc import Iterator
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from survey_app.app import create_app
from survey_app.domain.cases import Role
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.migrations import upgrade
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.web.shared.access import Audience, access
from tests.links import a_link
from tests.own_postgresql import OwnPostgresql, own_postgresql
from tests.staff import an_account, sign_in
from tests.web.victim.phone import Phone
from tests.world import TEST_KEYS, SetClock


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgresql]:
    """A server of our own."""
    with own_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def away_app(server: OwnPostgresql, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on that server, with one link."""
    folder = tmp_path_factory.mktemp("away")
    settings = Settings(keys=TEST_KEYS, database_url=server.url, data_dir=folder)
    app = create_app(settings, SetClock())
    database: Database = app.extensions["runtime"].database
    upgrade(database)
    with database.write(Scope.worker()) as session:
        request, app.config["LINK"] = a_link(session)
        service = session.get_one(Service, request.service_id)
        app.config["EMAIL"] = an_account(session, (service, Role.MANAGER)).email
        app.config["HOME"] = f"/services/{service.slug}"
    yield app
    database.close()


def test_a_frozen_database_gives_our_page_within_ten_seconds_and_then_the_journey_goes_on(
    away_app: Flask, server: OwnPostgresql
):
    phone = Phone(away_app.test_client())
    path = f"/s/{away_app.config['LINK']}"
    assert phone.open(path).status == 200
    with server.frozen():
        began = monotonic()
        phone.open(path)
        assert monotonic() - began < 10
        assert phone.status == 503
        for words in ("It is our fault", "try again", "Leave this page"):
            assert words in phone.page.text
    assert phone.open(path).press().status == 200
    with server.frozen():
        reply = phone.client.post(phone.path, data=phone.form.hidden | {"satisfied": "neither"})
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert phone.choose("neither").status == 200


def test_staff_are_told_on_a_page_of_ours_although_nobody_knows_who_they_are(
    away_app: Flask, server: OwnPostgresql
):
    client = away_app.test_client()
    sign_in(client, away_app.config["EMAIL"])
    home = away_app.config["HOME"]
    assert client.get(home).status_code == 200
    server.stop()
    try:
        for address, status in ((home, 503), ("/nowhere", 503), ("/account", 503)):
            reply = client.get(address)
            assert (reply.status_code, address) == (status, address)
            assert "It is our fault" in reply.text
            assert "Go to the first page" in reply.text
        assert client.get("/readyz").status_code == 503
    finally:
        server.start()
    assert client.get("/readyz").status_code == 200
    assert client.get(home).status_code == 200


def _raise(own_app: Flask, fault: Exception) -> tuple[int, str]:
    @access(Audience.ANYONE)
    def broken() -> str:
        raise fault

    own_app.add_url_rule("/broken", endpoint="broken", view_func=broken)
    own_app.testing = False
    reply = own_app.test_client().get("/broken")
    return reply.status_code, reply.text


def test_a_fault_of_ours_that_the_database_found_is_no_outage(own_app: Flask):
    wrong = ProgrammingError("SELECT nothing", {}, Exception("no such column"))
    assert _raise(own_app, wrong)[0] == 500


def test_a_table_that_is_missing_on_sqlite_is_a_fault_of_ours_and_no_outage(
    own_app: Flask, sqlite_database: Database
):
    with (
        pytest.raises(OperationalError) as missing,
        sqlite_database.read(Scope.worker()) as session,
    ):
        session.connection().exec_driver_sql("SELECT * FROM nowhere")
    assert _raise(own_app, missing.value)[0] == 500


def test_what_a_statement_said_stays_out_of_page_and_log(own_app: Flask, caplog):
    away = OperationalError("SELECT a_secret", {"x": "a_secret"}, Exception("a_secret"))
    status, page = _raise(own_app, away)
    assert status == 503
    assert "a_secret" not in page + caplog.text
