"""How fast do the figures pages open over 200,000 cases, and over a million?

Promise: a page of a quarter in under 300 ms of processor time, and of three years under two filters
in under 500; over a million cases on PostgreSQL a quarter in under 500. Processor time, since the
wall time of a busy machine is mostly waiting. Each page is asked for through the app, signed in, in
a service that has four years of cases, the newest of them still open. The floor is one raw COUNT
over the answers of the cases of a quarter in the same database: no page that reads them all is
below. Years that are not narrowed are measured beside them and promise nothing.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from bench.processor import Reading, Spent, backends_of, measured
from bench.results import Result, cost, verdict
from bench.statements import statements_of
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


@dataclass(frozen=True)
class Opening:
    """Median seconds of one page, on the clock and on processors, and its statements."""

    wall: float
    processor: float
    statements: int


@dataclass(frozen=True)
class Figures:
    """What is measured: the pages of one service, over so many cases on one kind of database."""

    part: str
    kind: str
    cases: int
    asked: Mapping[str, str]
    promised: Mapping[str, float]

    def measure(self) -> list[Result]:
        """Print the figures."""
        print(f"{self.part}: {self.cases:,} cases of one service over four years, {TIMES} openings")
        print("         ms of processor time, the database's own included, and (wall time)")
        with tempfile.TemporaryDirectory() as name:
            try:
                with fresh_database(self.kind, Path(name)) as url, backends_of(url) as backends:
                    return self._measure(url, Path(name), backends)
            except DatabaseMissing as fault:
                print(f"  {self.kind}: skipped: {fault}")
                return []

    def _measure(self, url: str, folder: Path, backends: Reading) -> list[Result]:
        settings = Settings.from_env({"DATABASE_URL": url, "DATA_DIR": str(folder)})
        app = create_app(settings, lambda: NOW)
        database: Database = app.extensions["runtime"].database
        began = perf_counter()
        load_cases(database, _place(database), self.cases)
        print(f"  {self.kind}: loaded in {perf_counter() - began:.0f} s")
        with measured(backends) as spent, database.write(Scope.worker()) as session:
            rebuild_facts(session)
        print(f"    facts made in {spent.processor:.0f} s of processor time")
        if not database.is_sqlite:
            _vacuum(database)
        floor = _floor(database, backends)
        print(
            f"    floor: {floor.processor * 1000:.0f} ({floor.wall * 1000:.0f}), one raw COUNT "
            "over a quarter's answers"
        )
        opening = partial(_open, _signed_in(app), database, backends)
        print(f"    {'':14}" + "".join(f"{name:>17}" for name in self.asked))
        results = [
            cost(self.part, "facts made anew", self.kind, spent.processor, "s of processor"),
            *(one for page in PAGES for one in self._measure_page(opening, page, floor)),
        ]
        database.close()
        return results

    def _measure_page(
        self, opening: Callable[[str], Opening], page: str, floor: Spent
    ) -> list[Result]:
        """Print a line."""
        line, results = [], []
        for name, address in self.asked.items():
            found = opening(address.format(page=page))
            most = self.promised.get(name)
            place = self.part, f"{page}, {name}", self.kind
            judged = cost(
                *place,
                found.processor * 1000,
                "ms of processor",
                floor=floor.processor * 1000,
                most=most and most * 1000,
            )
            mark = "!" if judged.held is False else ""
            line.append(f"{judged.value:.0f}{mark} ({found.wall * 1000:.0f})")
            wall = cost(*place, found.wall * 1000, "ms on the clock")
            sent = cost(*place, found.statements, "statements")
            results += [judged, wall, sent]
        print(
            f"    {page:14}" + "".join(f"{one:>17}" for one in line) + f"  {verdict(results)}",
            flush=True,
        )
        return results


def measure_figures(cases: int = CASES, kinds: Sequence[str] = KINDS) -> list[Result]:
    """Print the figures over so many cases on each kind of database."""
    parts = [Figures("figures", kind, cases, QUARTERS | YEARS, PROMISED) for kind in kinds]
    return [result for part in parts for result in part.measure()]


def measure_a_million(cases: int = MILLION) -> list[Result]:
    """Print the figures of quarters over a million cases on PostgreSQL."""
    return Figures("million", "postgresql", cases, QUARTERS, PROMISED_OF_MILLION).measure()


def _vacuum(database: Database) -> None:
    """As autovacuum does in use. SQLite has no statistics in use either."""
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


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


def _floor(database: Database, backends: Reading) -> Spent:
    found = []
    with database.read(Scope.worker()) as session:
        session.connection()
        for _ in range(TIMES):
            with measured(backends) as spent:
                session.execute(FLOOR).scalar()
            found.append(spent)
    return _median(found)


def _median(found: list[Spent]) -> Spent:
    return Spent(median(one.wall for one in found), median(one.processor for one in found))


def _signed_in(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"email": "bench@example.org", "password": PASSWORD})
    return client


def _open(client: FlaskClient, database: Database, backends: Reading, address: str) -> Opening:
    found = []
    with statements_of(database) as sent:
        for _ in range(TIMES):
            with measured(backends) as spent:
                answer = client.get(f"/services/large/figures/{address}")
            found.append(spent)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
    middle = _median(found)
    return Opening(middle.wall, middle.processor, len(sent) // TIMES)
