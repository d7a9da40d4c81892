"""What sessions and connections promise, on each database."""

from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text

from survey_app.store import database as module
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.services import find_service
from tests.builders import a_service


def test_a_look_sees_the_latest_that_was_committed_while_it_lasts(database: Database):
    with database.look(Scope.worker()) as looking:
        assert find_service(looking, "late") is None
        with database.write(Scope.worker()) as session:
            a_service(session, slug="late")
        assert find_service(looking, "late") is not None


def test_a_look_leaves_no_transaction_that_would_hold_up_a_writer(database: Database):
    with database.look(Scope.worker()) as looking:
        looking.execute(text("SELECT 1"))
        raw = looking.connection().connection.dbapi_connection
        assert raw is not None
        in_transaction = (
            raw.in_transaction if database.is_sqlite else bool(raw.info.transaction_status)
        )
        assert not in_transaction


def test_writing_after_a_look_on_the_same_connection_is_a_transaction_again(database: Database):
    with database.look(Scope.worker()) as looking:
        looking.execute(text("SELECT 1"))
    with suppress(RuntimeError), database.write(Scope.worker()) as session:
        a_service(session, slug="undone")
        raise RuntimeError
    with database.read(Scope.worker()) as session:
        assert find_service(session, "undone") is None


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_server_that_was_restarted_while_nobody_asked_costs_nobody_an_error(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "TRUSTED_SECONDS", 0.0)
    own = Database(database.url.render_as_string(hide_password=False))
    with own.read(Scope.worker()) as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
    with database.engine.begin() as other:
        other.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    with own.read(Scope.worker()) as session:
        assert session.scalar(text("SELECT 1")) == 1
    own.close()


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_connection_that_worked_a_moment_ago_is_not_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "TRUSTED_SECONDS", 3600.0)
    tried: list[Any] = []
    monkeypatch.setattr(database.engine.dialect, "do_ping", tried.append)
    for _ in range(3):
        with database.read(Scope.worker()) as session:
            session.execute(text("SELECT 1"))
    assert tried == []
    monkeypatch.setattr(module, "TRUSTED_SECONDS", 0.0)
    with database.read(Scope.worker()) as session:
        session.execute(text("SELECT 1"))
    assert len(tried) == 1
