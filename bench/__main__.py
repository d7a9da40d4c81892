"""`python -m bench [PART ...] [--json FILE]`: measure, each figure beside a floor.

Parts: imports, dispatch, victim (pages on the phone), journeys (what a whole one costs), figures,
million; all of them where none is named. What is promised is judged by processor time, because
others move the wall clock of a shared machine: *share of the floor* is what to compare between two
versions, in runs on the same machine. Ends with 1 on a missed promise; a goal is none.
"""

import logging
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from bench import dispatch, figures, imports
from bench.dispatch import measure_dispatch
from bench.figures import measure_a_million, measure_figures
from bench.imports import measure_imports
from bench.machine import machine_facts
from bench.results import Result, write_json
from bench.victim import journeys
from bench.victim.journeys import measure_journeys
from bench.victim.measure import SECONDS, measure_victim
from faults.databases import KINDS


@dataclass(frozen=True)
class Asked:
    """How much is to be measured."""

    seconds: float
    scale: float
    kinds: tuple[str, ...]

    def of(self, number: int) -> int:
        """So many, at the scale asked for."""
        return max(2, round(number * self.scale))


BENCHMARKS: Mapping[str, Callable[[Asked], list[Result]]] = {
    "imports": lambda asked: measure_imports(asked.of(imports.CASES)),
    "dispatch": lambda asked: measure_dispatch(asked.of(dispatch.TEXTS), asked.kinds),
    "victim": lambda asked: measure_victim(asked.seconds, asked.kinds),
    "journeys": lambda asked: measure_journeys(asked.of(journeys.TIMES), asked.kinds),
    "figures": lambda asked: measure_figures(asked.of(figures.CASES), asked.kinds),
    "million": lambda asked: measure_a_million(asked.of(figures.MILLION)),
}


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all of them; 1 where a promise was missed."""
    parser = ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(BENCHMARKS))
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="of each spell of `victim` (%(default)s)"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="of cases, texts and journeys; to try it out"
    )
    parser.add_argument("--only", choices=KINDS, help="this database alone")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write every figure, and on what machine"
    )
    given = parser.parse_args(arguments)
    unknown = [name for name in given.parts if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}: use one of {' '.join(BENCHMARKS)}")
    asked = Asked(given.seconds, given.scale, (given.only,) if given.only else KINDS)
    # A line for each request of a page would stand between the figures, and cost what it says.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    machine = machine_facts()
    results: list[Result] = []
    for name in given.parts or BENCHMARKS:
        results += BENCHMARKS[name](asked)
        if given.json:  # After each: whoever ends a long run has what came before.
            write_json(given.json, machine, results)
    return 0 if all(result.held is not False for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
