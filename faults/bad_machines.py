"""Which machines misbehave in the fault test? A host with a wrong clock, a database that hangs."""

import json
import os
import random
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from faults.databases import fresh_database, require_server
from faults.fast_time import SKEW_VARIABLE
from faults.own_servers import OwnServer, find_postgresql, own_postgresql
from faults.processes import MortalWorker

SKEW_SECONDS = 240
"""Four minutes ahead, as was seen: longer than a lease, and than the grace of a doubt."""
FROZEN_SECONDS = 13.0
"""Longer than a lease lasts in the test's time, so that what was under way comes into doubt."""


class SkewedWorker:
    """A worker on a host whose clock is off: it is to do nothing at all, and to say so."""

    def __init__(self, environment: Mapping[str, str], folder: Path, chance: random.Random) -> None:
        skewed = {**environment, SKEW_VARIABLE: str(SKEW_SECONDS)}
        self._worker = MortalWorker("skewed", skewed, folder, chance)
        self._log = folder / "worker-skewed.log"

    def stop(self) -> str | None:
        """End it; None where it did as it should, else what it did instead."""
        fault = self._worker.stop()
        events = [
            json.loads(line)["event"]
            for line in self._log.read_text(errors="replace").splitlines()
            if line.startswith("{")
        ]
        if "round" in events or "no-round" not in events:
            return f"a worker {SKEW_SECONDS} s ahead did not refuse: {sorted(set(events))}"
        return fault


@dataclass
class HangingDatabase:
    """The database stands still for a while, once. SQLite: somebody holds the place of its one
    writer. PostgreSQL: none of its processes runs; only a server of the test's own is treated so.
    """

    url: str
    server: OwnServer | None
    hung_seconds: float = field(default=0.0, init=False)

    def hang(self) -> None:
        """Hang now, and come back."""
        began = time.monotonic()
        url = make_url(self.url)
        if self.server is not None:
            self.server.freeze()
            time.sleep(FROZEN_SECONDS)
            self.server.thaw()
        elif url.get_backend_name() == "sqlite":
            writer = sqlite3.connect(str(url.database), timeout=30, isolation_level=None)
            writer.execute("BEGIN IMMEDIATE")
            time.sleep(FROZEN_SECONDS)
            writer.execute("ROLLBACK")
            writer.close()
        else:
            return
        self.hung_seconds = time.monotonic() - began


@contextmanager
def hanging_database(kind: str, folder: Path) -> Iterator[HangingDatabase]:
    """A fresh database that can be made to hang: a PostgreSQL of the test's own, unless
    `TEST_DATABASE_URL` names another or this machine lacks its programs."""
    if kind == "postgresql" and _is_own_postgresql():
        with own_postgresql() as server:
            yield HangingDatabase(server.url, server)
    else:
        with fresh_database(kind, folder) as url:
            yield HangingDatabase(url, None)


def require_database(kind: str) -> None:
    """Raise `DatabaseMissing` before anything is started."""
    if kind != "postgresql" or not _is_own_postgresql():
        require_server(kind)


def _is_own_postgresql() -> bool:
    return "TEST_DATABASE_URL" not in os.environ and find_postgresql() is not None
