"""The worker runs rounds until told to stop, survives a bad one, and logs nothing that tells."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, text

from survey_app.messaging.queue import Queue
from survey_app.settings import Settings
from survey_app.store.messages import SimulatedText
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.usecases.run_due import RunCounts
from survey_app.worker import Worker
from tests.queues import queue_settings
from tests.texting import a_due_request, a_texting_service
from tests.world import TEST_KEYS

__all__ = ["queue_settings"]

ROOT = Path(__file__).parents[1]


@pytest.fixture
def worker(sqlite_database, clock, tmp_path) -> Worker:
    """A worker that hardly waits."""
    runtime = Runtime(Settings(keys=TEST_KEYS, data_dir=tmp_path), sqlite_database, clock)
    return Worker(runtime, Queue(runtime.settings), every_seconds=0.01)


def test_a_round_sends_what_is_due_and_logs_counts_only(worker, capsys):
    with worker.runtime.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        a_due_request(session, service, last_three="123", case={"case_ref": "SECRET-1"})
    assert worker.one_round()
    said = "".join(capsys.readouterr())
    assert "'sent': 1" in said or "sent=1" in said
    for telling in ("900123", "SECRET-1", "/s/"):
        assert telling not in said


def test_a_round_that_fails_is_logged_without_its_words_and_the_next_one_runs(worker, capsys):
    with worker.runtime.database.write() as session:
        session.execute(text("ALTER TABLE requests RENAME TO elsewhere"))
    assert not worker.one_round()
    said = "".join(capsys.readouterr())
    assert "OperationalError" in said
    assert "SELECT" not in said
    with worker.runtime.database.write() as session:
        session.execute(text("ALTER TABLE elsewhere RENAME TO requests"))
    assert worker.one_round()


def test_work_ends_soon_after_it_is_asked_to(worker):
    thread = Thread(target=worker.work)
    thread.start()
    worker.stop.set()
    thread.join(10)
    assert not thread.is_alive()


STOPPED_WHILE_IT_WAITS = """
import random, signal
from survey_app.worker import StopSign

sign = StopSign()
signal.signal(signal.SIGALRM, lambda *_: sign.set())
for _ in range(4000):
    sign = StopSign()
    signal.setitimer(signal.ITIMER_REAL, random.uniform(0.00001, 0.0003))
    sign.wait(random.uniform(0.00001, 0.0003))
"""


def test_a_signal_may_come_at_any_moment_of_a_wait():
    """With an Event this hangs within a few hundred rounds."""
    command = [sys.executable, "-c", STOPPED_WHILE_IT_WAITS]
    assert subprocess.run(command, cwd=ROOT, timeout=60).returncode == 0


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_the_command_stops_gracefully_when_told_to(sqlite_database, tmp_path, name):
    environment = os.environ | {
        "DATABASE_URL": sqlite_database.url.render_as_string(hide_password=False),
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
    first = json.loads(process.stderr.readline())
    assert first["event"] == "worker-started"
    time.sleep(0.3)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert json.loads(said.splitlines()[-1])["event"] == "worker-stopped"


def test_of_two_workers_one_sweeps_in_each_slot(database, clock, tmp_path):
    """On the database alone: huey's own periodic tasks would run in both."""
    settings = Settings(keys=TEST_KEYS, data_dir=tmp_path)
    runtime = Runtime(settings, database, clock)
    workers = [Worker(runtime, Queue(settings), every_seconds=5) for _ in range(2)]
    for _ in range(3):
        clock.move(seconds=5)
        assert sorted(worker.sweep() for worker in [*workers, *workers]) == [False] * 3 + [True]


def test_those_who_were_refused_are_decided_anew_by_one_worker_every_quarter_of_an_hour(
    database, clock, tmp_path, monkeypatch
):
    asked: list[bool] = []

    def counts_only(_runtime, *, with_refused, old_texts, should_stop):
        asked.append(with_refused)
        return RunCounts()

    monkeypatch.setattr("survey_app.worker.run_due", counts_only)
    settings = Settings(keys=TEST_KEYS, data_dir=tmp_path)
    runtime = Runtime(settings, database, clock)
    workers = [Worker(runtime, Queue(settings), every_seconds=300) for _ in range(2)]
    for _ in range(6):
        for worker in workers:
            worker.sweep()
        clock.move(minutes=5)
    assert asked == [True, False, False, True, False, False]


def test_a_sweep_that_cannot_reach_the_database_is_logged_without_its_words(worker, capsys):
    with worker.runtime.database.write() as session:
        session.execute(text("DROP TABLE periodic_work"))
    assert not worker.sweep()
    said = "".join(capsys.readouterr())
    assert "OperationalError" in said
    assert "INSERT" not in said


def test_nudged_workers_send_at_once_what_is_due_and_each_text_once(
    database, clock, queue_settings
):
    """Their next sweep is an hour away."""
    runtime = Runtime(queue_settings, database, clock)
    workers = [Worker(runtime, Queue(queue_settings), every_seconds=3600) for _ in range(2)]
    threads = [Thread(target=worker.work) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        with database.write(Scope.worker()) as session:
            service = a_texting_service(session)
            for _ in range(20):
                a_due_request(session, service)
        for _ in range(3):
            Queue(queue_settings).nudge()
        received = _received_within(database, seconds=20, at_least=20)
    finally:
        for worker in workers:
            worker.stop.set()
        for thread in threads:
            thread.join(20)
    assert len(received) == len(set(received)) == 20
    assert not any(thread.is_alive() for thread in threads)


def _received_within(database, *, seconds, at_least) -> list[str]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with database.read() as session:
            received = [row.body for row in session.scalars(select(SimulatedText))]
        if len(received) >= at_least:
            break
        time.sleep(0.1)
    return received


def test_a_worker_without_a_usable_queue_says_so_and_ends(sqlite_database, tmp_path):
    environment = os.environ | {
        "DATABASE_URL": sqlite_database.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path),
        "QUEUE_URL": "amqp://127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "QUEUE_URL" in done.stderr
    assert "Traceback" not in done.stderr
