"""Links to open, and phones to open them on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.links import a_link
from tests.web.victim.phone import Phone

MakeLink = Callable[..., str]
Look = Callable[[], Any]


@pytest.fixture
def database_kind() -> str:
    """Pages are tested on SQLite; what they store is tested on both, under tests/usecases."""
    return "sqlite"


@pytest.fixture
def phone(client: FlaskClient) -> Phone:
    """One person's phone."""
    return Phone(client)


@pytest.fixture
def other_phone(app: Flask) -> Phone:
    """Somebody else's."""
    return Phone(app.test_client())


@pytest.fixture
def make_link(database: Database) -> MakeLink:
    """Make a request of its own service (see `tests.links.a_link`); gives the token of its link."""

    def make(*keys: str, **facts: Any) -> str:
        with database.write(Scope.worker()) as session:
            _, token = a_link(session, *keys, **facts)
        return token

    return make


@pytest.fixture
def link(make_link: MakeLink) -> str:
    """A link to five questions, the last two a comment and a wish to be contacted."""
    return make_link()


@pytest.fixture
def look(database: Database) -> Callable[[], Any]:
    """Open the database as it stands, to see what was committed."""

    @contextmanager
    def looking() -> Iterator[Session]:
        with database.read(Scope.worker()) as session:
            yield session

    return looking
