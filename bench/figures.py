"""How fast do the figures pages open over 200,000 cases?

Promise (issue 6): a page in under 300 ms. Each page is asked for through the app, signed in, for
one quarter of a service that has four years of cases, and once for all four years. The floor is one
raw COUNT over the answers of the same cases in the same database: no page that reads them is below.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from bench.synthetic import Place, load_cases
from faults.databases import KINDS, DatabaseMissing, fresh_database
from survey_app.app import create_app
from survey_app.domain.cases import Role
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.instrument_snapshots import newest_instruments, snapshot_instruments
from survey_app.store.migrations import upgrade
from survey_app.store.scope import Scope
from survey_app.store.services import InstrumentSnapshot, programme_in_force
from survey_app.usecases.accounts import add_account
from survey_app.usecases.add_service import add_service
from survey_app.web.commissioner.pages.registry import PAGES

CASES = 200_000
PROMISED = 0.3
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
QUARTER, YEARS = "2024-Q2", "2022-Q1..2025-Q4"
TIMES = 3
PASSWORD = "a password of the benchmark's own"
FLOOR = text(
    "SELECT count(*) FROM cases JOIN responses ON responses.case_id = cases.id "
    "JOIN answers ON answers.response_id = responses.id "
    "WHERE cases.service_id = 1 AND cases.closed_on BETWEEN '2024-07-01' AND '2024-09-30'"
)


def measure_figures() -> bool:
    """Print the figures; whether the promise held for every page of a quarter."""
    print(f"figures: {CASES:,} cases of one service over four years, {TIMES} openings a page")
    held = True
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as name:
            try:
                with fresh_database(kind, Path(name)) as url:
                    held &= _measure(kind, url, Path(name))
            except DatabaseMissing as fault:
                print(f"  {kind}: skipped: {fault}")
    return held


def _measure(kind: str, url: str, folder: Path) -> bool:
    app = create_app(Settings.from_env({"DATABASE_URL": url, "DATA_DIR": str(folder)}), lambda: NOW)
    database: Database = app.extensions["runtime"].database
    began = time.perf_counter()
    load_cases(database, _place(database), CASES)
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    floor = _floor(database)
    print(f"  {kind}: loaded in {time.perf_counter() - began:.0f} s")
    print(f"    floor          {floor * 1000:6.0f} ms (one raw COUNT over the quarter's answers)")
    client = _signed_in(app)
    held = True
    for page in PAGES:
        seconds, ours, statements = _open(client, database, f"{QUARTER}/{page}")
        years, _, _ = _open(client, database, f"{YEARS}/{page}", times=1)
        holds = seconds <= PROMISED
        held &= holds
        print(
            f"    {page:14} {seconds * 1000:6.0f} ms a quarter (this process's part "
            f"{ours * 1000:.0f}, {seconds / floor:.1f} floors, {statements} statements: "
            f"{'held' if holds else 'MISSED'}); "
            f"{years * 1000:6.0f} ms for all {CASES:,}"
        )
    database.close()
    return held


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
            began = time.perf_counter()
            session.execute(FLOOR).scalar()
            found.append(time.perf_counter() - began)
    return median(found)


def _signed_in(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"email": "bench@example.org", "password": PASSWORD})
    return client


def _open(
    client: FlaskClient, database: Database, address: str, times: int = TIMES
) -> tuple[float, float, int]:
    """Median seconds, of them on the processor here, and the statements of one opening."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    found, ours = [], []
    for _ in range(times):
        began, began_here = time.perf_counter(), time.process_time()
        answer = client.get(f"/services/large/figures/{address}")
        found.append(time.perf_counter() - began)
        ours.append(time.process_time() - began_here)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    event.remove(database.engine, "before_cursor_execute", note)
    return median(found), median(ours), len(sent) // times
