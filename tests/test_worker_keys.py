"""A worker whose keys are not the database's sends nothing, says why, and goes on asking."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from survey_app.messaging.queue import Queue
from survey_app.settings import Settings
from survey_app.store import proof
from survey_app.store.database import Database
from survey_app.store.messages import SimulatedText
from survey_app.store.periodic_work import PeriodicWork
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.sealed import key_id, use_keys
from survey_app.worker import Worker
from tests.keys import NEWER_KEY, OTHER_LOOKUP, REFUSED
from tests.texting import a_due_request, a_texting_service
from tests.world import TEST_KEYS, SetClock

pytestmark = pytest.mark.usefixtures("lock_again")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def worker(database: Database, clock: SetClock, tmp_path: Path) -> Worker:
    """A worker beside a text that is due."""
    with database.write(Scope.worker()) as session:
        a_due_request(session, a_texting_service(session))
    runtime = Runtime(Settings(keys=TEST_KEYS, data_dir=tmp_path), database, clock)
    return Worker(runtime, Queue(runtime.settings), every_seconds=0.01)


def sent(database: Database) -> int:
    use_keys(TEST_KEYS)
    with database.read(Scope.worker()) as session:
        return len(session.scalars(select(SimulatedText)).all())


@pytest.mark.parametrize(("keys", "setting"), REFUSED)
def test_no_round_is_done_by_a_sweep_or_a_nudge_and_the_setting_is_logged(
    worker: Worker, database: Database, capsys, keys, setting
):
    use_keys(keys)
    for _ in range(3):
        assert not worker.sweep()
        assert not worker.one_round()
    assert sent(database) == 0
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(PeriodicWork)).all() == []
    said = "".join(capsys.readouterr())
    assert said.count("keys-refused") == 1
    assert setting in said
    given = keys.lookup if setting == "LOOKUP_KEY" else NEWER_KEY
    assert key_id(given) in said
    assert given not in said


def test_it_goes_on_asking_and_works_once_the_keys_are_right(
    worker: Worker, database: Database, monkeypatch
):
    seconds = [1000.0]
    monkeypatch.setattr(proof, "monotonic", lambda: seconds[0])
    use_keys(OTHER_LOOKUP)
    assert not worker.one_round()
    use_keys(TEST_KEYS)
    seconds[0] += 9.9
    assert not worker.one_round()
    seconds[0] += 0.2
    assert worker.one_round()
    assert sent(database) == 1


def test_a_worker_with_other_keys_starts_says_so_and_obeys_term(
    sqlite_database: Database, tmp_path: Path
):
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": TEST_KEYS.secret,
        "ENCRYPTION_KEYS": TEST_KEYS.encryption[0],
        "LOOKUP_KEY": OTHER_LOOKUP.lookup,
        "DATABASE_URL": sqlite_database.url.render_as_string(),
        "DATA_DIR": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--every", "0.2"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first, second = (json.loads(process.stderr.readline()) for _ in range(2))
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=20)
    assert process.returncode == 0
    assert first["event"] == "worker-started"
    assert (second["event"], second["setting"]) == ("keys-refused", "LOOKUP_KEY")
    assert second["recorded"] == [key_id(TEST_KEYS.lookup)]
    assert second["given"] == [key_id(OTHER_LOOKUP.lookup)]
    assert [json.loads(line)["event"] for line in rest.splitlines()] == ["worker-stopped"]
