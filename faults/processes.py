"""How are the processes of the fault test started, killed and stopped? Each by its own handle."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread

import requests

STARTING_SECONDS = 60.0
STOPPING_SECONDS = 30.0
LAST_LINES = 6
"""Of a worker's log, where it did not stop as it was told."""


class DidNotStart(Exception):
    """A process of the test did not come up in time; the message names it."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A server on loopback, ready once it answers."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self._log = (folder / f"{name}.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def wait_for(self, address: str) -> None:
        """Wait until the address answers at all."""
        until = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                requests.get(address, timeout=2)
            except requests.RequestException:
                time.sleep(0.1)
            else:
                return
        raise DidNotStart(f"{self.name} did not start: see {self._log.name}")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


class MortalWorker:
    """A worker process that is killed a random while after it began to work, and started again."""

    def __init__(
        self, name: str, environment: Mapping[str, str], folder: Path, chance: random.Random
    ) -> None:
        self._environment = environment
        self._log = (folder / f"worker-{name}.log").open("ab", buffering=0)
        self._chance = chance
        self.kills = 0
        self._start()

    def _start(self) -> None:
        self._life = self._chance.uniform(0.1, 2.0)
        self._dies_at: float | None = None
        self._is_working = Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "faults.app", "worker", "--every", "1"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._reader = Thread(target=self._read, args=(self._process, self._is_working))
        self._reader.start()

    def _read(self, process: "subprocess.Popen[bytes]", is_working: Event) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._log.write(line)
            if not is_working.is_set() and _event(line) == "worker-started":
                is_working.set()

    def kill_when_it_is_time(self) -> None:
        """Kill it with SIGKILL if its time has come, and start another."""
        if not self._is_working.is_set():
            if self._process.poll() is not None:
                raise DidNotStart(f"a worker ended by itself: see {self._log.name}")
            return
        if self._dies_at is None:
            self._dies_at = time.monotonic() + self._life
        if time.monotonic() >= self._dies_at:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._reader.join()
            self.kills += 1
            self._start()

    def stop(self) -> str | None:
        """Ask it to stop, as an operator would; None where it did, in time and in good order, else
        how it ended instead and the last that it said."""
        self._is_working.wait(STARTING_SECONDS)
        self._process.terminate()
        try:
            code = self._process.wait(STOPPING_SECONDS)
            fault = None if code == 0 else f"it ended with {code}"
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            fault = f"it still ran after {STOPPING_SECONDS:.0f} s"
        self._reader.join()
        self._log.close()
        return fault and f"{fault}; its last words: {self._last_words()}"

    def _last_words(self) -> str:
        lines = Path(self._log.name).read_text(errors="replace").splitlines()
        return " | ".join(lines[-LAST_LINES:])


def _event(line: bytes) -> object:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said.get("event") if isinstance(said, dict) else None
