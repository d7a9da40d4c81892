"""`/dev/outbox` shows what was "sent", to whoever sits at this machine in development."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store.messages import SimulatedText
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.usecases.run_due import run_due
from tests.texting import a_due_request, a_texting_service
from tests.world import TEST_KEYS

PAGE = "/dev/outbox"


@pytest.fixture
def due(runtime: Runtime) -> Runtime:
    """A process with one request due."""
    with runtime.database.write(Scope.worker()) as session:
        a_due_request(session, a_texting_service(session), last_three="123")
    return runtime


def csrf_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_an_empty_outbox_says_so(client):
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "No texts yet" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_texts_are_shown_newest_first_with_a_link_to_follow(client, due, clock):
    run_due(due)
    clock.move(days=7)
    run_due(due)
    page = client.get(PAGE).text
    assert page.index("A reminder") < page.index("You said we may ask")
    links = re.findall(r'<a class="govuk-link" href="(http://127\.0\.0\.1:8000/s/\w{12})">', page)
    assert len(links) == 2
    assert "+447700900123" in page


def test_the_button_runs_what_is_due(client, due):
    page = client.get(PAGE).text
    answer = client.post(f"{PAGE}/run", data={"csrf_token": csrf_token(page)})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert "/s/" in client.get(PAGE).text


def test_looking_sends_nothing_and_running_needs_the_pages_token(client, due):
    client.get(PAGE)
    client.get(f"{PAGE}/run")
    assert client.post(f"{PAGE}/run").status_code == 400
    with due.database.read() as session:
        assert session.query(SimulatedText).count() == 0


def test_words_of_a_text_cannot_become_markup(client, runtime):
    with runtime.database.write() as session:
        session.add(
            SimulatedText(
                provider_message_id="x",
                to="+447700900123",
                sender="<b>Info",
                body="<script>alert(1)</script>",
                status="told",
                received_at=runtime.now(),
            )
        )
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "<b>Info" not in page


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/run"])
@pytest.mark.parametrize(
    "far",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"environ_base": {"REMOTE_ADDR": ""}},
        {"headers": {"Host": "survey.example.org"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
    ],
)
def test_off_this_machine_there_is_no_such_page(app, due, path, far):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    method = client.post if path.endswith("run") else client.get
    assert method(path, **far).status_code == 404
    with due.database.read() as session:
        assert session.query(SimulatedText).count() == 0


def test_in_production_there_is_no_such_page(sqlite_database, tmp_path):
    url = sqlite_database.url.render_as_string(hide_password=False)
    settings = Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path)
    app: Flask = create_app(replace(settings, is_production=True, sms_provider="twilio"))
    assert app.test_client().get(PAGE).status_code == 404
