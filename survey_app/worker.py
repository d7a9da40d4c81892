"""The worker: does what is due, every few seconds and whenever it is nudged, until asked to stop.

It keeps nothing between two rounds, and what it does is found in the database: it may be killed at
any moment, and ends itself where it cannot stop in time. However many workers run, on however many
hosts, each sweep is one worker's turn (`store/periodic_work`) by the database's clock; a worker
whose host has another time does nothing. Its log never holds a number, a name, a token, or the
words of an error, which might.
"""

import os
import signal
import traceback
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic, sleep
from types import FrameType
from typing import cast

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext

from survey_app.domain.clock_faults import CLOCK_FAULT_WORDS, ClockFault
from survey_app.logs.lines import write_json_lines
from survey_app.messaging.ping import Ping
from survey_app.messaging.providers.choose import ProviderNotAvailable, Providers
from survey_app.messaging.queue import Queue, QueueNotAvailable
from survey_app.store.installation import KeyRefusal
from survey_app.store.periodic_work import take_turn
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.worker_beats import ROUND_FAILED, WORKING
from survey_app.usecases.check_clock import check_clock
from survey_app.usecases.report_worker import WorkerReport
from survey_app.usecases.run_due import run_due

EVERY_SECONDS = 5.0
"""Between two sweeps."""
REFUSED_EVERY_SECONDS = 15 * 60.0
"""How often those who were refused are decided anew though nothing about them changed; a change of
their details has them decided at once."""
OLD_TEXTS_A_SECOND = 1
"""How many texts of an old backlog a sweep starts for each second until the next. One after the
other, so that a person who sees what happens can still pause the service."""
STOPPING_SECONDS = 8.0
"""After which a worker that was told to stop, and waits for something, ends where it stands."""
SAY_AGAIN_SECONDS = 60.0
"""How often the log says once more that nothing is done."""
LOOK_EVERY_SECONDS = 0.1

log = structlog.get_logger()


@dataclass
class StopSign:
    """Whether to stop; may be set from another thread, and by a signal at any moment.

    A `threading.Event` may not: a handler runs in the thread that it interrupts, and where that
    thread is just going into or out of `wait`, `set` waits for ever for a lock that it holds. There
    is no lock here, so the one who waits looks again and again.
    """

    _is_set: bool = False

    def set(self) -> None:
        """Ask to stop."""
        self._is_set = True

    def is_set(self) -> bool:
        """Whether somebody asked to stop."""
        return self._is_set

    def wait(self, seconds: float) -> None:
        """Wait so long, or until shortly after somebody asks to stop."""
        until = monotonic() + seconds
        while not self._is_set and (left := until - monotonic()) > 0:
            sleep(min(left, LOOK_EVERY_SECONDS))


