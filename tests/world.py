"""Keys, clock, session and app for tests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey_app.app import create_app
from survey_app.messaging.queue import Queue
from survey_app.settings import Keys, Settings
from survey_app.store.database import Database
from survey_app.store.runtime import Runtime, start
from survey_app.store.scope import Scope
from survey_app.store.sealed import use_keys
from survey_app.web.victim.blueprint import open_shelf

TEST_KEYS = Keys(
    secret="a test secret that is long enough to sign with",
    encryption=(Fernet.generate_key().decode(),),
    lookup="a test lookup key that is long enough too",
)
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday, London winter time, inside everyone's window."""


class SetClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> datetime:
        """Move on by a timedelta's keywords."""
        self.now += timedelta(**delta)
        return self.now


@pytest.fixture(autouse=True, scope="session")
def unlocked() -> None:
    """Sealed columns work in every test."""
    use_keys(TEST_KEYS)


@pytest.fixture
def lock_again() -> Iterator[None]:
    """A test may go on with other keys; those after it have the usual ones again."""
    yield
    use_keys(TEST_KEYS)


@pytest.fixture(autouse=True, scope="session")
def no_request_lines() -> Iterator[None]:
    """A line for each page would bury what a failing test has to say; tests of the log itself have
    theirs (`tests/written_lines.py`)."""
    processors = structlog.get_config()["processors"]
    structlog.configure(processors=[_drop_requests, *processors])
    yield
    structlog.reset_defaults()


def _drop_requests(_logger: object, _method: str, event: dict[str, object]) -> dict[str, object]:
    if event.get("event") == "request":
        raise structlog.DropEvent
    return event


@pytest.fixture
def clock() -> SetClock:
    """The time that the app under test is told."""
    return SetClock()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing session that sees every service, committed at the end of the test."""
    with database.write(Scope.worker()) as session:
        yield session


def _settings(database: Database, folder: Path) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return Settings(keys=TEST_KEYS, database_url=url, data_dir=folder)


@pytest.fixture(scope="session")
def _one_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Laid out once per worker: its 130 addresses and its templates take longer than most tests."""
    folder = tmp_path_factory.mktemp("app")
    settings = Settings(keys=TEST_KEYS, database_url=f"sqlite:///{folder}/none.db", data_dir=folder)
    app = create_app(settings)
    app.extensions["runtime"].database.close()
    return app


@pytest.fixture
def app(_one_app: Flask, database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """The whole app on the test's database, in development settings; it remembers nothing of the
    test before. A test that adds to it takes `own_app`."""
    app, settings = _one_app, _settings(database, tmp_path)
    config, extensions = dict(app.config), dict(app.extensions)
    app.extensions |= {"runtime": start(settings, clock), "queue": Queue(settings)}
    open_shelf(app)
    app.testing = True
    yield app
    app.extensions["runtime"].database.close()
    for kept, before in ((app.config, config), (app.extensions, extensions)):
        kept.clear()
        kept.update(before)


@pytest.fixture
def own_app(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """An app of this test's own, for what is only possible before the first request."""
    app = create_app(_settings(database, tmp_path), clock)
    app.testing = True
    yield app
    app.extensions["runtime"].database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script; CSRF is on, as in life."""
    return app.test_client()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """The app's runtime."""
    found = app.extensions["runtime"]
    assert isinstance(found, Runtime)
    return found
