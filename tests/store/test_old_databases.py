"""A filled database of each former release is upgraded, and its figures can still be counted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text

from survey_app.app import create_app
from survey_app.domain.periods import quarter_of
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.database import Database
from survey_app.store.migrations import drift
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from tests.old_databases import (
    BEFORE_ALL_RELEASES,
    OLD_KEYS,
    REVISIONS,
    fill_postgresql,
    old_database,
    old_sqlite,
)

GONE = {"moved_cases", "moved_months", "kept_months", "kept_rows", "kept_tallies"}
"""Tables of figures as former releases counted them."""
pytestmark = pytest.mark.usefixtures("lock_again")


@pytest.fixture(params=REVISIONS)
def old_url(request, empty_url: str, database_kind: str, tmp_path: Path) -> str:
    """A database at a former release's revision, on each kind."""
    path = tmp_path / "old.db"
    url = old_sqlite(path, request.param)
    if database_kind == "postgresql":
        fill_postgresql(empty_url, path, request.param)
        url = empty_url
    return url


@contextmanager
def an_app(url: str, folder: Path) -> Iterator[Flask]:
    """Today's app on a database that was there before it."""
    app = create_app(Settings(keys=OLD_KEYS, database_url=url, data_dir=folder))
    try:
        yield app
    finally:
        app.extensions["runtime"].database.close()


def rows_of(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0
            for name in inspect(connection).get_table_names()
        }


def test_a_filled_database_of_each_release_is_upgraded_and_its_figures_are_counted(
    old_url: str, tmp_path: Path
):
    with an_app(old_url, tmp_path) as app, old_database(old_url) as database:
        before = rows_of(database)
        assert before["cases"] > 40
        assert run(app, "db", "upgrade") == "The database is up to date.\n"
        after = rows_of(database)
        kept = before.keys() - GONE
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
        assert drift(database) == []
        assert app.test_client().get("/readyz").get_json() == {"status": "ok"}
        assert after["case_facts"] == after["cases"]
        assert "Equal to what is recorded" in run(app, "figures", "check")
        with database.read(Scope.worker()) as session:
            slug, closed_on = session.execute(
                select(Service.slug, func.max(Case.closed_on)).join(Case).group_by(Service.slug)
            ).first() or ("", None)
            assert session.scalars(select(Person.mobile).where(Person.mobile.is_not(None))).all()
        period = quarter_of(closed_on)
        words = ("--service", slug, "--period", period.code, "--audience", "staff")
        shown = json.loads(run(app, "report", *words, "--format", "json"))
        assert sum(row["supported"] for row in shown["ladder"]) > 0


def test_a_database_of_a_build_before_the_first_release_is_refused_in_words_and_left_alone(
    tmp_path: Path,
):
    url = old_sqlite(tmp_path / "older.db", BEFORE_ALL_RELEASES)
    with an_app(url, tmp_path) as app, old_database(url) as database:
        before = rows_of(database)
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
        assert result.exit_code == 1
        assert "revision 0001" in result.stderr
        assert "older than the first release" in result.stderr
        assert "people.told_by is missing" in result.stderr
        assert "calls is missing" in result.stderr
        assert rows_of(database) == before


def run(app: Flask, *words: str) -> str:
    """What a command that goes well prints."""
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    return result.stdout
