"""Told to stop, the worker ends within ten seconds, whatever it waits for."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from faults.fast_time import START, VARIABLE
from faults.own_servers import find_postgresql, own_postgresql, own_redis
from survey_app.domain.requests import MessageState
from survey_app.messaging.leases import LEASE, expire_leases
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.messages import OutboxMessage
from survey_app.store.migrations import upgrade
from survey_app.store.runtime import start
from survey_app.store.scope import Scope
from tests.texting import a_due_request, a_texting_service
from tests.world import TEST_KEYS

ROOT = Path(__file__).parents[1]
OBEYED_WITHIN = 10.0


class ARunningWorker:
    """The command in a process of its own, and what it has logged."""

    def __init__(self, url: str, folder: Path, **environment: str) -> None:
        self.said: list[dict[str, object]] = []
        self.raw: list[str] = []
        keys = {
            "SECRET_KEY": TEST_KEYS.secret,
            "ENCRYPTION_KEYS": ",".join(TEST_KEYS.encryption),
            "LOOKUP_KEY": TEST_KEYS.lookup,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "faults.app", "worker", "--every", "0.2"],
            cwd=ROOT,
            env=os.environ
            | keys
            | {"DATABASE_URL": url, "DATA_DIR": str(folder), "SMS_PROVIDER": "simulated"}
            | {VARIABLE: repr(time.time())}
            | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = Thread(target=self._read)
        self._reader.start()
        self.wait_for("worker-started")

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.raw.append(line)
            if line.startswith("{"):
                self.said.append(json.loads(line))

    def events(self) -> list[object]:
        return [entry["event"] for entry in self.said]

    def wait_for(self, event: str) -> None:
        until = time.monotonic() + 60
        while event not in self.events():
            assert time.monotonic() < until, self.raw
            assert self.process.poll() is None, self.raw
            time.sleep(0.05)

    def stop(self) -> float:
        """Tell it, and wait; how long it took, in seconds."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        took = time.monotonic() - began
        self._reader.join()
        return took


@contextmanager
def a_worker(url: str, folder: Path, **environment: str) -> Iterator[ARunningWorker]:
    worker = ARunningWorker(url, folder, **environment)
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.communicate()


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_a_worker_whose_database_stands_still_ends_all_the_same(tmp_path):
    if find_postgresql() is None:
        pytest.skip("PostgreSQL's programs are missing: a server of the test's own is frozen")
    with own_postgresql() as server:
        database = Database(server.url)
        upgrade(database)
        database.close()
        with a_worker(server.url, tmp_path) as worker:
            time.sleep(0.5)
            server.freeze()
            time.sleep(1.5)
            assert worker.stop() < OBEYED_WITHIN
            # A connection that is tried anew is given up in time; a statement under way is not.
            assert worker.events()[-1] in ("worker-stopped", "worker-cut-short")


def test_a_worker_that_waits_for_sqlite_s_writer_ends_all_the_same(sqlite_database, tmp_path):
    with a_worker(address(sqlite_database), tmp_path) as worker:
        holder = sqlite3.connect(str(sqlite_database.url.database), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        took = worker.stop()
        holder.close()
    assert took < OBEYED_WITHIN
    assert worker.events()[-1] == "worker-cut-short"


def test_a_worker_whose_redis_stands_still_works_on_and_stops_in_good_order(
    sqlite_database, tmp_path
):
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing: one of the test's own is frozen")
    with (
        own_redis(tmp_path) as server,
        a_worker(address(sqlite_database), tmp_path, QUEUE_URL=server.url) as worker,
    ):
        server.freeze()
        with sqlite_database.write(Scope.worker()) as session:
            a_due_request(session, a_texting_service(session), due_at=START, created_at=START)
        worker.wait_for("round")
        assert worker.stop() < OBEYED_WITHIN
    assert worker.process.returncode == 0
    assert worker.events()[-1] == "worker-stopped"


@contextmanager
def a_silent_provider() -> Iterator[str]:
    """Takes calls, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_call_to_a_silent_provider_is_cut_and_its_text_is_in_doubt_not_lost(database, tmp_path):
    settings = Settings(keys=TEST_KEYS, database_url=address(database), data_dir=tmp_path)
    process = start(settings)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, sms_provider="twilio")
        a_due_request(session, service, due_at=START, created_at=START)
    with a_silent_provider() as url:
        twilio = {
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "a token",
            "TWILIO_FROM": "Info",
            "TWILIO_BASE_URL": url,
        }
        with a_worker(address(database), tmp_path, **twilio) as worker:
            until = time.monotonic() + 30
            while _text(process).state != MessageState.SENDING and time.monotonic() < until:
                time.sleep(0.05)
            took = worker.stop()
    assert took < OBEYED_WITHIN
    text = _text(process)
    assert (text.state, text.attempts) == (MessageState.SENDING, 1)
    with database.write(Scope.worker()) as session:
        assert text.lease_until is not None
        assert expire_leases(session, text.lease_until + LEASE) == 1
    assert _text(process).state == MessageState.UNKNOWN
    process.database.close()


def _text(process) -> OutboxMessage:
    with process.database.read(Scope.worker()) as session:
        found = session.scalars(select(OutboxMessage)).first()
        return found or OutboxMessage(state="none", attempts=0)
