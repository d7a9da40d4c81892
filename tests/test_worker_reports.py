"""A worker refuses a wrong clock, reports that it lives, paces itself, and tells a monitor."""

import socket
import time
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from sqlalchemy import select, text

from survey_app.messaging import ping as ping_module
from survey_app.messaging.ping import Ping
from survey_app.messaging.queue import Queue
from survey_app.settings import Settings
from survey_app.store.messages import SimulatedText
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.worker_beats import WorkerBeat, beat, heartbeat
from survey_app.usecases import report_worker
from survey_app.worker import Worker
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS, SetClock


@pytest.fixture
def database_clock() -> SetClock:
    """The database's; the host's is `clock`."""
    return SetClock()


@pytest.fixture
def worker(database, clock, database_clock, tmp_path) -> Worker:
    settings = Settings(keys=TEST_KEYS, data_dir=tmp_path)
    runtime = Runtime(settings, database, clock, database_clock)
    return Worker(runtime, Queue(settings), every_seconds=5)


def another(worker: Worker, clock: SetClock) -> Worker:
    """On another host."""
    return Worker(replace(worker.runtime, clock=clock), worker.queue, every_seconds=5)


def beats(worker: Worker) -> list[WorkerBeat]:
    with worker.runtime.database.read() as session:
        return list(session.scalars(select(WorkerBeat).order_by(WorkerBeat.started_at)))


def sent(worker: Worker) -> int:
    with worker.runtime.database.read() as session:
        return len(session.scalars(select(SimulatedText)).all())


def waits(worker: Worker, count: int = 1, **facts) -> None:
    with worker.runtime.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        for _ in range(count):
            a_due_request(session, service, **facts)


def test_a_worker_whose_host_is_off_leaves_the_turn_to_another_and_says_so_once_a_minute(
    worker, clock, monkeypatch, capsys
):
    waits(worker)
    wrong = another(worker, SetClock(NOON + timedelta(minutes=4)))
    assert not wrong.sweep()
    assert not wrong.one_round()
    assert sent(worker) == 0
    said = "".join(capsys.readouterr())
    assert said.count("no-round") == 1
    assert "host-clock-off" in said
    assert [b.report for b in beats(worker)] == ["host-clock-off"]
    assert worker.sweep()
    assert sent(worker) == 1
    later = time.monotonic() + 61
    monkeypatch.setattr("survey_app.worker.monotonic", lambda: later)
    wrong.sweep()
    assert "".join(capsys.readouterr()).count("no-round") == 1


def test_a_worker_whose_clock_was_set_right_works_again_and_says_so(worker, database_clock):
    waits(worker)
    database_clock.move(minutes=4)
    assert not worker.sweep()
    database_clock.move(minutes=-4)
    worker.sweep()
    assert sent(worker) == 1
    assert [b.report for b in beats(worker)] == ["working"]


def test_one_sweep_a_day_ahead_stops_no_later_sweep(worker, clock, database_clock):
    """Seen: it stopped all sweeps for 24 hours."""
    for one in (clock, database_clock):
        one.move(hours=23)
    assert worker.sweep()
    for one in (clock, database_clock):
        one.move(hours=-23)
    assert worker.sweep()


def test_whose_turn_it_is_goes_by_the_database_s_clock_and_not_by_a_host_s(worker):
    assert worker.sweep()
    ahead = another(worker, SetClock(NOON + timedelta(seconds=20)))
    assert not ahead.sweep()
    assert [b.beat_at for b in beats(worker)] == [NOON, NOON], "both report, by the same clock"


def test_a_worker_reports_that_it_works_and_names_no_host(worker, database_clock):
    worker.sweep()
    [mine] = beats(worker)
    assert (mine.report, mine.beat_at, mine.worked_at) == ("working", NOON, NOON)
    assert mine.id.isalnum()
    assert len(mine.id) == 16


def test_a_worker_whose_rounds_fail_does_not_count_as_one_that_works(worker, clock, database_clock):
    assert worker.sweep()
    with worker.runtime.database.write() as session:
        session.execute(text("ALTER TABLE requests RENAME TO elsewhere"))
    try:
        for _ in range(3):
            for one in (clock, database_clock):
                one.move(minutes=1)
            worker.sweep()
    finally:
        with worker.runtime.database.write() as session:
            session.execute(text("ALTER TABLE elsewhere RENAME TO requests"))
    [mine] = beats(worker)
    assert (mine.report, mine.worked_at) == ("round-failed", NOON)
    assert mine.beat_at > NOON


def test_a_worker_reports_in_the_midst_of_a_long_round(worker, clock, database_clock, monkeypatch):
    """A round of thousands of texts lasts for hours, and is no silence."""
    monkeypatch.setattr(report_worker, "EVERY_SECONDS", 0.0)
    seen = []

    def long_round(_runtime, *, should_stop, **_asked):
        for _ in range(3):
            for one in (clock, database_clock):
                one.move(minutes=30)
            should_stop()
            seen.append(beats(worker)[0].beat_at)
        raise RuntimeError

    monkeypatch.setattr("survey_app.worker.run_due", long_round)
    worker.sweep()
    assert seen == [NOON + timedelta(minutes=30 * n) for n in (1, 2, 3)]


