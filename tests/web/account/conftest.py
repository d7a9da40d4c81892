"""An app as it runs at work, where nobody does without a second factor, and a manager there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey_app.app import create_app
from survey_app.domain.cases import Role
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.staff import StaffAccount
from tests.builders import a_service
from tests.staff import an_account
from tests.world import TEST_KEYS, SetClock


@pytest.fixture
def work(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """The whole app in production settings."""
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(keys=TEST_KEYS, is_production=True, database_url=url, data_dir=tmp_path)
    app = create_app(settings, clock)
    app.testing = True
    yield app
    app.extensions["runtime"].database.close()


@pytest.fixture
def kim(database: Database) -> StaffAccount:
    """A manager of our service."""
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="ours", name="Our service")
        an_account(session, (service, Role.CASEWORKER))  # noise
        return an_account(session, (service, Role.MANAGER), name="Kim Doe", email="kim@example.org")
