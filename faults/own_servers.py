"""How does a server of the test's own stand still, as a machine does whose disk or network hangs?

Only processes that were started here are ever stopped: whoever else uses a server keeps it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from faults.processes import STARTING_SECONDS, DidNotStart, free_port

_BINARIES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class OwnServer:
    """A server on loopback: its address, and the process that its other processes belong to."""

    url: str
    pid: int

    def freeze(self) -> None:
        """Let nothing of it run: connections stay open, and nobody answers."""
        for pid in (self.pid, *_children(self.pid)):
            _signal(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on where it stood."""
        for pid in (self.pid, *_children(self.pid)):
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            # The name stands in brackets and may hold spaces; the parent is the second after it.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, NotADirectoryError):
            continue
        if fields and int(fields[1]) == parent:
            found.append(int(entry.name))
    return found


def find_postgresql() -> Path | None:
    """The folder of the newest PostgreSQL's programs on this machine."""
    folders = sorted(_BINARIES.glob("*/bin/postgres"), key=lambda p: float(p.parts[-3]))
    return folders[-1].parent if folders else None


@contextmanager
def own_postgresql() -> Iterator[OwnServer]:
    """A PostgreSQL of the test's own, with nothing in it; `DidNotStart` where there is none."""
    programs = find_postgresql()
    if programs is None:
        raise DidNotStart("PostgreSQL's programs are missing under /usr/lib/postgresql")
    with tempfile.TemporaryDirectory(prefix="own-postgresql-") as folder:
        home, port = Path(folder, "data"), free_port()
        account = _account(Path(folder))
        quiet = subprocess.DEVNULL
        started = {"stdout": quiet, "stderr": quiet, "cwd": folder, **account}
        subprocess.run(
            [programs / "initdb", "-D", home, "-U", "postgres", "-A", "trust", "--no-sync"],
            check=True,
            **started,
        )
        options = ["-p", str(port), "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"]
        process = subprocess.Popen([programs / "postgres", "-D", home, *options], **started)
        server = OwnServer(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres", process.pid)
        try:
            _wait_until(lambda: _answers_postgresql(server.url), "PostgreSQL")
            yield server
        finally:
            server.thaw()
            process.send_signal(signal.SIGINT)
            process.wait()


def _account(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the account that its package made."""
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnServer]:
    """A Redis of the test's own; `DidNotStart` where there is none."""
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        raise DidNotStart("redis-server is missing")
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    server = OwnServer(f"redis://127.0.0.1:{port}/0", process.pid)
    try:
        _wait_until(lambda: _answers_redis(server.url), "Redis")
        yield server
    finally:
        server.thaw()
        process.terminate()
        process.wait()


def _wait_until(answers: Callable[[], bool], name: str) -> None:
    until = time.monotonic() + STARTING_SECONDS
    while not answers():
        if time.monotonic() > until:
            raise DidNotStart(f"{name} did not start")
        time.sleep(0.1)


def _answers_postgresql(url: str) -> bool:
    try:
        psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _answers_redis(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as server:
            server.ping()
    except RedisError:
        return False
    return True
