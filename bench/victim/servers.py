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

WORKERS = 2


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: int

    def load(self, **asked: Any) -> dict[str, Any]:
        """What a run of `people` measured (see there), and the workers' processor seconds."""
        before = self._processor_seconds()
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
        return measured | {"processor": self._processor_seconds() - before}

    def exchange(self, content: bytes) -> bytes:
        """One request; every byte that came back."""
        with create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(content)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def megabytes(self) -> float:
        """Memory of the server and its workers together; what they share counts once (PSS)."""
        return sum(_share(process) for process in [str(self.process), *self._workers()])

    def _processor_seconds(self) -> float:
        ran = [Path(f"/proc/{worker}/schedstat") for worker in self._workers()]
        return sum(int(path.read_text(encoding="ascii").split()[0]) for path in ran) / 1e9

    def _workers(self) -> list[str]:
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        return children.read_text(encoding="ascii").split()


def _share(process: str) -> float:
    mapped = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = [line.split()[1] for line in mapped.splitlines() if line.startswith("Pss:")]
    return int(kilobytes) / 1024


@contextmanager
def serve(application: str, **environment: str) -> Iterator[Server]:
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
            yield Server(port, process.pid)
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
