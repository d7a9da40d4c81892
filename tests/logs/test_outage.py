"""On a bad day, with everybody on the pages, no log and no command tells whose day it was."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Event
from time import sleep

import psycopg
import pytest
from flask.testing import FlaskClient

from survey_app.app import create_app
from survey_app.domain.cases import Role
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.migrations import upgrade
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.staff_links import LinkKind
from survey_app.usecases.staff_passwords import make_link
from tests.links import a_link
from tests.logs.installation import Installation, OwnPostgresql, own_redis
from tests.staff import an_account, csrf_of, sign_in

METRICS_TOKEN = "PLANTEDMETRICS-0123456789"
TYPED = {"email": "planted.typed@example.org", "password": "PLANTEDPASSWORD"}
MARKS = ("PLANTED", "planted", "7700900", "127.0.0.1", "example.org", "Handset")
ROUTES = frozenset(
    {
        "/s/<token>",
        "/services/<slug>/cases",
        "/services/<slug>/cases/<ref:case_ref>",
        "/sign-in",
        "/account/link/<token>",
        "/metrics",
        "/webhooks/twilio/incoming",
    }
)


@pytest.fixture
def postgresql():
    """A database of this test's own, with a password in its address."""
    try:
        with OwnPostgresql.made("PLANTEDDATABASE") as own:
            yield own
    except psycopg.OperationalError:
        pytest.skip("PostgreSQL is missing: set TEST_DATABASE_URL or start one on 127.0.0.1:5432")


@pytest.fixture
def redis(tmp_path):
    """A Redis of this test's own."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing")
    with own_redis(tmp_path) as server:
        yield server


@dataclass(frozen=True)
class Known:
    """What no log may hold: a live link and an invitation; the browsers of who is to answer, with
    the form's token, and of somebody signed in."""

    token: str
    invitation: str
    phone: str
    form_token: str
    staff: str


def filled(installation: Installation) -> Known:
    """The database made, with somebody to answer and somebody to look after them."""
    settings = replace(Settings.from_env(installation.environment), queue_url="", redis_url="")
    app = create_app(settings)
    database: Database = app.extensions["runtime"].database
    upgrade(database)
    with database.write(Scope.worker()) as session:
        request, token = a_link(session, service={"slug": "fir"}, case={"case_ref": "PLANTED-1"})
        service = session.get_one(Service, request.service_id)
        account = an_account(session, (service, Role.CASEWORKER), email="planted@example.org")
        new = an_account(session, (service, Role.CASEWORKER), email="planted.new@example.org")
        invitation = make_link(session, new, LinkKind.INVITATION, datetime.now(UTC))
    phone, staff = app.test_client(), app.test_client()
    form_token = csrf_of(phone.get(f"/s/{token}"))
    assert sign_in(staff, account.email).status_code == 302
    database.close()
    return Known(token, invitation, cookie_of(phone), form_token, cookie_of(staff))


def cookie_of(client: FlaskClient) -> str:
    """The header that this browser sends."""
    cookie = client.get_cookie("s")
    assert cookie is not None
    return f"s={cookie.value}"


def visit(installation: Installation, known: Known) -> list[tuple[int, str]]:
    """What people do on one day, each answer with its page."""
    phone = {"User-Agent": "Handset/1.0", "Referer": "http://PLANTED.example.org/"}
    phone["Cookie"] = known.phone
    staff = {"Cookie": known.staff}
    bearer = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    ask = installation.ask
    return [
        ask(f"/s/{known.token}", **phone),
        ask(f"/s/{known.token}", {"csrf_token": known.form_token}, **phone),
        ask("/services/fir/cases?starts_with=PLANTEDSEARCH", **staff),
        ask("/services/fir/cases/PLANTED-1", **staff),
        ask("/sign-in", TYPED),
        ask(f"/account/link/{known.invitation}"),
        ask("/metrics", **bearer),
        ask("/webhooks/twilio/incoming", {"From": "+447700900123", "Body": "PLANTED"}),
    ]


