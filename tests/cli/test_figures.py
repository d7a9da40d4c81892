"""`figures check` proves the rows behind figures; `figures rebuild` makes them anew."""

import json
from random import Random

import pytest
from sqlalchemy import delete, select, update

from survey_app.store.answer_facts import AnswerFact
from survey_app.store.case_facts import CaseFact
from survey_app.store.pairs import Pair
from survey_app.store.scope import Scope
from tests.reporting.worlds import World, fill


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


def _spoil(database, statement) -> None:
    with database.write(Scope.worker()) as session:
        session.execute(statement.execution_options(synchronize_session=False))


@pytest.mark.parametrize(
    ("table", "spoilt", "columns"),
    [
        ("case_facts", update(CaseFact).values(deliveries=CaseFact.deliveries + 1), ["deliveries"]),
        ("case_facts", delete(CaseFact), []),
        ("answer_facts", update(AnswerFact).values(codes="none-of-them"), ["codes"]),
        ("answer_facts", delete(AnswerFact), []),
        ("pairs", delete(Pair), []),
    ],
)
def test_a_spoilt_row_is_named_and_put_right(run, slug, database, table, spoilt, columns):
    assert "Equal to what is recorded" in run("check").output
    _spoil(database, spoilt)
    found = run("check", "--json")
    assert found.exit_code == 1
    differences = json.loads(found.stdout)["differences"]
    assert {(one["table"], tuple(one["columns"])) for one in differences} == {
        (table, tuple(columns))
    }
    assert "figures rebuild" in run("check", "--service", slug).output
    with database.read(Scope.worker()) as session:
        cases = len(session.scalars(select(CaseFact.case_id)).all()) or 6
    assert json.loads(run("rebuild", "--json").stdout)["cases"] == cases
    assert run("check").exit_code == 0


def test_a_service_that_does_not_exist_is_wrong_use(run):
    assert run("check", "--service", "nowhere").exit_code == 2
    assert run("rebuild", "--service", "nowhere").exit_code == 2
