"""How fast do the figures pages open over 200,000 cases, and over a million?

Promise: a page of a quarter in under 300 ms of processor time, and of three years under two filters
in under 500; over a million cases on PostgreSQL a quarter in under 500. Processor time, since the
wall time of a busy machine is mostly waiting. Each page is asked for through the app, signed in, in
a service that has four years of cases, the newest of them still open. The floor is one raw COUNT
over the answers of the cases of a quarter in the same database: no page that reads them all is
below. Years that are not narrowed are measured beside them and promise nothing.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from bench.synthetic import LAST_DAY, Place, load_cases
from faults.databases import KINDS, DatabaseMissing, fresh_database
from survey_app.app import create_app
from survey_app.domain.cases import Role
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.instrument_snapshots import newest_instruments, snapshot_instruments
from survey_app.store.migrations import upgrade
from survey_app.store.rebuild_facts import rebuild_facts
from survey_app.store.scope import Scope
from survey_app.store.services import InstrumentSnapshot, programme_in_force
from survey_app.usecases.accounts import add_account
from survey_app.usecases.add_service import add_service
from survey_app.web.commissioner.pages.registry import PAGES

CASES = 200_000
MILLION = 1_000_000
NOW = datetime.combine(LAST_DAY, time(12), UTC)
TIMES = 3
QUARTERS = {
    "newest": "2025-Q4/{page}",
    "older": "2024-Q2/{page}",
    "1 filter": "2025-Q4/{page}?sex=female",
    "2 filters": "2025-Q4/{page}?sex=female&crime-category=fraud",
}
YEARS = {
    "3 years": "2023-Q1..2025-Q4/{page}",
    "3y 1 filter": "2023-Q1..2025-Q4/{page}?sex=female",
    "3y 2 filters": "2023-Q1..2025-Q4/{page}?sex=female&crime-category=fraud",
}
"""What is asked of each page, by what it is called here."""
PROMISED = {**dict.fromkeys(QUARTERS, 0.3), "3y 2 filters": 0.5}
"""Seconds of processor time; what is not named promises nothing."""
PROMISED_OF_MILLION = dict.fromkeys(QUARTERS, 0.5)
PASSWORD = "a password of the benchmark's own"
FLOOR = text(
    "SELECT count(*) FROM cases JOIN responses ON responses.case_id = cases.id "
    "JOIN answers ON answers.response_id = responses.id "
    "WHERE cases.service_id = 1 AND cases.closed_on BETWEEN '2024-07-01' AND '2024-09-30'"
)


def measure_figures() -> bool:
    """Print the figures over 200,000 cases on both databases; whether every promise held."""
    held = [_measure_on(kind, CASES, QUARTERS | YEARS, PROMISED) for kind in KINDS]
    return all(held)


def measure_a_million() -> bool:
    """Print the figures of quarters over a million cases on PostgreSQL; whether they held."""
    return _measure_on("postgresql", MILLION, QUARTERS, PROMISED_OF_MILLION)


def _measure_on(
    kind: str, cases: int, asked: Mapping[str, str], promised: Mapping[str, float]
) -> bool:
    print(f"figures: {cases:,} cases of one service over four years, {TIMES} openings a page")
    print("         ms of processor time, the database's own included, and (wall time)")
    with tempfile.TemporaryDirectory() as name:
        try:
            with fresh_database(kind, Path(name)) as url:
                return _measure(kind, url, Path(name), cases, asked, promised)
        except DatabaseMissing as fault:
            print(f"  {kind}: skipped: {fault}")
            return True


def _measure(
    kind: str,
    url: str,
    folder: Path,
    cases: int,
    asked: Mapping[str, str],
    promised: Mapping[str, float],
) -> bool:
    app = create_app(Settings.from_env({"DATABASE_URL": url, "DATA_DIR": str(folder)}), lambda: NOW)
    database: Database = app.extensions["runtime"].database
    began = perf_counter()
    load_cases(database, _place(database), cases)
    print(f"  {kind}: loaded in {perf_counter() - began:.0f} s")
    began_here, began_there = process_time(), _server_time(database)
    with database.write(Scope.worker()) as session:
        rebuild_facts(session)
    print(
        f"    facts made in {process_time() - began_here:.0f} s of processor time and "
        f"{_server_time(database) - began_there:.0f} s of the server's"
    )
    if not database.is_sqlite:
        _vacuum(database)
    print(f"    floor: {_floor(database) * 1000:.0f} ms (one raw COUNT over a quarter's answers)")
    client = _signed_in(app)
    print(f"    {'':14}" + "".join(f"{name:>17}" for name in asked))
    held = [_measure_page(client, database, page, asked, promised) for page in PAGES]
    database.close()
    return all(held)


def _vacuum(database: Database) -> None:
    """As autovacuum does in use. SQLite has no statistics in use either."""
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _measure_page(
    client: FlaskClient,
    database: Database,
    page: str,
    asked: Mapping[str, str],
    promised: Mapping[str, float],
) -> bool:
    """Print a line; whether every opening held its promise."""
    line, missed = [], []
    for name, address in asked.items():
        found = _open(client, database, address.format(page=page))
        mark = ""
        if found.ours > promised.get(name, float("inf")):
            missed.append(f"{name} ({found.statements} statements)")
            mark = "!"
        line.append(f"{found.ours * 1000:.0f}{mark} ({found.wall * 1000:.0f})")
    verdict = f"MISSED: {', '.join(missed)}" if missed else "held"
    print(f"    {page:14}" + "".join(f"{one:>17}" for one in line) + f"  {verdict}", flush=True)
    return not missed


def _place(database: Database) -> Place:
    """The service that the cases go to, with its staff."""
    upgrade(database)
    newest = newest_instruments()
    with database.write(Scope.worker()) as session:
        service = add_service(session, slug="large", name="Large", now=NOW)
        used = [(key, instrument.version) for key, instrument in newest.items()]
        snapshot_instruments(session, service, used, NOW)
        add_account(
            session,
            email="bench@example.org",
            name="Bench",
            role=Role.CASEWORKER,
            service=service,
            password=PASSWORD,
            now=NOW,
        )
        session.flush()
        version = programme_in_force(session, service.id)
        assert version is not None
        programme = parse_programme(version.content)
        assert isinstance(programme, Programme)
        return Place(
            service.id,
            version.id,
            programme,
            {row.key: row.id for row in session.scalars(select(InstrumentSnapshot))},
            {k: tuple(i.id for i in one.items if i.codes) for k, one in newest.items()},
        )


def _floor(database: Database) -> float:
    found = []
    with database.read(Scope.worker()) as session:
        for _ in range(TIMES):
            began = perf_counter()
            session.execute(FLOOR).scalar()
            found.append(perf_counter() - began)
    return median(found)


def _signed_in(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"email": "bench@example.org", "password": PASSWORD})
    return client


@dataclass(frozen=True)
class Opening:
    """Median seconds of one page, on the clock and on processors, and its statements."""

    wall: float
    ours: float
    statements: int


def _open(client: FlaskClient, database: Database, address: str) -> Opening:
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    walls, ours = [], []
    for _ in range(TIMES):
        began, began_here = perf_counter(), process_time() + _server_time(database)
        answer = client.get(f"/services/large/figures/{address}")
        walls.append(perf_counter() - began)
        ours.append(process_time() + _server_time(database) - began_here)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    event.remove(database.engine, "before_cursor_execute", note)
    return Opening(median(walls), median(ours), len(sent) // TIMES)


def _server_time(database: Database) -> float:
    """Seconds that PostgreSQL's process for our one connection has had a processor, where it runs
    on this machine. SQLite works in this process."""
    if database.is_sqlite:
        return 0.0
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        stat = Path(f"/proc/{driver.info.backend_pid}/stat")
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
