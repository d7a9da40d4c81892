"""What does a whole journey cost: requests, taps, bytes, statements and processor time?

The links are those that the standard programme asks of an adult: at the start of support, and at
closure in each tier. Everything is answered, with the first answer of each question and a sentence
where there is room for one; so every question that depends on another is asked. Each goes once as a
phone with script goes, once as one without. Requests and bytes are those of a phone that has seen
nothing of the product yet; the processor time is that of pages alone, of the web server with its
workers and of the database's own processes.

The floor is the bare journey that goes the same way, by request, because journeys differ in length.
Nothing is promised here: these are the figures that a change is compared by.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from bench.results import Result, cost
from bench.statements import statements_of
from bench.victim.links import Asked, Links
from bench.victim.people import MAKERS, floor_journey
from bench.victim.servers import Server
from bench.victim.stand import served
from bench.victim.walks import Walk, walk
from faults.databases import KINDS, DatabaseMissing
from survey_app.app import create_app

PART = "journeys"
TIMES = 20
"""How many people go each journey, one after the other."""
WITHOUT_END = 3600.0
WAYS = {"": ("journey", "/s/"), ", no script": ("plain-journey", "/r/")}
"""How people go, and which of the floor's journeys goes the same way."""

COLUMNS = (("requests", 9), ("taps", 6), ("bytes", 9), ("statements", 12))


@dataclass(frozen=True)
class Journey:
    """What one journey came to. Times are milliseconds."""

    walk: Walk
    statements: int
    processor: float
    wall: float
    floor: float
    """Of processor time, were each of its pages the floor's."""


def measure_journeys(times: int = TIMES, kinds: Sequence[str] = KINDS) -> list[Result]:
    """Print what each journey costs, gone so many times."""
    print(f"{PART}: standard programme, everything answered, one at once, {times} of each")
    results: list[Result] = []
    for kind in kinds:
        with tempfile.TemporaryDirectory() as name:
            try:
                results += _measure(kind, Path(name), times)
            except DatabaseMissing as fault:
                print(f"  {kind}: skipped: {fault}")
    return results


def _measure(kind: str, folder: Path, times: int) -> list[Result]:
    with served(kind, folder) as (product, floor, links):
        print(f"  {kind:21}{'requests':>9}{'taps':>6}{'bytes':>9}{'statements':>12}", end="")
        print(f"{'processor':>13}{'(wall)':>12}{'of floor':>10}")
        app = create_app(links.runtime.settings)
        trial = Trial(product, floor, links, app, times)
        trial.warm_up()
        results = [
            result
            for asked_name, asked in links.asked.items()
            for way_name, (way, bare) in WAYS.items()
            for result in _say(kind, asked_name + way_name, trial.take(asked, way, bare))
        ]
        app.extensions["runtime"].database.close()
        return results


@dataclass(frozen=True)
class Trial:
    """Lets people go each journey, beside the floor's."""

    product: Server
    floor: Server
    links: Links
    app: Flask
    """The product once more, in this process and on the same database."""
    times: int

    def warm_up(self) -> None:
        """Let each worker lay out the pages of every link, and open its connections."""
        for way, bare in WAYS.values():
            links = [one for asked in self.links.asked.values() for one in self._fresh(asked, 4)]
            self._go(self.product, way, links, people=4)
            self._go_bare(bare, 4)

    def take(self, asked: Asked, way: str, bare: str) -> Journey:
        """Measure one journey in one of the `WAYS`."""
        floor, _ = self._go_bare(bare, 2 * self.times)
        (base,) = self._fresh(asked, 1)
        walked = walk(self.product.port, MAKERS[way](base))
        processor, wall = self._go(self.product, way, self._fresh(asked, self.times))
        return Journey(
            walked,
            self._statements(asked, way),
            processor,
            wall,
            floor * walked.pages_and_redirects,
        )

    def _statements(self, asked: Asked, way: str) -> int:
        """Of the second who goes: what a process reads once is read."""
        first, second = self._fresh(asked, 2)
        with in_this_process(self.app) as port:
            walk(port, MAKERS[way](first))
            with statements_of(self.app.extensions["runtime"].database) as sent:
                walk(port, MAKERS[way](second))
        return len(sent)

    def _go_bare(self, base: str, times: int) -> tuple[float, float]:
        """The floor's milliseconds a request, of processor time and on the clock."""
        bases = [base + token for token in self.links.of_the_floor(times)]
        requests = walk(self.floor.port, floor_journey(bases.pop())).pages_and_redirects
        processor, wall = self._go(self.floor, "floor-journey", bases)
        return processor / requests, wall / requests

    def _go(
        self, server: Server, way: str, bases: list[str], people: int = 1
    ) -> tuple[float, float]:
        """Milliseconds a journey, of processor time and on the clock."""
        measured = server.load(kind=way, bases=bases, people=people, seconds=WITHOUT_END)
        each = 1000 / measured["whole"]
        return measured["processor"] * each, measured["seconds"] * each

    def _fresh(self, asked: Asked, number: int) -> list[str]:
        return [f"/s/{token}" for token in self.links.of_the_product(number, asked)]


class _Silent(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def in_this_process(app: Flask) -> Iterator[int]:
    """The port on which the app answers, where its engine's events can be heard."""
    server = make_server("127.0.0.1", 0, app, request_handler=_Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _say(kind: str, name: str, gone: Journey) -> list[Result]:
    counts = {
        "requests": len(gone.walk.replies),
        "taps": gone.walk.taps,
        "bytes": sum(gone.walk.replies),
        "statements": gone.statements,
    }
    place = PART, name, kind
    results = [cost(*place, value, unit) for unit, value in counts.items()]
    processor = cost(*place, gone.processor, "ms of processor", floor=gone.floor)
    assert processor.share is not None
    print(
        f"    {name:19}" + "".join(f"{counts[unit]:>{width},}" for unit, width in COLUMNS), end=""
    )
    print(
        f"{gone.processor:>10.1f} ms{f'({gone.wall:.1f})':>12}{processor.share:>10.0%}", flush=True
    )
    return [*results, processor, cost(*place, gone.wall, "ms on the clock")]
