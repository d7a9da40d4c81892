"""The worker: does what is due, every few seconds and whenever it is nudged, until asked to stop.

It keeps nothing between two rounds, and what it does is found in the database: it may be killed at
any moment. However many workers run, on however many hosts, each sweep is one worker's turn
(`store/periodic_work`). Its log never holds a number, a name, a token, or the words of an error,
which might.
"""

import signal
import traceback
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, sleep
from types import FrameType
from typing import cast

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext

from survey_app.logs.lines import write_json_lines
from survey_app.messaging.providers.choose import ProviderNotAvailable, Providers
from survey_app.messaging.queue import Queue, QueueNotAvailable
from survey_app.store.installation import KeyRefusal
from survey_app.store.periodic_work import take_turn
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.usecases.run_due import run_due

EVERY_SECONDS = 5.0
"""Between two sweeps."""
REFUSED_EVERY_SECONDS = 15 * 60.0
"""How often those who were refused are decided anew though nothing about them changed; a change of
their details has them decided at once."""

log = structlog.get_logger()


LOOK_EVERY_SECONDS = 0.1


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

    def work(self) -> None:
        """Run until asked to stop; a round that fails is logged, and a later one makes it good."""
        listener = self.queue.listener(self.one_round)
        listener.start()
        log.info("worker-started", every_seconds=self.every_seconds)
        while not self.stop.is_set():
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
            is_ours = self._is_our_turn("sweep", self.every_seconds)
            with_refused = is_ours and self._is_our_turn("refused", self.refused_every_seconds)
        except Exception as error:
            log.error("sweep-failed", fault=type(error).__name__, at=_place(error))
            return False
        if is_ours:
            self.one_round(with_refused=with_refused)
        return is_ours

    def one_round(self, *, with_refused: bool = False) -> bool:
        """One pass of all that is due; whether it went through."""
        if not self._may_work():
            return False
        with self._one_round_at_a_time:
            try:
                counts = run_due(
                    self.runtime, with_refused=with_refused, should_stop=self.stop.is_set
                )
            except Exception as error:
                log.error("round-failed", fault=type(error).__name__, at=_place(error))
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

    def _is_our_turn(self, name: str, every_seconds: float) -> bool:
        with self.runtime.database.write(Scope.worker()) as session:
            return take_turn(session, name, every_seconds, self.runtime.now())


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
        worker.work()
    except QueueNotAvailable as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
