"""How long does a file of 20,000 cases take, new and unchanged, and how much memory?

Promises (issue 2): new under 60 s and 300 MB, unchanged under 30 s; judged by processor time, the
wall time stands beside it. The floor is what no import could beat on this machine: `csv.DictReader`
and one SQLite insert a row, in batches of the same size. Each measurement runs in a process of its
own, so that its peak memory and its processor time are its own; SQLite works in it.
"""

import csv
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.results import Result, cost, verdict
from survey_app.settings import Settings
from survey_app.store.migrations import upgrade
from survey_app.store.runtime import Runtime, start
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from survey_app.usecases.import_cases.run import ROWS_AT_ONCE, import_cases
from survey_app.usecases.import_runs import ImportJob

PART = "imports"
CASES = 20_000
NEW_SECONDS, UNCHANGED_SECONDS, MEGABYTES = 60, 30, 300
SLUG = "bench"
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def measure_imports(cases: int = CASES) -> list[Result]:
    """Print the figures of a file with so many cases."""
    with tempfile.TemporaryDirectory() as folder:
        write_cases(Path(folder) / "cases.csv", cases)
        floor = _measured("floor", folder)
        new = _measured("new", folder)
        unchanged = _measured("unchanged", folder)
    print(f"imports: {cases:,} cases, SQLite; seconds of processor time")
    print(f"  floor      {_figures_line(floor)}")
    return [
        *_judge("new", new, floor, NEW_SECONDS),
        *_judge("unchanged", unchanged, floor, UNCHANGED_SECONDS),
    ]


def _judge(
    name: str, figures: dict[str, float], floor: dict[str, float], limit: int
) -> list[Result]:
    place = PART, name, "sqlite"
    processor = cost(
        *place, figures["processor"], "s of processor", floor=floor["processor"], most=limit
    )
    wall = cost(*place, figures["wall"], "s on the clock", floor=floor["wall"])
    memory = cost(*place, figures["megabytes"], "MB", floor=floor["megabytes"], most=MEGABYTES)
    print(
        f"  {name:10} {_figures_line(figures)}  ({figures['processor'] / floor['processor']:.0f} "
        f"times the floor; promised under {limit} s and {MEGABYTES} MB: "
        f"{verdict([processor, memory])})"
    )
    return [processor, wall, memory]


def _figures_line(figures: dict[str, float]) -> str:
    return (
        f"{figures['processor']:6.1f} s (wall {figures['wall']:6.1f})  "
        f"{figures['megabytes']:5.0f} MB"
    )


def _measured(part: str, folder: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.imports", part, folder],
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def write_cases(path: Path, count: int) -> None:
    """Cases as a case system exports them: two thirds history, a tenth of the people come back."""
    chance = random.Random(20_000)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for number in range(count):
            row = _case(number, chance)
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow(row)


def _case(number: int, chance: random.Random) -> dict[str, str]:
    referred_on = NOW.date() - timedelta(days=chance.randrange(700))
    closed_on = referred_on + timedelta(days=chance.randrange(5, 120))
    is_closed = closed_on < NOW.date()
    client = number if chance.random() > 0.1 else chance.randrange(number + 1)
    yes_no = ("yes", "yes", "yes", "no", "unknown", "")
    return {
        "case_ref": f"B-{number:06}",
        "client_ref": f"P-{client:06}",
        "referred_on": referred_on.strftime("%d/%m/%Y"),
        "referral_source": chance.choice(("police", "self", "other agency")),
        "crime_category": chance.choice(("burglary", "violence", "fraud", "stalking")),
        "local_authority": chance.choice(("Birmingham", "Coventry", "Dudley")),
        "flags": chance.choice(("none", "none", "none", "vulnerable", "domestic-abuse", "")),
        "support_level": chance.choice(("care-unit", "community", "community", "caseworker")),
        "deliveries": str(chance.randrange(9)),
        "date_of_birth": str(date(1940, 1, 1) + timedelta(days=client * 7 % 26_000)),
        "ethnicity": chance.choice(("White British", "declined", "not-asked", "")),
        "mobile": f"07700 900{client % 900:03}" if chance.random() > 0.1 else "0121 496 0000",
        "language": chance.choice(("en", "en", "pl")),
        "sms_consent": chance.choice(yes_no),
        "sms_safe": chance.choice(yes_no),
        "sms_preferred": chance.choice(yes_no),
        "call_safe": chance.choice(yes_no),
        "do_not_contact": chance.choice(("", "", "no", "yes")),
        "safety_checked_on": str(referred_on),
        "first_contact_at": f"{referred_on}T10:15",
        "closed_on": str(closed_on) if is_closed else "",
        "closure_reason": chance.choice(("completed", "completed", "withdrew"))
        if is_closed
        else "",
        "closure_detail": "support ended as planned" if is_closed else "",
        "notes": "what an export holds and nobody asked for",
    }


def _floor(folder: Path) -> None:
    connection = sqlite3.connect(folder / "floor.db")
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        columns = list(rows.fieldnames or ())
        connection.execute(f"CREATE TABLE cases ({', '.join(columns)})")
        insert = f"INSERT INTO cases VALUES ({', '.join('?' * len(columns))})"
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            with connection:
                for row in batch:
                    connection.execute(insert, list(row.values()))
    connection.close()


def _new(folder: Path) -> None:
    runtime = _runtime(folder)
    upgrade(runtime.database)
    with runtime.database.write(Scope.worker()) as session:
        add_service(session, name="Bench", slug=SLUG, now=NOW)
    _import(runtime, folder)


def _unchanged(folder: Path) -> None:
    _import(_runtime(folder), folder)


def _runtime(folder: Path) -> Runtime:
    return start(Settings.from_env({"DATA_DIR": str(folder)}))


def _import(runtime: Runtime, folder: Path) -> None:
    job = ImportJob(folder / "cases.csv", SLUG, NOW, drama_allowed=True)
    tally = import_cases(job, lambda: runtime.database.write(Scope.worker()))
    print(tally, file=sys.stderr)
    runtime.database.close()


PARTS: dict[str, Callable[[Path], None]] = {
    "floor": _floor,
    "new": _new,
    "unchanged": _unchanged,
}


def _run(part: str, folder: str) -> None:
    began, began_here = time.perf_counter(), time.process_time()
    PARTS[part](Path(folder))
    figures = {
        "wall": time.perf_counter() - began,
        "processor": time.process_time() - began_here,
        "megabytes": _peak_megabytes(),
    }
    print(json.dumps(figures))


def _peak_megabytes() -> float:
    """Of this program. What `getrusage` says is at least what the process took that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(peak) / 1024


if __name__ == "__main__":
    _run(*sys.argv[1:])
