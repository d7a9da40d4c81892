"""A real web server on loopback, as an installation runs it: gunicorn, two sync workers."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket
from typing import Any

from bench.processor import Reading, Times, seconds_between, times_of

WORKERS = 2
WORKING_SECONDS = 3.0
"""Of a worker, before its memory is read."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: int
    backends: Reading = dict
    """Of the database's own processes."""

    def load(self, **asked: Any) -> dict[str, Any]:
        """What a run of `people` measured (see there), and the seconds of processor time that the
        server, its workers and the database's processes had."""
        before = self._times()
        done = subprocess.run(
            [sys.executable, "-m", "bench.victim.people"],
            input=json.dumps({"port": self.port, **asked}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        measured: dict[str, Any] = json.loads(done.stdout)
        return measured | {"processor": seconds_between(before, self._times())}

    def exchange(self, content: bytes) -> bytes:
        """One request; every byte that came back."""
        return exchange(self.port, content)

    def megabytes(self) -> float:
        """Memory of the server and its workers together; what they share counts once (PSS)."""
        return sum(_share(process) for process in [self.process, *self._workers()])

    def _times(self) -> Times:
        return times_of([self.process, *self._workers()]) | self.backends()

    def _workers(self) -> list[int]:
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        return [int(worker) for worker in children.read_text(encoding="ascii").split()]


def exchange(port: int, content: bytes) -> bytes:
    """One request to this machine; every byte that came back."""
    with create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(content)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def worker_megabytes(**environment: str) -> float:
    """Memory of a background worker (PSS) that has gone through its first rounds."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--every", "1"]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if json.loads(line).get("event") == "worker-started":
                    break
            else:
                raise RuntimeError("the worker did not start")
            time.sleep(WORKING_SECONDS)
            return _share(process.pid)
        finally:
            process.terminate()


def _share(process: int) -> float:
    mapped = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = [line.split()[1] for line in mapped.splitlines() if line.startswith("Pss:")]
    return int(kilobytes) / 1024


@contextmanager
def serve(application: str, backends: Reading = dict, **environment: str) -> Iterator[Server]:
    """Start gunicorn with this application; gone at the end of the block."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", "--log-level", "warning"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), application),
    ]
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:
        try:
            _await(port)
            yield Server(port, process.pid, backends)
        finally:
            process.terminate()


def _await(port: int) -> None:
    for _ in range(200):
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the web server did not start")
