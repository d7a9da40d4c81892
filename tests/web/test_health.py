"""The health addresses say whether this process can serve, and why not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store import proof
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.worker_beats import beat
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS


def test_a_migrated_database_is_ready(client: FlaskClient):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_a_database_behind_its_migrations_is_not_ready(client: FlaskClient, database: Database):
    with database.engine.begin() as connection:
        newest = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": newest})
    assert answer.status_code == 503
    assert "db upgrade" in answer.get_json()["reason"]


def test_a_database_without_an_index_is_not_ready_until_it_has_it(
    client: FlaskClient, database: Database, monkeypatch
):
    seconds = [1000.0]
    monkeypatch.setattr(proof, "monotonic", lambda: seconds[0])
    with database.write() as session:
        session.execute(text("DROP INDEX ix_cases_closed"))
    answer = client.get("/readyz")
    with database.write() as session:
        session.execute(text("CREATE INDEX ix_cases_closed ON cases (service_id, closed_on)"))
    assert answer.status_code == 503
    assert "tables differ" in answer.get_json()["reason"]
    assert client.get("/readyz").status_code == 503
    seconds[0] += 10.1
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_tables_that_were_found_good_are_not_compared_again(client: FlaskClient, monkeypatch):
    """It takes a tenth of a second; whoever watches asks every few."""
    seconds = [1000.0]
    monkeypatch.setattr(proof, "monotonic", lambda: seconds[0])
    compared: list[bool] = []
    monkeypatch.setattr(
        "survey_app.store.migrations.compare_metadata", lambda *_: compared.append(True) or []
    )
    for _ in range(5):
        assert client.get("/readyz").status_code == 200
        seconds[0] += 3600
    assert compared == [True]


def test_a_database_out_of_reach_is_not_ready(tmp_path):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    app: Flask = create_app(Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["reason"] == "the database does not answer"
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions["runtime"].database.close()


def reports(database: Database, ago: timedelta, report: str = "working") -> None:
    with database.write(Scope.worker()) as session:
        beat(session, f"worker-{report}", report, NOON - ago)


def waits(database: Database, ago: timedelta, mode: str = "live") -> None:
    with database.write(Scope.worker()) as session:
        since = NOON - ago
        service = a_texting_service(session, mode=mode)
        a_due_request(session, service, due_at=since, created_at=since)


MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("silent_for", "waits_for", "mode", "status"),
    [
        (SECOND, SECOND, "live", 200),
        (2 * MINUTE, SECOND, "live", 200),
        (2 * MINUTE + SECOND, SECOND, "live", 503),
        (SECOND, 15 * MINUTE, "live", 200),
        (SECOND, 15 * MINUTE + SECOND, "live", 503),
        (SECOND, timedelta(days=3), "live", 503),
        (SECOND, timedelta(days=3), "paused", 200),
        (None, SECOND, "live", 503),
    ],
)
def test_a_silent_worker_or_an_old_text_is_not_ready_where_the_worker_is_asked_for(
    client: FlaskClient, database: Database, silent_for, waits_for, mode, status
):
    if silent_for is not None:
        reports(database, silent_for)
    waits(database, waits_for, mode)
    answer = client.get("/readyz?worker")
    assert answer.status_code == status
    said = answer.get_json()
    if status == 503:
        assert (said["status"], said["reason"]) == ("waiting", "worker")
    else:
        assert said["status"] == "ok"
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_hours_in_which_nothing_may_leave_make_no_text_old(client, database, clock):
    clock.now = NOON.replace(hour=9, minute=5)
    with database.write(Scope.worker()) as session:
        beat(session, "mine", "working", clock.now)
        evening = clock.now - timedelta(hours=13)
        a_due_request(session, a_texting_service(session), due_at=evening, created_at=evening)
    said = client.get("/readyz?worker")
    assert said.status_code == 200
    assert said.get_json()["oldest_due_seconds"] == 300


def test_a_worker_that_reports_but_does_no_round_is_not_ready(client, database):
    reports(database, timedelta(days=1))
    reports(database, SECOND, "host-clock-off")
    assert client.get("/readyz?worker").status_code == 503


def test_a_silence_is_by_the_database_s_clock_and_not_by_that_of_the_page_s_host(
    app: Flask, database: Database, clock
):
    runtime = app.extensions["runtime"]
    off = replace(runtime, clock=lambda: NOON + 4 * MINUTE, database_clock=clock)
    app.extensions["runtime"] = off
    reports(database, SECOND)
    answer = app.test_client().get("/readyz?worker")
    assert (answer.status_code, answer.get_json()["heartbeat_seconds"]) == (200, 1)
    seen = app.test_client().get("/metrics").text.splitlines()
    assert "survey_worker_heartbeat_seconds 1.0" in seen


def test_a_database_out_of_reach_is_named_before_its_worker(tmp_path):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    app = create_app(Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path))
    answer = app.test_client().get("/readyz?worker")
    assert answer.get_json()["reason"] == "the database does not answer"
    app.extensions["runtime"].database.close()
