"""The health addresses say whether this process can serve, and why not."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store import proof
from survey_app.store.database import Database
from tests.world import TEST_KEYS


def test_a_migrated_database_is_ready(client: FlaskClient):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {"status": "ok"}


def test_a_database_behind_its_migrations_is_not_ready(client: FlaskClient, database: Database):
    with database.engine.begin() as connection:
        newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": newest})
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
