"""`db upgrade`: what it says, and how it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.holds import Hold
from survey_app.store.messages import OutboxMessage
from survey_app.store.scope import Scope
from tests.builders import a_case, a_person
from tests.messaging.queued import queue
from tests.texting import a_due_request, a_texting_service
from tests.world import TEST_KEYS


@pytest.fixture
def app_here(empty_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app on an empty database of this test's own."""
    app = create_app(Settings(keys=TEST_KEYS, database_url=empty_url, data_dir=tmp_path))
    yield app
    app.extensions["runtime"].database.close()


def upgraded(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["db", "upgrade"])


def change(app: Flask, statement: str) -> None:
    with app.extensions["runtime"].database.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_empty_database_is_made_and_a_second_time_is_up_to_date(app_here: Flask):
    for _ in range(2):
        result = upgraded(app_here)
        assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")


def test_what_differs_is_said_in_words_with_1(app_here: Flask):
    upgraded(app_here)
    change(app_here, "DROP INDEX ix_holds_person")
    change(app_here, "ALTER TABLE publications DROP COLUMN told")
    change(app_here, "ALTER TABLE people ADD COLUMN shoe_size INTEGER")
    change(app_here, "CREATE TABLE notes (id INTEGER)")
    result = upgraded(app_here)
    assert (result.exit_code, result.stdout) == (1, "")
    for words in (
        "index ix_holds_person of holds is missing",
        "column publications.told is missing",
        "column people.shoe_size is none of this release's",
        "table notes is none of this release's",
        "Nothing was changed.",
    ):
        assert words in result.stderr


def test_a_newer_release_and_a_foreign_database_are_refused_in_words(app_here: Flask):
    change(app_here, "CREATE TABLE people (id INTEGER)")
    result = upgraded(app_here)
    assert (result.exit_code, "people is there already" in result.stderr) == (1, True)
    change(app_here, "DROP TABLE people")
    upgraded(app_here)
    change(app_here, "UPDATE alembic_version SET version_num = '9999'")
    result = upgraded(app_here)
    assert result.exit_code == 1
    assert "newer release (revision 9999)" in result.stderr


def test_people_that_a_placeholder_made_one_are_held_before_anything_is_sent(
    app: Flask, database: Database
):
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        merged = a_person(session, service, client_ref="NULL")
        text_id = queue(session, a_due_request(session, service, merged)).id
        a_case(session, service, merged)
        alone = a_person(session, service, client_ref="X13-1")
        a_case(session, service, alone)
        a_case(session, service, alone)
    assert "1 people were made of several" in upgraded(app).stdout
    with database.read(Scope.worker()) as session:
        holds = session.scalars(select(Hold)).all()
        assert [(hold.person_id, hold.cause) for hold in holds] == [(merged.id, "several-numbers")]
        message = session.get_one(OutboxMessage, text_id)
        assert (message.state, message.reason) == ("cancelled", "facts-contradict")
    assert upgraded(app).stdout == "The database is up to date.\n"
