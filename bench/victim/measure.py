"""Pages and whole journeys a second, each beside its floor in the same run.

Promises: the first view at most 14,336 bytes in two requests, every later page at most 3,072; a
journey at most four times and a page at most five times its floor's processor time; 99 of 100
answers in under 100 ms with 32 people at once. A journey is judged beside the floor that goes the
same way: where the next page comes in reply to an answer, beside the one that replies with it; on a
phone without script, beside the one that redirects. The machine is shared, so floor and product
take turns in short spells, and what is judged is the ratio of their sums; by processor time,
because what others do to a shared machine moves the wall clock more than we do. It is that of the
web server, its workers and the database's own processes, of the product and of the floor alike.
"""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.results import Result, cost, rate, verdict
from bench.victim.links import Links
from bench.victim.people import journey, plain_journey, read_reply
from bench.victim.servers import Server, worker_megabytes
from bench.victim.stand import served
from bench.victim.walks import walk
from faults.databases import KINDS, DatabaseMissing

PART = "victim"
PEOPLE = (1, 8, 32)
SECONDS = 3.0
ROUNDS = 3
WARM_UP = 2.0
"""Seconds of every kind of request before the first spell, which nobody counts."""
MOST_JOURNEYS = 200
"""A second: how many links are laid ready for each second of a spell."""
FIRST_VIEW, LATER_PAGE = 14_336, 3_072
SLOWEST_ANSWER = 100.0
OF_JOURNEYS, OF_PAGES = 0.25, 0.20
"""The floor's processor time over ours, at least; not yet reached on PostgreSQL
(docs/decisions/the-way-to-the-database.md)."""
WEB_MEMORY, WORKER_MEMORY = 150, 70
"""MB, goals and no promises: the server with two workers under load, what they share counted once,
and the background worker."""


