"""With keys that are not the database's every page is 503, and nothing is read or written."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select
from sqlalchemy.exc import OperationalError

from survey_app.app import create_app
from survey_app.settings import Keys, Settings
from survey_app.store import proof
from survey_app.store.database import Database
from survey_app.store.installation import InstallationKey, record_keys
from survey_app.store.sealed import encryption_key_ids, use_keys
from tests.keys import OTHER_LOOKUP, OTHER_SECRET, REFUSED
from tests.world import TEST_KEYS

pytestmark = pytest.mark.usefixtures("lock_again")

PAGES = ("/", "/sign-in", "/s/abcdefghijkl", "/w", "/accessibility", "/metrics", "/nowhere")


@pytest.fixture
def app_with(database: Database, tmp_path: Path) -> Iterator[Callable[[Keys], Flask]]:
    """An app that was given these keys, on the test's database."""
    made: list[Flask] = []

    def with_keys(keys: Keys) -> Flask:
        url = database.url.render_as_string(hide_password=False)
        app = create_app(Settings(keys=keys, database_url=url, data_dir=tmp_path))
        made.append(app)
        return app

    yield with_keys
    for app in made:
        app.extensions["runtime"].database.close()


@pytest.fixture
def statements(app_with) -> Callable[[Flask], list[str]]:
    """All that an app says to its database from now on."""

    def listen(app: Flask) -> list[str]:
        said: list[str] = []
        engine = app.extensions["runtime"].database.engine
        event.listen(engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
        return said

    return listen


class MovedOn:
    """A clock of the process that is moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(proof, "monotonic", lambda: self.seconds)


@pytest.mark.parametrize(("keys", "setting"), REFUSED)
def test_every_page_is_503_in_words_and_without_details(app_with, keys: Keys, setting: str):
    client: FlaskClient = app_with(keys).test_client()
    for page in PAGES:
        for answer in (client.get(page), client.post(page, data={"email": "a@example.org"})):
            assert answer.status_code == 503, page
            assert answer.headers["Retry-After"] == "10"
            said = answer.get_data(as_text=True)
            assert "try again in a few minutes" in said
            assert "Leave this page" in said
            for detail in (setting, "key", "database"):
                assert detail not in said.split("<body")[1].split("<script")[0].lower()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json() == {"status": "waiting", "reason": "keys"}


def test_leaving_works(app_with):
    answer = app_with(OTHER_LOOKUP).test_client().get("/leave")
    assert answer.status_code == 303


def test_nothing_but_the_keys_is_read_and_nothing_written(app_with, statements):
    app = app_with(OTHER_LOOKUP)
    said = statements(app)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["key"], session["in"], session["at"] = "1.0", "k", 1, 1
    for page in PAGES:
        client.get(page)
        client.post(page)
    catalogue = ("sqlite_master", "pg_catalog", "PRAGMA")
    asked = {words for words in said if not any(name in words for name in catalogue)} - {"BEGIN"}
    assert [words.split("FROM ")[1].split()[0] for words in asked] == ["installation"]


def test_a_good_answer_is_not_asked_for_again_at_each_page(app_with, statements, monkeypatch):
    clock = MovedOn(monkeypatch)
    app = app_with(TEST_KEYS)
    client = app.test_client()
    assert client.get("/sign-in").status_code == 200
    said = statements(app)
    for _ in range(5):
        client.get("/sign-in")
    assert not [words for words in said if "installation" in words]
    clock.seconds += 10
    client.get("/sign-in")
    client.get("/sign-in")
    assert len([words for words in said if "FROM installation" in words]) == 1


def test_it_is_asked_again_every_ten_seconds_so_that_a_restored_database_comes_right(
    app_with, database: Database, monkeypatch
):
    clock = MovedOn(monkeypatch)
    client = app_with(OTHER_LOOKUP).test_client()
    assert client.get("/sign-in").status_code == 503
    use_keys(OTHER_LOOKUP)
    with database.write() as session:
        ours = session.scalars(select(InstallationKey)).all()
        rows = [{c.name: getattr(row, c.name) for c in row.__table__.c} for row in ours]
        session.execute(delete(InstallationKey))
        record_keys(session.connection(), encryption_key_ids())
    try:
        clock.seconds += 9.9
        assert client.get("/sign-in").status_code == 503
        clock.seconds += 0.2
        assert client.get("/sign-in").status_code == 200
        assert client.get("/readyz").get_json() == {"status": "ok"}
    finally:
        with database.write() as session:
            session.execute(delete(InstallationKey))
            session.add_all(InstallationKey(**row) for row in rows)


def test_keys_that_are_refused_later_hold_pages_back_too(app_with, database: Database, monkeypatch):
    clock = MovedOn(monkeypatch)
    client = app_with(TEST_KEYS).test_client()
    assert client.get("/sign-in").status_code == 200
    use_keys(OTHER_LOOKUP)
    clock.seconds += 10.1
    assert client.get("/sign-in").status_code == 503


def test_the_secret_of_sessions_may_change(app_with):
    client = app_with(OTHER_SECRET).test_client()
    assert client.get("/sign-in").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_without_a_database_nothing_can_be_compared(tmp_path: Path):
    url = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    app = create_app(Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path))
    client = app.test_client()
    assert client.get("/sign-in").status_code == 503
    assert client.get("/readyz").get_json()["reason"] == "the database does not answer"
    assert client.get("/healthz").status_code == 200
    app.extensions["runtime"].database.close()


def test_a_database_that_goes_away_after_the_proof_leaves_the_answer_as_it_was(
    app_with, monkeypatch
):
    clock = MovedOn(monkeypatch)
    app = app_with(TEST_KEYS)
    assert app.test_client().get("/sign-in").status_code == 200
    runtime = app.extensions["runtime"]
    monkeypatch.setattr(runtime.keys, "_ask", _away)
    clock.seconds += 60
    assert runtime.keys.faults() == ()


def _away() -> None:
    raise OperationalError("SELECT", {}, Exception())
