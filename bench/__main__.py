"""`python -m bench [PART ...] [--seconds N]`: run every benchmark, or some by name.

A benchmark is a function that prints its figures and returns whether its promises held; the command
ends with 1 on a missed promise.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping

from bench.dispatch import measure_dispatch
from bench.figures import measure_a_million, measure_figures
from bench.imports import measure_imports
from bench.victim.measure import SECONDS, measure_victim

BENCHMARKS: Mapping[str, Callable[[float], bool]] = {
    "imports": lambda _seconds: measure_imports(),
    "dispatch": lambda _seconds: measure_dispatch(),
    "victim": measure_victim,
    "figures": lambda _seconds: measure_figures(),
    "million": lambda _seconds: measure_a_million(),
}


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all of them."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(BENCHMARKS))
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="of each spell of `victim` (%(default)s)"
    )
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.parts if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}: use one of {' '.join(BENCHMARKS)}")
    held = [BENCHMARKS[name](asked.seconds) for name in asked.parts or BENCHMARKS]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
