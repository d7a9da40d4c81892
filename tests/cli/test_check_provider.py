"""`messages check-provider` says in words what works, and ends with 1 when texts cannot leave."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey_app.app import create_app
from survey_app.cli import check_provider
from survey_app.cli.check_provider import in_words
from survey_app.messaging.providers.checks import Checked, Finding, Point
from survey_app.settings import Settings
from survey_app.store.gate import ProviderCheck
from survey_app.store.scope import Scope
from tests.builders import a_service
from tests.fakes.loopback import FarSide, served
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER, TwilioFake
from tests.world import TEST_KEYS

FINE = Checked(Point.SENDER, Finding.FINE)


@pytest.fixture
def run(sqlite_database, tmp_path):
    """Run the command with these options, on an installation with these settings."""
    made = []

    def run_command(*args, **facts):
        url = sqlite_database.url.render_as_string(hide_password=False)
        settings = Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path)
        app = create_app(replace(settings, **facts))
        made.append(app)
        return app.test_cli_runner().invoke(args=["messages", "check-provider", *args])

    yield run_command
    for app in made:
        app.extensions["runtime"].database.close()


def test_with_the_simulated_provider_nothing_can_be_wrong(run):
    result = run()
    assert result.exit_code == 0
    assert "none reaches a phone" in result.output


def test_a_provider_without_settings_is_said_by_their_names(run):
    result = run(sms_provider="twilio")
    assert result.exit_code == 1
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"):
        assert name in result.output
    assert "Texts cannot leave" in result.output


def test_a_services_own_provider_is_the_one_that_is_checked(run, sqlite_database):
    with sqlite_database.write(Scope.worker()) as session:
        a_service(session, slug="north", sms_provider="notify")
    result = run("--service", "north", "--json")
    assert result.exit_code == 1
    said = json.loads(result.output)
    assert (said["provider"], said["works"]) == ("notify", False)
    assert {p["about"] for p in said["points"]} == {"NOTIFY_API_KEY"}


def test_a_service_that_is_not_there_is_wrong_use(run):
    result = run("--service", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_credentials_and_sender_are_asked_and_no_secret_is_printed(run):
    with served(TwilioFake, FarSide()) as far_side:
        result = run(
            sms_provider="twilio",
            provider_options={
                "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
                "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
                "TWILIO_FROM": OWN_NUMBER,
                "TWILIO_BASE_URL": far_side.address,
            },
        )
    assert result.exit_code == 1
    assert "ok   Credentials: works." in result.output
    assert "NO   Webhook address: http://127.0.0.1:8000" in result.output
    assert "note Replies: what people text back does not come here" in result.output
    assert AUTH_TOKEN not in result.output


def checks(database) -> list[tuple[str, str, bool]]:
    with database.read(Scope.worker()) as session:
        rows = session.scalars(select(ProviderCheck).order_by(ProviderCheck.id))
        return [(row.provider, row.sender, row.is_passed) for row in rows]


def test_each_check_of_a_real_provider_is_kept_with_its_sender_whether_it_passed_or_not(
    run, sqlite_database, monkeypatch
):
    with sqlite_database.write(Scope.worker()) as session:
        a_service(session, slug="north", sms_provider="twilio", sender="Ask Us")
    run()
    run("--service", "north")
    monkeypatch.setattr(check_provider, "check_twilio", lambda *_: [FINE])
    by_number = {"sms_provider": "twilio", "provider_options": {"TWILIO_FROM": OWN_NUMBER}}
    assert run("--service", "north", **by_number).exit_code == 0
    assert run(**by_number).exit_code == 0
    assert checks(sqlite_database) == [
        ("twilio", "Ask Us", False),
        ("twilio", "Ask Us", True),
        ("twilio", OWN_NUMBER, True),
    ]


def test_credentials_may_be_tried_before_there_is_a_database(run, tmp_path, monkeypatch):
    monkeypatch.setattr(check_provider, "check_twilio", lambda *_: [FINE])
    empty = f"sqlite:///{tmp_path}/empty.db"
    assert run(sms_provider="twilio", database_url=empty).exit_code == 0


@pytest.mark.parametrize("finding", Finding)
def test_every_finding_has_words(finding):
    line = in_words(Checked(Point.SENDER, finding, "THIS_SETTING"))
    assert len(line) > len("note Sender: ")
    assert "{" not in line
