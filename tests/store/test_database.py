"""What sessions and connections promise, on each database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic, sleep

import pytest
from sqlalchemy import bindparam, func, inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from survey_app.store import database as module
from survey_app.store.audit import AuditRow
from survey_app.store.database import Database, is_unavailable
from survey_app.store.postgresql_engine import (
    PATIENCE_SECONDS,
    PatientConnection,
    open_postgresql,
)
from survey_app.store.prepared import Prepared
from survey_app.store.scope import NOTHING, Scope
from survey_app.store.services import find_service
from survey_app.store.time_limits import CONNECT_SECONDS, PEOPLE, STAFF, WORK, TimeLimits
from tests.builders import a_service
from tests.world import NOON

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


def test_what_mapped_classes_and_statements_over_tables_write_is_one_transaction(
    database: Database,
):
    with suppress(RuntimeError), database.write(Scope.victim()) as session:
        note(session)
        a_service(session, slug="neither")
        raise RuntimeError
    assert noted(database) == 0
    with database.write(Scope.victim()) as session:
        note(session)
        a_service(session, slug="both")
        assert session.scalar(select(func.count(AuditRow.id))) == 1
    assert noted(database) == 1
    with database.read(Scope.worker()) as session:
        assert find_service(session, "neither") is None
        assert find_service(session, "both") is not None


def test_a_statement_that_fails_leaves_nothing_and_the_next_tap_works(database: Database):
    def faulty_tap() -> None:
        with database.write(Scope.victim()) as session:
            note(session)
            NOTE.put(session, FACTS | {"actor": None})

    with pytest.raises(IntegrityError):
        faulty_tap()
    assert noted(database) == 0
    with database.write(Scope.victim()) as session:
        note(session)
    assert noted(database) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_writers_that_wait_for_a_slow_one_come_one_after_the_other_and_lose_nothing(
    database: Database,
):
    inside: list[int] = []
    most_inside: list[int] = []

    def slow(_number: int) -> None:
        with database.write(Scope.victim()) as session:
            session.connection()
            inside.append(1)
            most_inside.append(len(inside))
            sleep(0.01)
            note(session)
            inside.pop()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(slow, range(12)))
    assert max(most_inside) == 1
    assert noted(database) == 12


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_somebody_who_waits_too_long_for_a_writer_is_told_and_the_writer_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "limits_of", lambda _scope: TimeLimits(statement=9, lock=0.2))
    with database.write(Scope.worker()) as holder:
        note(holder)
        began = monotonic()
        with pytest.raises(OperationalError) as busy, database.write(Scope.victim()) as session:
            note(session)
        assert 0.2 <= monotonic() - began < 2
        assert is_unavailable(busy.value)
    assert noted(database) == 1


@pytest.mark.parametrize(
    ("scope", "limits"),
    [
        (Scope.victim(), PEOPLE),
        (Scope.staff([1]), STAFF),
        (NOTHING, STAFF),
        (Scope.worker(), WORK),
    ],
)
def test_each_scope_has_its_time_limits(database: Database, scope: Scope, limits: TimeLimits):
    for opened in (database.read, database.look, database.write, database.snapshot):
        with opened(scope) as session:
            connection = session.connection()
            if database.is_sqlite:
                busy = connection.scalar(text("PRAGMA busy_timeout"))
                assert busy == limits.lock * 1000
                continue
            driver = connection.connection.driver_connection
            assert driver.patience == limits.statement + PATIENCE_SECONDS
            if opened != database.look:
                told = "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"
                assert int(connection.scalar(text(told))) == limits.statement * 1000


def test_people_on_phones_are_told_within_ten_seconds_of_a_statement_without_an_answer():
    assert PEOPLE.statement + PATIENCE_SECONDS < 10
    assert 2 * CONNECT_SECONDS < 10
    assert PEOPLE.lock == STAFF.lock == 5


def test_what_the_address_says_of_a_connection_stands_and_the_rest_is_ours(
    monkeypatch: pytest.MonkeyPatch,
):
    given: dict[str, object] = {}

    def note_options(**options: object) -> None:
        given.update(options)
        raise RuntimeError

    monkeypatch.setattr(PatientConnection, "connect", note_options)
    engine = open_postgresql(make_url("postgresql+psycopg://x@127.0.0.1/x?connect_timeout=7"))
    with pytest.raises(RuntimeError):
        engine.connect()
    assert (given["connect_timeout"], given["prepare_threshold"]) == ("7", None)


def test_faults_do_not_repeat_what_was_written(database: Database):
    with pytest.raises(IntegrityError) as fault, database.write(Scope.victim()) as session:
        NOTE.put(session, FACTS | {"actor": None, "subject": "Nobody may read this"})
    assert "[SQL parameters hidden" in str(fault.value)
