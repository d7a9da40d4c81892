"""`figures keep` keeps months as counted; `figures check` proves them equal to a count anew."""

import json
from random import Random

import pytest
from sqlalchemy import select, text, update

from survey_app.store.cases import Case
from survey_app.store.kept_months import KeptTally
from survey_app.store.scope import Scope
from tests.reporting.worlds import World, fill


@pytest.fixture
def database_kind() -> str:
    """What is kept is compared on both databases in tests of the use case."""
    return "sqlite"


@pytest.fixture
def run(app):
    def invoke(*words: str):
        return app.test_cli_runner().invoke(args=["figures", *words])

    return invoke


@pytest.fixture
def slug(database) -> str:
    """A service with a few closed cases, some of which are still to be asked."""
    with database.write(Scope.worker()) as session:
        world = World(session, Random(5))
        fill(world, 6)
        return world.service.slug


def test_kept_months_are_proved_and_a_spoilt_one_is_named_and_put_right(run, slug, database):
    kept = json.loads(run("keep", "--json").stdout)
    assert kept["kept"] > 1
    assert "Equal to a count of the rows" in run("check").output
    with database.write(Scope.worker()) as session:
        spoilt = update(KeptTally).where(KeptTally.tally == "ladder")
        session.execute(spoilt.values(totals=b"", members=b""))
        # A case that has moved is passed over; what is kept of the others is looked at.
        session.execute(
            update(Case).where(Case.id == session.scalar(select(Case.id))).values(deliveries=9)
        )
    result = run("check", "--service", slug)
    assert result.exit_code == 1
    assert f"{slug}, 2018-04: ladder" in result.output
    found = json.loads(run("check", "--json").stdout)
    assert found["months"] == kept["kept"] == len(found["differences"])
    assert json.loads(run("keep", "--again", "--json").stdout)["kept"] == kept["kept"]
    assert run("check").exit_code == 0


def test_without_the_triggers_nothing_is_kept_and_the_command_says_what_to_do(run, slug, database):
    run("keep")
    with database.write() as session:
        session.execute(text("DROP TRIGGER marks_moved_pairs_insert"))
    result = run("keep")
    assert result.exit_code == 1
    assert "db upgrade" in result.output
    assert "0 kept months" in run("check").output


def test_a_service_that_does_not_exist_is_wrong_use(run):
    assert run("check", "--service", "nowhere").exit_code == 2
