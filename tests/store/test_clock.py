"""The database says what time it is, to workers on all hosts alike."""

from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from survey_app.settings import Settings
from survey_app.store import clock as clock_module
from survey_app.store import runtime as runtime_module
from survey_app.store.clock import (
    ClockJumped,
    DatabaseClock,
    database_now,
    find_last_seen,
    mark_seen,
)
from survey_app.store.runtime import Runtime
from tests.world import NOON, TEST_KEYS

A_MOMENT = timedelta(seconds=5)


def test_the_database_knows_the_time_and_moves_on_within_a_transaction(database):
    """PostgreSQL's now() stands still from a transaction's beginning."""
    with database.read() as session:
        first = database_now(session)
        sleep(0.01)
        second = database_now(session)
    assert first < second
    assert first.tzinfo is UTC
    assert abs(first - datetime.now(UTC)) < A_MOMENT


def test_a_round_s_clock_asks_the_database_and_not_its_host(database, monkeypatch):
    readings = iter([NOON, NOON + timedelta(seconds=90)])
    monkeypatch.setattr(clock_module, "database_now", lambda _session: next(readings))
    clock = DatabaseClock(database)
    assert clock() == NOON
    assert NOON <= clock() < NOON + timedelta(seconds=1)
    clock._read -= 0.3
    assert NOON + timedelta(seconds=0.3) <= clock() < NOON + timedelta(seconds=1), "it moves on"
    clock._read -= 1
    assert clock() == NOON + timedelta(seconds=90)


@pytest.mark.parametrize("days", [-1.1, 1.1, 400])
def test_a_clock_that_jumps_in_the_midst_of_a_round_ends_the_round(database, monkeypatch, days):
    readings = iter([NOON, NOON + timedelta(days=days)])
    monkeypatch.setattr(clock_module, "database_now", lambda _session: next(readings))
    clock = DatabaseClock(database)
    clock()
    clock._read -= 1
    with pytest.raises(ClockJumped):
        clock()


def test_the_last_seen_instant_is_one_and_survives_the_process(database):
    for now in (NOON, NOON + timedelta(minutes=1)):
        with database.write() as session:
            mark_seen(session, now)
    with database.read() as session:
        assert find_last_seen(session) == NOON + timedelta(minutes=1)


def test_a_process_works_by_the_database_s_clock_and_by_a_set_one_where_it_is_set(
    database, monkeypatch
):
    settings = Settings(keys=TEST_KEYS)
    real = Runtime(settings, database)
    assert isinstance(real.on_database_clock().clock, DatabaseClock)
    assert not real.has_set_clock
    set_one = real.at(NOON)
    assert set_one.on_database_clock().now() == NOON
    with database.read() as session:
        assert set_one.database_now(session) == NOON
        assert abs(real.database_now(session) - datetime.now(UTC)) < A_MOMENT
        with monkeypatch.context() as patched:
            patched.setattr(runtime_module, "database_now", lambda _session: NOON)
            assert real.database_now(session) == NOON, "and not its host's"
    both = Runtime(settings, database, lambda: NOON, lambda: NOON + A_MOMENT)
    assert both.now() == NOON
    assert both.on_database_clock().now() == NOON + A_MOMENT
