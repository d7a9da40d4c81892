"""`/metrics` says how sending goes, in counts, to this machine or to whoever bears the token."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from survey_app.domain.requests import A_PERSON_DECIDES, SET_ASIDE, MessageState
from survey_app.messaging.queue import Queue
from survey_app.store.scope import Scope
from survey_app.store.worker_beats import beat
from tests.staff_texts import a_text
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

TOKEN = "a-token-that-is-long-enough"


@pytest.fixture
def texts(database):
    with database.write(Scope.worker()) as session:
        live = a_texting_service(session, slug="live")
        came = {"created_at": NOON - timedelta(hours=1), "state": "asked"}
        a_text(session, live, due_at=NOON - timedelta(minutes=5), case_ref="SECRET-1", request=came)
        a_text(session, live, due_at=NOON - timedelta(minutes=1), request=came)
        a_text(session, live, due_at=NOON + timedelta(hours=1))
        a_text(session, live, MessageState.UNKNOWN)
        a_text(session, live, MessageState.UNKNOWN, reason=A_PERSON_DECIDES)
        for reason in SET_ASIDE:
            a_text(session, live, MessageState.UNKNOWN, reason=reason)
        a_due_request(session, live).refusal = "unsafe"
        ended = a_due_request(session, live)
        ended.refusal, ended.state = "unsafe", "expired"
        shadow = a_texting_service(session, slug="dark", mode="shadow")
        a_text(session, shadow, due_at=NOON - timedelta(days=5))


def test_queue_age_undecided_states_and_refusals_are_counted(client, texts):
    lines = client.get("/metrics").text.splitlines()
    for line in (
        'survey_queue_age_seconds{service="live"} 300.0',
        'survey_texts{service="live",state="pending"} 3.0',
        'survey_texts_undecided{service="live"} 5.0',
        'survey_texts_waiting_for_a_person{service="live"} 4.0',
        'survey_texts_left_to_a_person{reason="a-person-decides",service="live"} 1.0',
        'survey_texts_left_to_a_person{reason="unreadable",service="live"} 1.0',
        'survey_texts_left_to_a_person{reason="number-unreadable",service="live"} 1.0',
        'survey_requests_refused{reason="unsafe",service="live"} 1.0',
        'survey_service_mode{mode="shadow",service="dark"} 1.0',
        'survey_texts_undecided{service="dark"} 0.0',
    ):
        assert line in lines
    assert not [line for line in lines if line.startswith("survey_queue_age") and "dark" in line]


def test_nothing_in_it_names_anybody(client, texts):
    page = client.get("/metrics").text
    for telling in ("SECRET-1", "07700", "+447700", "/s/"):
        assert telling not in page


def test_an_installation_without_services_has_metrics_too(client):
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    "borrowed",
    [
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"base_url": "https://surveys.example.org"},
    ],
)
def test_without_a_token_it_is_there_on_this_machine_alone(client, borrowed):
    assert client.get("/metrics", **borrowed).status_code == 404


@pytest.fixture
def guarded(app) -> FlaskClient:
    """The same installation with a token set."""
    runtime = app.extensions["runtime"]
    settings = replace(runtime.settings, metrics_token=TOKEN)
    app.extensions["runtime"] = replace(runtime, settings=settings)
    return app.test_client()


def test_whoever_bears_the_token_reads_it_from_anywhere(guarded):
    answer = guarded.get(
        "/metrics",
        headers={"Authorization": f"Bearer {TOKEN}"},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["", f"Bearer {TOKEN}x", "Bearer ", TOKEN, f"Basic {TOKEN}"])
def test_with_a_token_set_nobody_reads_it_without(guarded, header):
    assert guarded.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_in_production_this_machine_is_no_reason(app):
    runtime = app.extensions["runtime"]
    settings = replace(runtime.settings, is_production=True)
    app.extensions["runtime"] = replace(runtime, settings=settings)
    assert app.test_client().get("/metrics").status_code == 404


def test_a_dead_worker_is_seen_though_it_wrote_nothing(client, database):
    """Seen: 0 seconds, with 200 requests due for three days and no text of them in the outbox."""
    since = NOON - timedelta(minutes=40)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="live")
        for _ in range(3):
            a_due_request(session, service, due_at=since, created_at=since)
        beat(session, "gone", "working", since)
        beat(session, "wrong", "host-clock-off", NOON)
    lines = client.get("/metrics").text.splitlines()
    for line in (
        'survey_queue_age_seconds{service="live"} 2400.0',
        'survey_due{service="live",what="invitation"} 3.0',
        "survey_worker_heartbeat_seconds 2400.0",
        'survey_workers{report="host-clock-off"} 1.0',
        "survey_queue_up 1.0",
    ):
        assert line in lines


def test_where_no_worker_ever_reported_the_silence_is_without_end(client):
    assert "survey_worker_heartbeat_seconds +Inf" in client.get("/metrics").text.splitlines()


def test_a_queue_that_is_away_is_seen(app):
    runtime = app.extensions["runtime"]
    settings = replace(runtime.settings, queue_url="redis://127.0.0.1:1/0")
    app.extensions["queue"] = Queue(settings)
    assert "survey_queue_up 0.0" in app.test_client().get("/metrics").text.splitlines()
