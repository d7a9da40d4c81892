"""An upgrade is all or nothing, alone, and calls nothing up to date that it did not compare."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from sqlalchemy import inspect, text

from survey_app.store import sqlite_engine
from survey_app.store.database import Database
from survey_app.store.migrations import (
    UPGRADE_LOCK,
    NewerRelease,
    TablesDiffer,
    alembic_config,
    drift,
    is_current,
    upgrade,
)
from survey_app.store.migrations.shapes import NotAsReleased
from survey_app.store.time_limits import WORK
from tests.old_databases import old_database
from tests.world import TEST_KEYS

ROOT = Path(__file__).parents[2]
UPGRADE = """
import os, signal, sys
from survey_app.settings import Keys
from survey_app.store import migrations
from survey_app.store import sqlite_engine
from survey_app.store.database import Database
from survey_app.store.sealed import use_keys

url, encryption, lookup, dies = sys.argv[1:]
use_keys(Keys(secret="", encryption=(encryption,), lookup=lookup))

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if dies:
    setattr(migrations, dies, die)
migrations.upgrade(Database(url))
"""


def upgrading(url: str, dies: str = "") -> subprocess.Popen[str]:
    """A process of its own that upgrades; it may be killed at a step of `migrations`."""
    keys = (TEST_KEYS.encryption[0], TEST_KEYS.lookup)
    return subprocess.Popen(
        [sys.executable, "-c", UPGRADE, url, *keys, dies],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


def tables(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return inspect(connection).get_table_names()


@pytest.mark.parametrize("dies", ["_make_facts", "record_keys"])
def test_an_upgrade_that_is_killed_leaves_all_as_it_was_and_the_next_one_does_it(
    empty_url: str, dies: str
):
    process = upgrading(empty_url, dies)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    with old_database(empty_url) as database:
        assert tables(database) == []
        upgrade(database)
        assert drift(database) == []


def test_of_two_upgrades_at_once_both_end_well(empty_url: str):
    processes = [upgrading(empty_url) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    with old_database(empty_url) as database:
        assert drift(database) == []


def is_waiting(database: Database) -> bool:
    """Whether somebody waits for the lock of upgrades, within half a minute."""
    if database.is_sqlite:
        time.sleep(1)  # Its one writer's place is the lock; that nothing is done says it all.
        return True
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(300):
        with database.engine.connect() as connection:
            if connection.execute(text(waiting)).first():
                return True
        time.sleep(0.1)
    return False


def test_an_upgrade_waits_for_the_one_that_is_under_way(empty_url: str):
    with old_database(empty_url) as database, old_database(empty_url) as other:
        done: list[bool] = []
        second = Thread(target=lambda: done.append(bool(upgrade(database)) or True))
        first = other.engine.execution_options(is_writer=True).connect()
        first.begin()
        if not other.is_sqlite:
            first.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        second.start()
        assert is_waiting(other)
        assert not done
        first.rollback()
        first.close()
        second.join(60)
        assert done
        assert is_current(database)


def test_a_place_that_is_taken_for_long_is_waited_for(
    empty_url: str, database_kind: str, monkeypatch: pytest.MonkeyPatch
):
    """SQLite itself gives up after a while, PostgreSQL where it was told a time-out."""
    monkeypatch.setattr(sqlite_engine, "WORK", replace(WORK, lock=0.2))
    test_an_upgrade_waits_for_the_one_that_is_under_way(empty_url)


def changed(database: Database, statement: str) -> list[object]:
    """What an upgrade says differs after this statement."""
    with database.engine.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(TablesDiffer) as caught:
        upgrade(database)
    return caught.value.differences


def test_a_database_at_the_newest_revision_is_compared_too(empty_url: str):
    with old_database(empty_url) as database:
        upgrade(database)
        differences = changed(database, "DROP INDEX ix_holds_person")
        assert [difference[0] for difference in differences] == ["add_index"]  # type: ignore[index]


def test_what_differs_after_migrating_takes_the_migrations_back(empty_url: str):
    with old_database(empty_url) as database:
        command.upgrade(alembic_config(database), "0006")
        changed(database, "DROP INDEX ix_messages_due")
        assert not is_current(database)
        assert "holds" not in tables(database)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("ALTER TABLE publications DROP COLUMN told", "publications.told is missing"),
        ("DROP TABLE saved_filters", "saved_filters is missing"),
        ("CREATE TABLE trials (id INTEGER)", "trials is there already"),
    ],
)
def test_a_database_that_is_not_as_its_revision_makes_it_is_left_alone(
    empty_url: str, statement: str, fault: str
):
    with old_database(empty_url) as database:
        command.upgrade(alembic_config(database), "0001")
        with database.engine.begin() as connection:
            connection.execute(text(statement))
        before = tables(database)
        with pytest.raises(NotAsReleased) as caught:
            upgrade(database)
        assert (caught.value.revision, caught.value.faults) == ("0001", [fault])
        assert tables(database) == before


def test_tables_of_ours_that_say_no_revision_are_left_alone(empty_url: str):
    with old_database(empty_url) as database:
        with database.engine.begin() as connection:
            connection.execute(text("CREATE TABLE people (id INTEGER)"))
        with pytest.raises(NotAsReleased) as caught:
            upgrade(database)
        assert caught.value.revision is None


def test_a_database_of_a_newer_release_is_left_alone(empty_url: str):
    with old_database(empty_url) as database:
        upgrade(database)
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(NewerRelease, match="9999"):
            upgrade(database)