def visits_until(installation: Installation, known: Known, is_over: Event) -> list[tuple[int, str]]:
    """One day after another."""
    answers = []
    while not is_over.is_set():
        answers += visit(installation, known)
    return answers


def test_an_outage_under_load_leaves_a_line_a_request_and_nobodys_data(postgresql, redis, tmp_path):
    server, redis_url = redis
    installation = Installation.of(
        tmp_path,
        DATABASE_URL=postgresql.url,
        REDIS_URL=redis_url,
        QUEUE_URL=redis_url,
        METRICS_TOKEN=METRICS_TOKEN,
    )
    known = filled(installation)
    is_over = Event()
    with installation.serve(), ThreadPoolExecutor(4) as people:
        asked = [people.submit(visits_until, installation, known, is_over) for _ in range(4)]
        sleep(2)
        postgresql.take_away()
        server.kill()
        sleep(3)
        said = [
            installation.command(*command)
            for command in (("messages", "list", "--service", "fir"), ("db", "upgrade"))
        ]
        postgresql.give_back()
        sleep(1)
        is_over.set()
        answers = [each for visits in asked for each in visits.result()]
        metrics = [installation.ask("/metrics", Authorization=f"Bearer {METRICS_TOKEN}")]

    log = installation.log.read_text("utf-8")
    commands = "".join(each.stdout + each.stderr for each in said)
    for mark in (known.token, known.invitation, *MARKS):
        assert mark not in log
        assert mark not in commands
    assert "[removed]" not in log
    assert "survey_log_removed_total 0.0" in metrics[0][1]

    requests = [line for line in installation.lines() if line["event"] == "request"]
    arrived = [status for status, _page in answers if status]
    assert len(requests) >= len(arrived)
    assert {line["route"] for line in requests} >= ROUTES
    assert len({line["id"] for line in requests}) == len(requests)
    failed = [line for line in requests if line["status"] >= 500]
    assert {"/s/<token>", "/services/<slug>/cases"} <= {line["route"] for line in failed}
    assert all(line["ms"] >= 0 for line in requests)

    faults = {line["id"]: line for line in installation.lines() if line["event"] == "fault"}
    assert faults
    assert faults.keys() <= {line["id"] for line in failed}
    quoted = {
        found[1] for _, page in answers if (found := re.search(r'<b dir="ltr">(\w{8})</b>', page))
    }
    assert quoted
    assert quoted <= {line["id"] for line in failed}

    for each in said:
        assert each.returncode == 1
        assert each.stdout == ""
        fault, *words = each.stderr.splitlines()
        assert json.loads(fault)["event"] == "fault"
        assert words[0].startswith("Error: The database cannot be used just now")
        assert json.loads(fault)["id"] in words[0]
        assert "Traceback" not in each.stderr


def test_a_schema_that_does_not_fit_tells_nothing_of_whom_it_was_asked_about(
    sqlite_database, tmp_path
):
    """Errors of SQL carry the statement and, unless told otherwise, its values."""
    url = sqlite_database.url.render_as_string(hide_password=False)
    installation = Installation.of(tmp_path, DATABASE_URL=url, METRICS_TOKEN=METRICS_TOKEN)
    known = filled(installation)
    with sqlite_database.engine.begin() as connection:
        for table in ("cases", "services", "staff_links", "sign_in_addresses", "requests"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_gone")
    with installation.serve():
        answers = visit(installation, known)
    assert 500 in {status for status, _page in answers}
    log = installation.log.read_text("utf-8")
    for mark in (known.token, known.invitation, *MARKS, "SELECT", "[removed]"):
        assert mark not in log
    faults = [line for line in installation.lines() if line["event"] == "fault"]
    assert faults
    assert {line["sqlstate"] for line in faults} == {"SQLITE_ERROR"}
    assert all(line["at"] for line in faults)