def test_workers_that_fell_silent_long_ago_are_forgotten(database):
    with database.write() as session:
        beat(session, "long-ago", "working", NOON - timedelta(days=8))
        beat(session, "lately", "working", NOON - timedelta(days=6))
    with database.write() as session:
        beat(session, "now", "host-clock-off", NOON)
        ids = set(session.scalars(select(WorkerBeat.id)))
        known = heartbeat(session, NOON - timedelta(minutes=2))
    assert ids == {"lately", "now"}
    assert known.last_at == NOON - timedelta(days=6)
    assert known.reports == {"host-clock-off": 1}


def test_a_worker_that_comes_back_starts_an_old_backlog_at_one_text_a_second(
    worker, clock, database_clock
):
    three_days_ago = NOON - timedelta(days=3)
    waits(worker, 12, due_at=three_days_ago, created_at=three_days_ago)
    waits(worker, 3, due_at=NOON, created_at=NOON)
    after = []
    for _ in range(4):
        worker.sweep()
        worker.one_round()
        after.append(sent(worker))
        for one in (clock, database_clock):
            one.move(seconds=5)
    assert after == [3 + 5, 3 + 10, 3 + 12, 3 + 12]


class Monitor(BaseHTTPRequestHandler):
    """Remembers who asked for what."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def monitor():
    server = HTTPServer(("127.0.0.1", 0), Monitor)
    server.asked, server.answer = [], 200  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address_of(monitor) -> str:
    return f"http://127.0.0.1:{monitor.server_port}/ping/our-secret"


def pinged(worker: Worker) -> None:
    if worker._ping._thread is not None:
        worker._ping._thread.join(10)


def test_a_good_round_pings_the_monitor_with_nothing_of_ours(worker, monitor):
    waits(worker)
    worker._ping = Ping(address_of(monitor))
    worker.sweep()
    pinged(worker)
    [(path, headers)] = monitor.asked
    assert path == "/ping/our-secret"
    assert not {"Authorization", "Cookie", "Content-Length"} & set(headers)


@pytest.mark.parametrize("kind", ["host", "jump", "fault"])
def test_a_round_that_is_not_done_or_fails_pings_nobody(
    worker, monitor, clock, database_clock, monkeypatch, kind
):
    worker.sweep()
    worker._ping = Ping(address_of(monitor))
    database_clock.move(days=2 if kind == "jump" else 0, minutes=4 if kind == "host" else 1)
    clock.move(days=2 if kind == "jump" else 0, minutes=1)
    if kind == "fault":
        monkeypatch.setattr("survey_app.worker.run_due", None)
    worker.sweep()
    pinged(worker)
    assert monitor.asked == []


def test_a_monitor_that_fails_or_is_away_changes_no_round_and_its_address_stands_in_no_log(
    worker, monitor, clock, database_clock, capsys
):
    monitor.answer = 500
    for url in (address_of(monitor), "http://127.0.0.1:1/ping/our-secret"):
        worker._ping = Ping(url)
        assert worker.sweep()
        pinged(worker)
        for one in (clock, database_clock):
            one.move(seconds=5)
    said = "".join(capsys.readouterr())
    assert said.count("ping-failed") == 2
    assert "our-secret" not in said
    assert "our-secret" not in repr(worker._ping)


def test_a_monitor_that_points_elsewhere_is_not_followed(worker, monitor):
    monitor.answer = 302
    worker._ping = Ping(address_of(monitor))
    worker.sweep()
    pinged(worker)
    assert [path for path, _ in monitor.asked] == ["/ping/our-secret"]


def test_a_monitor_that_never_answers_holds_no_later_ping_up(monkeypatch, capsys):
    monkeypatch.setattr(ping_module, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ping = Ping(f"http://127.0.0.1:{silent.getsockname()[1]}/ping", every_seconds=0)
        ping.after_good_round()
        first = ping._thread
        assert first is not None
        ping.after_good_round()
        assert ping._thread is first, "one at a time"
        first.join(5)
        assert not first.is_alive()
    assert "ping-failed" in "".join(capsys.readouterr())


def test_rounds_that_follow_at_once_ping_once(worker, monitor, monkeypatch):
    ping = Ping(address_of(monitor))
    for _ in range(3):
        ping.after_good_round()
        assert ping._thread is not None
        ping._thread.join(10)
    assert len(monitor.asked) == 1
    later = time.monotonic() + ping_module.EVERY_SECONDS
    monkeypatch.setattr(ping_module, "monotonic", lambda: later)
    ping.after_good_round()
    ping._thread.join(10)
    assert len(monitor.asked) == 2


def test_a_worker_pings_the_address_of_its_settings_and_nobody_without(worker, monitor):
    settings = replace(worker.runtime.settings, worker_ping_url=address_of(monitor))
    assert worker._ping.url == ""
    told = Worker(replace(worker.runtime, settings=settings), worker.queue)
    told.sweep()
    pinged(told)
    assert len(monitor.asked) == 1
    assert "our-secret" not in repr(settings)
