"""What happens on one database, from the first case to the verdict?"""

import os
import random
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import requests

from faults import far_end
from faults.bad_machines import HangingDatabase, SkewedWorker, hanging_database
from faults.fast_time import VARIABLE, FastClock
from faults.people import SENDERS, add_services, everyone, let_arrive
from faults.processes import MortalWorker, Served, free_port
from faults.verdict import Verdict, believed, judge, unsettled, written
from survey_app.messaging.queue import Queue
from survey_app.settings import Settings
from survey_app.store.migrations import upgrade
from survey_app.store.runtime import Runtime, start
from survey_app.store.scope import Scope

WORKERS = 2
AT_A_TIME = 40
"""People who arrive together."""
REST_SECONDS = 1.5


@dataclass(frozen=True)
class Plan:
    """How much is to be broken, and how long the whole may take on one database."""

    seed: int
    texts: int
    kills: int
    limit_seconds: float


@dataclass
class Outcome:
    """What came of it, and what happened on the way."""

    verdict: Verdict
    kills: int
    is_settled: bool
    bad_stops: tuple[str, ...]
    """How workers ended that did not stop in good order when they were told."""
    state: dict[str, object]
    seconds: float
    hung_seconds: float
    """For how long the database stood still; 0 for a server that is not the test's own."""

    @property
    def is_good(self) -> bool:
        """Whether the promises held, and the test did what it says it does."""
        return self.verdict.is_good and self.is_settled and not self.bad_stops


def run(kind: str, plan: Plan) -> Outcome:
    """One database, fresh, with processes of its own, all of them gone afterwards."""
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        database = stack.enter_context(hanging_database(kind, folder))
        web, provider = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        environment = _environment(database.url, folder, web, provider)
        runtime = _runtime(environment)
        stack.callback(runtime.database.close)
        _serve(stack, environment, folder, web, provider, plan.seed)
        chance = random.Random(plan.seed)
        workers = [MortalWorker(str(n), environment, folder, chance) for n in range(WORKERS)]
        skewed = SkewedWorker(environment, folder, chance)
        try:
            is_settled = _break_things(runtime, workers, database, plan, folder, began)
        finally:
            bad_stops = tuple(filter(None, [w.stop() for w in (*workers, skewed)]))
        state = _state_when_all_is_reported(provider)
        with runtime.database.read(Scope.worker()) as session:
            beliefs = believed(session)
    verdict = judge(everyone(plan.texts), state["texts"], beliefs)
    kills = sum(worker.kills for worker in workers)
    return Outcome(
        verdict,
        kills,
        is_settled,
        bad_stops,
        state,
        time.monotonic() - began,
        database.hung_seconds,
    )


def _environment(url: str, folder: Path, web: str, provider: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "BASE_URL": web,
        "SMS_PROVIDER": "twilio",
        "TWILIO_ACCOUNT_SID": far_end.ACCOUNT,
        "TWILIO_AUTH_TOKEN": far_end.TOKEN,
        "TWILIO_FROM": "Info",
        "TWILIO_BASE_URL": provider,
        VARIABLE: repr(time.time()),
    }


def _runtime(environment: dict[str, str]) -> Runtime:
    clock = FastClock(float(environment[VARIABLE]))
    runtime = start(Settings.from_env(environment), clock)
    upgrade(runtime.database)
    add_services(runtime)
    return runtime


def _serve(
    stack: ExitStack,
    environment: dict[str, str],
    folder: Path,
    web: str,
    provider: str,
    seed: int,
) -> None:
    """The far end, and our own web process for its callbacks."""
    port = provider.rpartition(":")[2]
    command = ["faults.far_end", str(seed), port]
    far = Served("provider", command, environment, folder)
    stack.callback(far.stop)
    bind = web.removeprefix("http://")
    command = ["gunicorn", "--bind", bind, "--threads", "4", "--log-level", "warning"]
    ours = Served("web", [*command, "faults.app:app"], environment, folder)
    stack.callback(ours.stop)
    far.wait_for(f"{provider}/state")
    ours.wait_for(f"{web}/healthz")


def _break_things(
    runtime: Runtime,
    workers: list[MortalWorker],
    database: HangingDatabase,
    plan: Plan,
    folder: Path,
    began: float,
) -> bool:
    """Let people arrive, kill workers, and wait; whether every text came to an end in time."""
    arrivals = Thread(target=_let_arrive, args=(runtime, database, plan.texts, folder), daemon=True)
    arrivals.start()
    next_look = 0.0
    while time.monotonic() - began < plan.limit_seconds:
        for worker in workers:
            if sum(w.kills for w in workers) < plan.kills:
                worker.kill_when_it_is_time()
        if time.monotonic() >= next_look and not arrivals.is_alive():
            next_look = time.monotonic() + 1
            is_over = sum(w.kills for w in workers) >= plan.kills
            if is_over and _is_all_settled(runtime, plan.texts):
                return True
        time.sleep(0.01)
    return False


def _let_arrive(runtime: Runtime, database: HangingDatabase, texts: int, folder: Path) -> None:
    """By the half of them, while texts are under way, the database hangs."""
    queue = Queue(runtime.settings)
    per_service = texts // len(SENDERS)
    arriving = [(n, slug) for n in range(0, per_service, AT_A_TIME) for slug in SENDERS]
    for done, (first, slug) in enumerate(arriving, 1):
        let_arrive(runtime, slug, first, min(AT_A_TIME, per_service - first), folder)
        queue.nudge()
        time.sleep(REST_SECONDS)
        if done == (len(arriving) + 1) // 2:
            database.hang()


def _is_all_settled(runtime: Runtime, texts: int) -> bool:
    with runtime.database.read(Scope.worker()) as session:
        return written(session) >= texts and unsettled(session) == 0


def _state_when_all_is_reported(provider: str) -> dict[str, object]:
    """What the far end knows once its last callback is out; half a minute at most."""
    for _ in range(60):
        state: dict[str, object] = requests.get(f"{provider}/state", timeout=10).json()
        if not state["reports_to_come"]:
            break
        time.sleep(0.5)
    return state
