"""`python -m faults`: run the fault test and end with one line per database.

Ends with 1 when a text was lost or doubled (or the test could not do what it says), 2 on wrong use.
"""

import argparse
import secrets
import signal
import sys
import time

from faults.bad_machines import require_database
from faults.databases import KINDS, DatabaseMissing
from faults.processes import DidNotStart
from faults.run import Outcome, Plan, run

SMALL = {"texts": 60, "kills": 4, "minutes": 4.0}
"""On a machine that does nothing else it is over in two minutes; the limit is for one that does."""


def main() -> int:
    """Read the arguments, run, report."""
    asked = _arguments()
    # Asked to end, it still ends what it started and drops its database.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seed = asked.seed if asked.seed is not None else secrets.randbelow(1_000_000)
    kinds = [asked.only] if asked.only else list(KINDS)
    ends_at = time.monotonic() + asked.minutes * 60
    print(f"seed {seed} (set it with --seed), {asked.texts} texts, {asked.kills} kills a database")
    lines, is_good = [], True
    try:
        for kind in kinds:
            require_database(kind)
        for done, kind in enumerate(kinds):
            # What the first leaves of its share is the second's.
            seconds = (ends_at - time.monotonic()) / (len(kinds) - done)
            plan = Plan(seed, asked.texts, asked.kills, seconds)
            outcome = run(kind, plan)
            _tell(kind, outcome, plan)
            lines.append(outcome.verdict.line(kind))
            is_good &= outcome.is_good and outcome.kills >= plan.kills
    except (DatabaseMissing, DidNotStart) as fault:
        print(fault, file=sys.stderr)
        is_good = False
    print(*lines, sep="\n")
    return 0 if is_good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="what misbehaves when (default: drawn, printed)")
    parser.add_argument("--only", choices=KINDS, help="test one database alone")
    parser.add_argument("--texts", type=int, default=1040)
    parser.add_argument("--kills", type=int, default=40, help="kill -9 of a worker, per database")
    parser.add_argument("--minutes", type=float, default=9.5, help="for all databases together")
    parser.add_argument(
        "--small", action="store_true", help="few of everything, in about two minutes altogether"
    )
    small = SMALL if "--small" in sys.argv[1:] else {}
    parser.set_defaults(**small)
    asked = parser.parse_args()
    if not 2 <= asked.texts <= 1780 or asked.texts % 2:
        parser.error("--texts must be an even number up to 1780: there are 890 numbers a service")
    return asked


def _tell(kind: str, outcome: Outcome, plan: Plan) -> None:
    state = outcome.state
    print(
        f"{kind}: {outcome.seconds:.0f} s, {outcome.kills} workers killed, "
        f"{state['callers_gone']} answers found their caller killed"
    )
    for name in ("acts", "callbacks"):
        counts = state[name]
        assert isinstance(counts, dict)
        told = ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))
        print(f"{kind}: {name}: {told}")
    if outcome.hung_seconds:
        print(f"{kind}: the database stood still for {outcome.hung_seconds:.0f} s")
    if outcome.kills < plan.kills:
        print(f"{kind}: only {outcome.kills} of {plan.kills} kills fitted into the time")
    if not outcome.is_settled:
        print(f"{kind}: some texts had not come to an end when the time was up")
    for how in outcome.bad_stops:
        print(f"{kind}: a worker that was told to stop did not stop in good order: {how}")


if __name__ == "__main__":
    sys.exit(main())