@dataclass
class Figure:
    """What several spells of one thing came to."""

    whole: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of processor time."""
    client: list[float] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, measured: dict[str, Any]) -> None:
        """One more spell."""
        self.whole += measured["whole"]
        self.seconds += measured["seconds"]
        self.processor += measured["processor"]
        self.client.append(measured["client"])
        for name, times in measured["times"].items():
            self.times[name] += times

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.whole / self.seconds

    @property
    def processor_each(self) -> float:
        """Seconds of processor time for one."""
        return self.processor / self.whole

    def percentile(self, name: str, share: float) -> float:
        """Milliseconds within which this share of the replies came."""
        times = sorted(self.times[name])
        return times[min(int(len(times) * share), len(times) - 1)]


def measure_victim(seconds: float = SECONDS, kinds: Sequence[str] = KINDS) -> list[Result]:
    """Print the figures, in spells of so many seconds."""
    print(
        f"{PART}: gunicorn with 2 sync workers on loopback, {ROUNDS} spells of {seconds:g} s each"
    )
    results: list[Result] = []
    for kind in kinds:
        with tempfile.TemporaryDirectory() as name:
            try:
                results += _measure(kind, Path(name), seconds)
            except DatabaseMissing as fault:
                print(f"  {kind}: skipped: {fault}")
    return results


def _measure(kind: str, folder: Path, seconds: float) -> list[Result]:
    with served(kind, folder) as (product, floor, links):
        print(f"  {kind}")
        results = _weigh(kind, product, links)
        spells = Spells(product, floor, links, seconds)
        spells.warm_up()
        for people in PEOPLE:
            results += judge(kind, people, spells.take(people))
        own = links.runtime.settings
        worker = worker_megabytes(DATABASE_URL=own.database_url, DATA_DIR=str(own.data_dir))
        return results + _memory(kind, product.megabytes(), floor.megabytes(), worker)


def _memory(kind: str, web: float, floor: float, worker: float) -> list[Result]:
    print(
        f"    memory of the server and its workers {web:.0f} MB (goal {WEB_MEMORY}), of the "
        f"floor's {floor:.0f} MB; of the background worker {worker:.0f} MB (goal {WORKER_MEMORY})"
    )
    return [
        Result(PART, "memory of the web server", kind, web, "MB", floor, floor / web, WEB_MEMORY),
        Result(PART, "memory of the worker", kind, worker, "MB", promise=WORKER_MEMORY),
    ]


def _weigh(kind: str, product: Server, links: Links) -> list[Result]:
    """The bytes of the first view and of the heaviest later page, headers and all."""
    (token,) = links.of_the_product(1)
    walked = walk(product.port, journey(f"/s/{token}"))
    first, later = walked.first_view, walked.later_pages
    print(
        f"    first view {sum(first):,} bytes in {len(first)} requests (promised {FIRST_VIEW:,} in "
        f"2); heaviest later page {max(later):,} (promised {LATER_PAGE:,})"
    )
    return [
        cost(PART, "first view", kind, sum(first), "bytes", most=FIRST_VIEW),
        cost(PART, "first view, requests", kind, len(first), "requests", most=2),
        cost(PART, "heaviest later page", kind, max(later), "bytes", most=LATER_PAGE),
    ]


@dataclass
class Spells:
    """Lets floor and product take turns."""

    product: Server
    floor: Server
    links: Links
    seconds: float

    def warm_up(self) -> None:
        """Let each worker read its catalogues, lay out its pages and open its connections."""
        self._once(8, WARM_UP)

    def take(self, people: int) -> dict[str, Figure]:
        """The figures with so many people at once."""
        figures: dict[str, Figure] = defaultdict(Figure)
        for _ in range(ROUNDS):
            for name, measured in self._once(people, self.seconds).items():
                figures[name].add(measured)
        return figures

    def _once(self, people: int, seconds: float) -> dict[str, dict[str, Any]]:
        """One spell of each, floor and product in turn."""
        start, question = self._pages(people)
        number = int(MOST_JOURNEYS * seconds)
        fresh = [f"/s/{token}" for token in self.links.of_the_product(2 * number)]
        plain = fresh[number:]
        bare = self.links.of_the_floor(2 * number)
        turns: list[tuple[str, Server, dict[str, Any]]] = [
            ("bare page", self.floor, {"kind": "page", "pages": [["/", ""]]}),
            ("start page", self.product, {"kind": "page", "pages": start}),
            ("question page", self.product, {"kind": "page", "pages": question}),
            ("bare journey", self.floor, _bare("/s/", bare[:number])),
            ("journey", self.product, {"kind": "journey", "bases": fresh[:number]}),
            ("bare journey that redirects", self.floor, _bare("/r/", bare[number:])),
            ("journey without script", self.product, {"kind": "plain-journey", "bases": plain}),
        ]
        return {
            name: server.load(seconds=seconds, people=people, **asked)
            for name, server, asked in turns
        }

    def _pages(self, people: int) -> tuple[list[list[str]], list[list[str]]]:
        """As many start pages as people, and a question page of each with its cookie."""
        start, question = [], []
        for token in self.links.of_the_product(people):
            steps = plain_journey(f"/s/{token}")()
            reply = read_reply(self.product.exchange(next(steps)[1]))
            begun = read_reply(self.product.exchange(steps.send(reply)[1]))
            start.append([f"/s/{token}", ""])
            question.append([begun.location, begun.cookie or reply.cookie])
        return start, question


def _bare(base: str, tokens: list[str]) -> dict[str, Any]:
    return {"kind": "floor-journey", "bases": [base + token for token in tokens]}


FLOORS = {
    "start page": "bare page",
    "question page": "bare page",
    "journey": "bare journey",
    "journey without script": "bare journey that redirects",
}
"""What each is measured beside."""


def judge(kind: str, people: int, figures: dict[str, Figure]) -> list[Result]:
    """Print and judge what was measured with so many people at once."""
    print(f"    {people} at once")
    results: list[Result] = []
    for name, figure in figures.items():
        floor = figures[FLOORS.get(name, name)]
        timed = "answer" if "journey" in name else "page"
        least = OF_JOURNEYS if "journey" in name else OF_PAGES
        place = PART, f"{name}, {people} at once", kind
        results += [
            cost(
                *place,
                figure.processor_each * 1000,
                "ms of processor",
                floor=floor.processor_each * 1000,
                least_share=least if name in FLOORS else None,
            ),
            rate(*place, figure.rate, "a second", floor.rate),
            cost(
                *place,
                figure.percentile(timed, 0.99),
                f"ms, p99 of {timed}s",
                most=SLOWEST_ANSWER if name in FLOORS and timed == "answer" else None,
            ),
        ]
        print(
            f"      {name:28} {figure.rate:7.1f} a second  {figure.rate / floor.rate:4.0%} of its "
            f"floor ({floor.processor_each / figure.processor_each:4.0%} by processor)"
            f"  {figure.processor_each * 1000:6.2f} ms of processor"
            f"  {timed} p50 {figure.percentile(timed, 0.5):6.1f} ms p99"
            f" {figure.percentile(timed, 0.99):6.1f} ms  client {max(figure.client):.0%}"
        )
    print(f"      promises: {verdict(results)}")
    return results
