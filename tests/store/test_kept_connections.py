"""A tap on a kept connection is a transaction like any other, whatever happens to the server."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import sleep

import pytest
from sqlalchemy import bindparam, func, inspect, select, text
from sqlalchemy.orm import Session

from survey_app.store.audit import AuditRow, write_audit
from survey_app.store.database import Database
from survey_app.store.prepared import Prepared
from survey_app.store.scope import Scope, scope_of
from survey_app.store.services import Service, find_service
from tests.builders import a_service
from tests.world import NOON

on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"])

_audit = inspect(AuditRow).local_table
NOTE = Prepared.insert(_audit)
NOTED = Prepared(
    select(func.count(_audit.c.id).label("number")).where(_audit.c.action == bindparam("done")),
    None,
)
FACTS = {"at": NOON, "actor": "person", "action": "tap", "subject": "test", "details": {}}


def note(session: Session) -> None:
    """Write a row as a tap does."""
    NOTE.put(session, FACTS)


def noted(database: Database) -> int:
    """How many rows were committed."""
    with database.look(Scope.victim()) as session:
        return int(NOTED.rows(session, {"done": "tap"})[0].number)


def end_of(database: Database, session: Session) -> None:
    """Let the server end the session's connection, as a restart does."""
    backend = session.info["driver"].ask("SELECT pg_backend_pid()", {})().fetchall()[0][0]
    with database.engine.begin() as other:
        other.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})


def test_prepared_statements_and_mapped_classes_share_one_transaction(database: Database):
    with database.tap(Scope.worker()) as session:
        note(session)
        a_service(session, slug="both")
        assert session.scalar(select(func.count(AuditRow.id))) == 1
    assert noted(database) == 1
    with database.read(Scope.worker()) as session:
        assert find_service(session, "both") is not None


def test_a_tap_that_fails_leaves_nothing_of_either(database: Database):
    for _ in range(2):
        with suppress(RuntimeError), database.tap(Scope.worker()) as session:
            note(session)
            a_service(session, slug="neither")
            raise RuntimeError
    assert noted(database) == 0
    with database.tap(Scope.worker()) as session:
        assert find_service(session, "neither") is None
        note(session)
    assert noted(database) == 1


def test_what_was_only_added_is_written_with_the_rest(database: Database):
    with database.tap(Scope.worker()) as session:
        facts = {key: FACTS[key] for key in ("at", "actor", "action", "subject")}
        write_audit(session, **facts)
    assert noted(database) == 1


def test_what_nobody_waited_for_fails_the_tap_when_it_fails(database: Database):
    def faulty_tap() -> None:
        with database.tap(Scope.worker()) as session:
            note(session)
            NOTE.put(session, FACTS | {"actor": None})

    with pytest.raises(database.engine.dialect.loaded_dbapi.IntegrityError):
        faulty_tap()
    assert noted(database) == 0
    with database.tap(Scope.worker()) as session:
        note(session)
    assert noted(database) == 1


def test_the_next_tap_has_nothing_of_the_last(database: Database):
    with database.tap(Scope.worker()) as session:
        a_service(session, slug="mine")
        kept = session
    with database.look() as session:
        assert session is kept
        assert not list(session.identity_map)
        assert scope_of(session).service_ids == frozenset()


def test_two_at_once_have_a_connection_each(database: Database):
    with database.look(Scope.victim()) as one, database.look(Scope.victim()) as other:
        assert one is not other
        assert one.connection() is not other.connection()


@on_postgresql
def test_after_a_restart_of_the_server_the_next_look_and_the_next_tap_are_answered(
    database: Database,
):
    own = Database(database.url.render_as_string(hide_password=False))
    for opened in (own.look, own.tap):
        with suppress(Exception), opened(Scope.victim()) as session:
            end_of(database, session)
        with opened(Scope.victim()) as session:
            assert NOTED.rows(session, {"done": "tap"})[0].number == 0
    with suppress(Exception), own.look(Scope.victim()) as session:
        end_of(database, session)
    with own.tap(Scope.victim()) as session:
        note(session)
    assert noted(own) == 1
    own.close()


@on_postgresql
def test_a_server_that_ends_in_the_middle_of_a_look_is_asked_again(database: Database):
    own = Database(database.url.render_as_string(hide_password=False))
    with own.look(Scope.victim()) as session:
        NOTED.rows(session, {"done": "tap"})
        end_of(database, session)
        assert NOTED.rows(session, {"done": "tap"})[0].number == 0
        assert session.scalar(select(func.count(Service.id))) == 0
    own.close()


@on_postgresql
def test_a_connection_that_breaks_before_the_commit_is_no_answer_and_said_so(database: Database):
    own = Database(database.url.render_as_string(hide_password=False))

    def broken_tap() -> None:
        with own.tap(Scope.victim()) as session:
            note(session)
            end_of(database, session)

    with pytest.raises(own.engine.dialect.loaded_dbapi.OperationalError):
        broken_tap()
    assert noted(own) == 0
    with own.tap(Scope.victim()) as session:
        note(session)
    assert noted(own) == 1
    own.close()


@on_postgresql
def test_a_session_that_is_rolled_back_costs_no_prepared_statement(database: Database):
    own = Database(database.url.render_as_string(hide_password=False))
    with own.write(Scope.worker()) as session:
        for _ in range(8):  # More often than psycopg takes to prepare a statement by itself.
            session.scalar(select(func.count(Service.id)))
    for _ in range(2):
        with own.tap(Scope.worker()) as session:
            note(session)
        with suppress(RuntimeError), own.tap(Scope.worker()) as session:
            for _ in range(8):
                session.scalar(select(func.count(Service.id)))
            raise RuntimeError
    assert noted(own) == 2
    own.close()


@on_postgresql
def test_what_is_longer_than_goes_out_at_once_comes_whole(database: Database):
    long = "x" * 4_000_000
    with database.look(Scope.victim()) as session:
        asked = [
            session.info["driver"].ask("SELECT %(long)s::text", {"long": each})
            for each in (long, "y")
        ]
        assert [found().fetchall() for found in asked] == [[(long,)], [("y",)]]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_taps_that_wait_for_a_slow_one_come_one_after_the_other_and_lose_nothing(
    database: Database,
):
    inside: list[int] = []
    most_inside: list[int] = []

    def slow(_number: int) -> None:
        with database.tap(Scope.victim()) as session:
            inside.append(1)
            most_inside.append(len(inside))
            sleep(0.01)
            note(session)
            inside.pop()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(slow, range(12)))
    assert max(most_inside) == 1
    assert noted(database) == 12
