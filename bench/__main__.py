"""`python -m bench [PART]`: run every benchmark, or one by name; ends with 1 on a missed promise.

A benchmark is a function that prints its figures and returns whether its promises held.
"""

import sys
from collections.abc import Callable, Mapping

from bench.dispatch import measure_dispatch
from bench.imports import measure_imports
from bench.victim.measure import measure_victim

BENCHMARKS: Mapping[str, Callable[[], bool]] = {
    "imports": measure_imports,
    "dispatch": measure_dispatch,
    "victim": measure_victim,
}


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all of them."""
    unknown = [name for name in arguments if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {unknown[0]}: use one of {' '.join(BENCHMARKS)}.")
        return 2
    held = [BENCHMARKS[name]() for name in arguments or BENCHMARKS]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
