"""Whatever happens to the way to PostgreSQL, the next piece of work finds it whole again."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from sqlalchemy import bindparam, func, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.store import database as module
from survey_app.store.audit import AuditRow
from survey_app.store.database import Database, is_unavailable
from survey_app.store.migrations import upgrade
from survey_app.store.prepared import Prepared
from survey_app.store.scope import Scope
from survey_app.store.time_limits import TimeLimits
from tests.own_postgresql import OwnPostgresql, own_pgbouncer, own_postgresql
from tests.world import NOON

_audit = inspect(AuditRow).local_table
NOTE = Prepared.insert(_audit)
NOTED = Prepared(
    select(_audit.c.at, _audit.c.subject).where(_audit.c.action == bindparam("done")), None
)
FACTS = {"at": NOON, "actor": "person", "action": "tap", "subject": "test", "details": {}}

BEHIND_THE_DRIVERS_BACK = "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$"
"""What a pooler's new connection looks like; the driver would understand the plain statement."""


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgresql]:
    """A server of our own, with our tables."""
    with own_postgresql() as server:
        database = Database(server.url)
        upgrade(database)
        database.close()
        yield server


@pytest.fixture
def database(server: OwnPostgresql) -> Iterator[Database]:
    """Of that server, with nothing in the table that is written to."""
    database = Database(server.url)
    with database.write(Scope.worker()) as session:
        session.execute(_audit.delete())
    yield database
    database.close()


def note(session: Session) -> None:
    """Write a row as a tap does."""
    NOTE.put(session, FACTS)


def noted(database: Database) -> int:
    """How many rows were committed, as a page looks."""
    with database.look(Scope.victim()) as session:
        return len(NOTED.rows(session, {"done": "tap"}))


def use_several(database: Database) -> None:
    """Leave several open connections in the pool."""
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: noted(database), range(12)))


def test_a_dropped_connection_costs_no_look_and_no_tap(server: OwnPostgresql, database: Database):
    for number in range(1, 4):
        use_several(database)
        server.drop_connections()
        assert noted(database) == number - 1
        server.drop_connections()
        with database.write(Scope.victim()) as session:
            note(session)
        assert noted(database) == number


def test_a_restarted_server_costs_nobody_an_error_once_it_is_back(
    server: OwnPostgresql, database: Database
):
    use_several(database)
    server.stop()
    with pytest.raises(OperationalError) as away:
        noted(database)
    assert is_unavailable(away.value)
    server.start()
    assert noted(database) == 0
    with database.write(Scope.victim()) as session:
        note(session)
    assert noted(database) == 1


def test_a_connection_that_breaks_before_the_commit_is_no_answer_and_said_so(
    server: OwnPostgresql, database: Database
):
    def broken_tap() -> None:
        with database.write(Scope.victim()) as session:
            note(session)
            server.drop_connections()

    with pytest.raises(OperationalError) as broken:
        broken_tap()
    assert is_unavailable(broken.value)
    assert noted(database) == 0
    with database.write(Scope.victim()) as session:
        note(session)
    assert noted(database) == 1


def test_a_column_that_changes_its_type_is_read_as_it_is_now(
    server: OwnPostgresql, database: Database
):
    other = Database(server.url)
    with database.write(Scope.victim()) as session:
        note(session)
    for kind in ("text", "varchar(80)", "text"):
        for _ in range(8):  # More often than a driver takes to prepare a statement by itself.
            assert noted(database) == 1
        with other.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {_audit.name} ALTER COLUMN subject TYPE {kind}"))
    other.close()


def test_a_connection_that_forgets_what_was_prepared_goes_on(database: Database):
    for opened in (database.look, database.read, database.write):
        with opened(Scope.victim()) as session:
            for _ in range(8):
                NOTED.rows(session, {"done": "tap"})
            session.execute(text(BEHIND_THE_DRIVERS_BACK))
            assert NOTED.rows(session, {"done": "tap"}) == []
        assert noted(database) == 0


def test_a_frozen_server_is_given_up_in_time_and_used_again_afterwards(
    server: OwnPostgresql, database: Database
):
    use_several(database)
    for opened in (database.look, database.write):
        with server.frozen():
            began = monotonic()
            with pytest.raises(OperationalError) as frozen, opened(Scope.victim()) as session:
                note(session)
            assert monotonic() - began < 6
        assert is_unavailable(frozen.value)
        assert noted(database) == 0


def test_a_server_that_freezes_in_the_middle_is_given_up_in_time(
    server: OwnPostgresql, database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "limits_of", lambda _scope: TimeLimits(statement=1, lock=1))

    def freeze_during(session: Session) -> None:
        NOTED.rows(session, {"done": "tap"})
        with server.frozen():
            began = monotonic()
            try:
                NOTED.rows(session, {"done": "tap"})
            finally:
                assert 1 <= monotonic() - began < 3

    for opened in (database.look, database.write):
        with pytest.raises(OperationalError), opened(Scope.victim()) as session:
            freeze_during(session)
        assert noted(database) == 0


def test_a_statement_and_a_lock_have_their_time_and_the_session_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "limits_of", lambda _scope: TimeLimits(statement=2, lock=0.5))
    for opened in (database.look, database.read, database.write):
        began = monotonic()
        with pytest.raises(OperationalError) as slow, opened(Scope.victim()) as session:
            session.execute(text("SELECT pg_sleep(20)"))
        assert 2 <= monotonic() - began < 5
        assert is_unavailable(slow.value)
    with database.write() as holder:
        holder.execute(text(f"LOCK TABLE {_audit.name}"))
        began = monotonic()
        with pytest.raises(OperationalError) as locked, database.write() as session:
            note(session)
        assert monotonic() - began < 1.5
        assert is_unavailable(locked.value)


def test_what_has_no_session_may_take_its_time(database: Database):
    with database.engine.begin() as connection:  # As migrations have it.
        connection.execute(text("SELECT pg_sleep(3)"))
        limits = [connection.scalar(text(f"SHOW {kind}_timeout")) for kind in ("statement", "lock")]
    assert limits == ["0", "0"]


def test_behind_pgbouncer_taps_and_looks_share_connections_and_leave_no_limits(
    server: OwnPostgresql,
):
    with own_pgbouncer(server) as url:
        everyone = [Database(url) for _ in range(6)]
        before = noted(everyone[0])

        def taps(database: Database) -> None:
            for _ in range(12):  # More often than a driver takes to prepare a statement by itself.
                noted(database)
                with database.write(Scope.victim()) as session:
                    note(session)
                    session.scalar(select(func.count(AuditRow.id)))
                with database.snapshot(Scope.worker()) as session:
                    assert session.scalar(text("SHOW statement_timeout")) == "5min"
                with database.engine.connect() as bare:
                    assert bare.scalar(text("SHOW statement_timeout")) == "0"

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(taps, everyone))
        assert noted(everyone[0]) == before + 72
        for database in everyone:
            database.close()
