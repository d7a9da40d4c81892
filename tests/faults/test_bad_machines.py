"""The fault test's bad machines are as bad as it says, and its small run is small."""

import random
import sys
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from faults import bad_machines
from faults.__main__ import SMALL, _arguments
from faults.bad_machines import HangingDatabase, SkewedWorker
from faults.fast_time import FastClock, SkewedClock


def test_a_database_that_hangs_keeps_writers_waiting(sqlite_database, monkeypatch):
    monkeypatch.setattr(bad_machines, "FROZEN_SECONDS", 1.0)
    url = sqlite_database.url.render_as_string(hide_password=False)
    hanging = HangingDatabase(url, None)
    thread = Thread(target=hanging.hang)
    thread.start()
    sleep(0.3)
    began = monotonic()
    with sqlite_database.write() as session:
        session.execute(text("DELETE FROM periodic_work"))
    assert monotonic() - began > 0.3
    thread.join()
    assert hanging.hung_seconds >= 1


def test_a_server_that_is_not_the_test_s_own_is_never_made_to_hang():
    given = HangingDatabase("postgresql+psycopg://nobody@127.0.0.1:1/none", None)
    given.hang()
    assert given.hung_seconds == 0


def test_a_skewed_host_is_off_by_as_much_as_it_is_told(monkeypatch):
    monkeypatch.setenv("FAULTS_BEGAN", "1000")
    monkeypatch.setenv("FAULTS_SKEW_SECONDS", "240")
    off = SkewedClock.of_this_process()() - FastClock.of_this_process()()
    assert abs(off - timedelta(seconds=240)) < timedelta(seconds=20)


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ('{"event": "worker-started"}\n{"event": "no-round"}\n', True),
        ('{"event": "worker-started"}\n{"event": "no-round"}\n{"event": "round"}\n', False),
        ('{"event": "worker-started"}\n', False),
    ],
)
def test_a_skewed_worker_that_does_a_round_or_does_not_refuse_fails_the_test(
    tmp_path, monkeypatch, said, is_right
):
    class Stopped:
        def __init__(self, *_given: object) -> None:
            (tmp_path / "worker-skewed.log").write_text(said)

        def stop(self) -> None:
            return None

    monkeypatch.setattr(bad_machines, "MortalWorker", Stopped)
    outcome = SkewedWorker({}, tmp_path, random.Random(1)).stop()
    assert (outcome is None) == is_right


def test_the_small_run_is_asked_for_by_one_word_and_its_parts_may_still_be_set(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["faults", "--small", "--kills", "1"])
    asked = _arguments()
    assert (asked.texts, asked.minutes, asked.kills) == (SMALL["texts"], SMALL["minutes"], 1)
    monkeypatch.setattr(sys, "argv", ["faults"])
    assert (_arguments().texts, _arguments().kills) == (1040, 40)
