"""How long did processes have a processor? What others do to a shared machine moves the wall clock
more than we do.

Of PostgreSQL, the processes that serve the connections of one database are counted, where the
server runs on this machine; what it does for all databases (log writer, checkpoints) is not, nor a
helper of one query that has ended with it. SQLite works in the process that asks.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import psycopg
from sqlalchemy import make_url

BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker')"
)
Times = dict[int, int]
"""Nanoseconds by process."""
Reading = Callable[[], Times]


@dataclass
class Spent:
    """Seconds, known once the block that is measured is over."""

    wall: float = 0.0
    processor: float = 0.0
    """Of this process and the database's own."""


@contextmanager
def measured(backends: Reading) -> Iterator[Spent]:
    """Measure the block, together with what the server's processes do for it."""
    spent = Spent()
    before, began, began_here = backends(), perf_counter(), process_time()
    yield spent
    spent.wall, here = perf_counter() - began, process_time() - began_here
    spent.processor = here + seconds_between(before, backends())


def times_of(processes: Iterable[int]) -> Times:
    """What each process has had so far, all its threads; one that has ended is left out."""
    found: Times = {}
    for process in processes:
        try:
            threads = Path(f"/proc/{process}/task").glob("*/schedstat")
            found[process] = sum(int(path.read_text("ascii").split()[0]) for path in threads)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def seconds_between(before: Times, after: Times) -> float:
    """What was had in between; a process that began in between counts whole."""
    return sum(after[process] - before.get(process, 0) for process in after) / 1e9


@contextmanager
def backends_of(url: str) -> Iterator[Reading]:
    """A reading of the server's processes for a database; none for SQLite."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        yield dict
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield lambda: times_of(row[0] for row in connection.execute(BACKENDS))
