"""`pairs check` proves pair rows equal to a rebuild; `pairs rebuild` makes them so."""

import json
from random import Random

import pytest
from sqlalchemy import delete, select, update

from survey_app.store.pairs import Pair
from survey_app.store.scope import Scope
from tests.reporting.worlds import World, fill


@pytest.fixture
def database_kind() -> str:
    """The rows themselves are compared on both databases in tests of the use case."""
    return "sqlite"


@pytest.fixture
def run(app):
    def invoke(*words: str):
        return app.test_cli_runner().invoke(args=["pairs", *words])

    return invoke


@pytest.fixture
def slugs(database) -> list[str]:
    """Two services with answers of every kind."""
    with database.write(Scope.worker()) as session:
        ours = World(session, Random(5))
        fill(ours, 30)
        theirs = World.beside(ours, Random(6))
        fill(theirs, 10)
        return [ours.service.slug, theirs.service.slug]


def spoil(database, statement) -> None:
    with database.write(Scope.worker()) as session:
        session.execute(statement)


def test_rows_as_the_answers_make_them_pass(run, slugs):
    result = run("check")
    assert result.exit_code == 0
    assert "Equal to a rebuild from the answers" in result.output
    assert "of 40 cases" in result.output
    found = json.loads(run("check", "--service", slugs[1], "--json").stdout)
    assert (found["cases"], found["differences"]) == (10, [])


def test_a_changed_a_missing_and_a_needless_row_are_named_and_put_right(run, slugs, database):
    with database.read(Scope.worker()) as session:
        changed, missing, moved = session.scalars(
            select(Pair.id).where(Pair.status == "paired").limit(3)
        ).all()
    spoil(database, update(Pair).where(Pair.id == changed).values(last_value=99))
    spoil(database, delete(Pair).where(Pair.id == missing))
    spoil(database, update(Pair).where(Pair.id == moved).values(area="elsewhere"))
    result = run("check")
    assert result.exit_code == 1
    assert "last_value is 99, should be" in result.output
    assert result.output.count("the answers make a pair row, none is stored") == 2
    assert "elsewhere: a pair row is stored, the answers make none" in result.output
    assert len(json.loads(run("check", "--json").stdout)["differences"]) == 4
    assert run("rebuild").exit_code == 0
    assert run("check").exit_code == 0


def test_a_service_that_does_not_exist_is_wrong_use(run):
    assert run("check", "--service", "nowhere").exit_code == 2
