"""A database that is in use gets the tables and columns of trials without losing a row."""

from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, MetaData, Table, insert, select, text

from survey_app.store.database import Database
from survey_app.store.migrations import alembic_config, drift, upgrade
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.store.trials import Trial
from tests.messaging.queued import queue
from tests.texting import a_due_request, a_texting_service
from tests.trials import a_trial

REVISION = "0002"
TABLES = ("services", "programme_versions", "people", "cases", "requests", "tokens", "messages")


def kept(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows of these tables, with the columns that the database has now."""
    found = {}
    with database.engine.connect() as connection:
        for name in TABLES:
            table = Table(name, MetaData(), autoload_with=connection)
            rows = connection.execute(select(table).order_by(table.c.id)).mappings()
            found[name] = [dict(row) for row in rows]
    return found


def put_back(database: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Write these rows again, as far as the database has their columns now."""
    with database.engine.begin() as connection:
        for name in TABLES:
            table = Table(name, MetaData(), autoload_with=connection)
            for column in table.c:
                if column.type.__class__.__name__ == "JSON":
                    column.type = JSON()
            columns = set(table.c.keys())
            connection.execute(
                insert(table),
                [{k: v for k, v in row.items() if k in columns} for row in rows[name]],
            )


def test_an_upgrade_keeps_every_row_and_nobody_is_in_a_trial(database: Database):
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        for _ in range(3):
            queue(session, a_due_request(session, service))
    before = kept(database)
    with database.engine.begin() as connection:
        for name in ("case_facts", *reversed(TABLES)):
            connection.execute(text(f'DELETE FROM "{name}"'))
    config = alembic_config(database)
    former = ScriptDirectory.from_config(config).get_revision(REVISION).down_revision
    command.downgrade(config, str(former))
    assert "wording" not in kept_columns(database, "messages")
    put_back(database, before)
    upgrade(database)
    assert drift(database) == []
    assert kept(database) == before
    with database.write(Scope.worker()) as session:
        requests = session.scalars(select(SurveyRequest)).all()
        assert [(r.trial_id, r.trial_arm, r.trial_left_out) for r in requests] == [(None,) * 3] * 3
        trial = a_trial(session, service)
        requests[0].trial_id = trial.id
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(Trial.id)).all() == [trial.id]


def kept_columns(database: Database, name: str) -> set[str]:
    with database.engine.connect() as connection:
        return set(Table(name, MetaData(), autoload_with=connection).c.keys())