@dataclass
class Worker:
    """Rounds of `run_due` until `stop` is set."""

    runtime: Runtime
    queue: Queue
    stop: StopSign = field(default_factory=StopSign)
    every_seconds: float = EVERY_SECONDS
    refused_every_seconds: float = REFUSED_EVERY_SECONDS
    _one_round_at_a_time: Lock = field(default_factory=Lock)
    _refusals: tuple[KeyRefusal, ...] = ()
    _said: tuple[ClockFault, float] | None = None

    def __post_init__(self) -> None:
        self._report = WorkerReport(self.runtime)
        self._ping = Ping(self.runtime.settings.worker_ping_url)

    def work(self) -> None:
        """Run until asked to stop; a round that fails is logged, and a later one makes it good."""
        listener = self.queue.listener(self.one_round)
        listener.start()
        log.info("worker-started", every_seconds=self.every_seconds)
        look_at_queue_at = 0.0
        while not self.stop.is_set():
            if monotonic() >= look_at_queue_at:
                # A queue that is away delays texts until the next sweep, and is logged.
                self.queue.answers()
                look_at_queue_at = monotonic() + SAY_AGAIN_SECONDS
            self.sweep()
            self.stop.wait(self.every_seconds)
        # Waits for a nudged round, which has seen `stop` too.
        listener.stop(graceful=True)
        log.info("worker-stopped")

    def sweep(self) -> bool:
        """A round, if this slot's sweep is ours to do; whether it was."""
        if not self._may_work():
            return False
        try:
            if self._refuses(check_clock(self.runtime, self.runtime.on_database_clock())):
                return False
            is_ours = self._is_our_turn("sweep", self.every_seconds)
            with_refused = is_ours and self._is_our_turn("refused", self.refused_every_seconds)
            self._report.still()
        except Exception as error:
            log.error("sweep-failed", fault=type(error).__name__, at=_place(error))
            return False
        if is_ours:
            old_texts = max(1, int(self.every_seconds * OLD_TEXTS_A_SECOND))
            if self.one_round(with_refused=with_refused, old_texts=old_texts):
                self._ping.after_good_round()
        return is_ours

    def one_round(self, *, with_refused: bool = False, old_texts: int = 0) -> bool:
        """One pass of all that is due; whether it went through. A nudge starts no text of an old
        backlog: those are the sweeps', so that however many nudges come, the pace is the same."""
        if not self._may_work():
            return False
        with self._one_round_at_a_time:
            try:
                counts = run_due(
                    self.runtime,
                    with_refused=with_refused,
                    old_texts=old_texts,
                    should_stop=self._should_stop,
                )
                if self._refuses(counts.clock_fault):
                    return False
                self._report.say(WORKING)
            except Exception as error:
                log.error("round-failed", fault=type(error).__name__, at=_place(error))
                self._report_quietly(ROUND_FAILED)
                return False
        if not counts.is_empty:
            log.info("round", **counts.as_json())
        return True

    def _may_work(self) -> bool:
        """Whether the keys are the database's. Asked again until they are; each answer that speaks
        against them is logged once."""
        try:
            refusals = self.runtime.keys.faults()
        except Exception as error:
            log.error("keys-not-compared", fault=type(error).__name__, at=_place(error))
            return False
        if refusals is not self._refusals:
            for refusal in refusals:
                log.error(
                    "keys-refused",
                    setting=refusal.setting,
                    reason=refusal.fault,
                    recorded=refusal.recorded,
                    given=refusal.given,
                )
            self._refusals = refusals
        return not refusals

    def _should_stop(self) -> bool:
        """Asked again and again in a round, which may last for hours: a good time to report."""
        self._report_quietly()
        return self.stop.is_set()

    def _report_quietly(self, report: str | None = None) -> None:
        """A report that is missed costs nothing; the round goes on."""
        try:
            self._report.still() if report is None else self._report.say(report)
        except Exception as error:
            log.warning("report-failed", fault=type(error).__name__, at=_place(error))

    def _refuses(self, fault: ClockFault | None) -> bool:
        """Whether the clock stands against any work, which is then reported and logged: at once,
        and every minute that it lasts."""
        if fault is None:
            if self._said is not None:
                self._report_quietly(WORKING)
            self._said = None
            return False
        self._report_quietly(fault)
        now = monotonic()
        if self._said is None or self._said[0] is not fault or now >= self._said[1]:
            log.error("no-round", reason=fault.value, remedy=CLOCK_FAULT_WORDS[fault])
            self._said = (fault, now + SAY_AGAIN_SECONDS)
        return True

    def _is_our_turn(self, name: str, every_seconds: float) -> bool:
        with self.runtime.database.write(Scope.worker()) as session:
            return take_turn(session, name, every_seconds, self.runtime.database_now(session))


def _place(error: Exception) -> str:
    """File and line of the fault, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"


@click.command("worker")
@click.option(
    "--every",
    type=click.FloatRange(min=0.1),
    default=EVERY_SECONDS,
    show_default=True,
    help="Seconds between two sweeps.",
)
@with_appcontext
def worker_command(every: float) -> None:
    """Run what is due until stopped (Ctrl-C, or TERM: the texts in hand are finished first).

    Any number may run, on several hosts where QUEUE_URL names Redis.
    """
    runtime = cast(Runtime, current_app.extensions["runtime"])
    try:
        Providers.of(runtime).require_usual()
    except ProviderNotAvailable as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    write_json_lines()
    worker = Worker(runtime, cast(Queue, current_app.extensions["queue"]), every_seconds=every)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    try:
        work_until_told(worker)
    except QueueNotAvailable as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error


def work_until_told(worker: Worker) -> None:
    """Let it work, in a thread; end the process when it was told to stop and does not.

    This thread does nothing but wait, so that a signal is heeded at once, whatever a round waits
    for: the handler of a process that stands in a call of the database's client would not run.
    Nothing is lost by ending: what was half done is found again (`messaging/leases`).
    """
    faults: list[BaseException] = []

    def work() -> None:
        try:
            worker.work()
        except BaseException as fault:
            faults.append(fault)

    rounds = Thread(target=work, name="rounds", daemon=True)
    rounds.start()
    while rounds.is_alive() and not worker.stop.is_set():
        rounds.join(LOOK_EVERY_SECONDS)
    rounds.join(STOPPING_SECONDS)
    if rounds.is_alive():
        log.error("worker-cut-short", after_seconds=STOPPING_SECONDS)
        os._exit(1)
    if faults:
        raise faults[0]
