"""How many texts a second does one worker process send?

Promise (issue 3): at least 100 a second against the fake. The fake is a process of its own on
loopback that speaks as Twilio does and answers at once, or after 50 ms as a real one might. The
floor is what no dispatch could beat on this machine: the bare posts of the same forms to the same
fake, over as many connections, with no claim, no rule and no record.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import local
from urllib.parse import parse_qs

import requests

from faults.databases import KINDS, DatabaseMissing, fresh_database
from faults.people import SENDERS, add_services, let_arrive
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.providers.choose import AT_ONCE, Providers
from survey_app.settings import Settings
from survey_app.store.migrations import upgrade
from survey_app.store.runtime import Runtime, start
from survey_app.store.scope import Scope
from survey_app.usecases.invite import invite_due

TEXTS = 1000
A_SECOND = 100
_numbers = count(1)
DELAYS = (0.0, 0.05)
"""Seconds that the fake takes for an answer."""
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
ACCOUNT = "AC" + "0" * 32


def measure_dispatch() -> bool:
    """Print the figures; whether every promise held."""
    print(f"dispatch: {TEXTS:,} texts, one worker process, {AT_ONCE} calls at once")
    held = True
    for delay in DELAYS:
        with _fake(delay) as address:
            floor = _floor(address)
            print(f"  a fake that answers after {delay * 1000:.0f} ms")
            print(f"    floor       {floor:6.0f} a second (bare posts)")
            for kind in KINDS:
                try:
                    held &= _compare(kind, _dispatch(kind, address), floor)
                except DatabaseMissing as fault:
                    print(f"    {kind:11} skipped: {fault}")
    return held


def _compare(kind: str, rate: float, floor: float) -> bool:
    holds = rate >= A_SECOND
    print(
        f"    {kind:11} {rate:6.0f} a second ({rate / floor:.0%} of the floor; promised "
        f"{A_SECOND}: {'held' if holds else 'MISSED'})"
    )
    return holds


def _floor(address: str) -> float:
    own = local()
    form = {"To": "+447700900123", "From": "Info", "Body": "x" * 140, "StatusCallback": address}

    def post(_: int) -> None:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        own.session.post(f"{address}/Messages.json", data=form, timeout=10).raise_for_status()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        began = time.perf_counter()
        list(pool.map(post, range(TEXTS)))
        return TEXTS / (time.perf_counter() - began)


def _dispatch(kind: str, address: str) -> float:
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database(kind, Path(name)) as url,
    ):
        runtime = _filled(url, Path(name), address)
        began = time.perf_counter()
        counts = dispatch_due(runtime, Providers.of(runtime))
        seconds = time.perf_counter() - began
        runtime.database.close()
        if counts.answered["accepted"] != TEXTS:
            raise RuntimeError(f"not every text was accepted: {counts}")
        return TEXTS / seconds


def _filled(url: str, folder: Path, address: str) -> Runtime:
    settings = Settings.from_env(
        {
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": "the benchmark's own token",
            "TWILIO_FROM": "Info",
            "TWILIO_BASE_URL": address,
        }
    )
    runtime = start(settings, lambda: NOW)
    upgrade(runtime.database)
    add_services(runtime)
    for slug in SENDERS:
        let_arrive(runtime, slug, 0, TEXTS // len(SENDERS), folder)
    with runtime.database.write(Scope.worker()) as session:
        invite_due(session, settings, NOW, after_id=0, limit=TEXTS, with_refused=True)
    return runtime


@contextmanager
def _fake(delay: float) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "bench.dispatch", str(delay)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class _Fake(BaseHTTPRequestHandler):
    delay: float
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """One packet an answer."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        time.sleep(self.delay)
        content = json.dumps({"sid": f"SM{next(_numbers):032x}", "body": form["Body"][0]}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _serve(delay: float) -> None:
    server = _Server(("127.0.0.1", 0), type("Handler", (_Fake,), {"delay": delay}))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve(float(sys.argv[1]))
