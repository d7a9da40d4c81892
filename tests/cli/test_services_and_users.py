"""`services` and `users` as someone types them."""

import json
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from survey_app.domain.passwords import SHORTEST_PASSWORD
from survey_app.messaging.tokens import find_by_token
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.second_factors import find_second_factor
from survey_app.store.services import Service, get_service
from survey_app.store.staff import StaffAccount
from tests.builders import a_programme
from tests.links import a_link
from tests.staff import a_second_factor
from tests.texting import a_due_request
from tests.world import NOON


def run(app: Flask, *words: str, typed: str | None = None) -> Result:
    """Run one command without a terminal."""
    return app.test_cli_runner().invoke(args=list(words), input=typed)


@pytest.fixture
def service(app: Flask) -> str:
    """The slug of a service that is there."""
    assert run(app, "services", "add", "Victim care", "--slug", "vc").exit_code == 0
    return "vc"


def modes(runtime: Runtime) -> dict[str, str]:
    """The mode of every service by slug."""
    with runtime.database.read(Scope.worker()) as session:
        return {row.slug: row.mode for row in session.scalars(select(Service))}


def test_services_are_added_paused_and_let_live(app: Flask, runtime: Runtime, service: str):
    assert modes(runtime) == {"vc": "live"}
    paused = run(app, "services", "pause", "--service", service)
    assert (paused.exit_code, modes(runtime)) == (0, {"vc": "paused"})
    assert "vc is now paused" in paused.output
    live = run(app, "services", "live", "--service", service, "--json")
    assert json.loads(live.stdout) == {"slug": "vc", "name": "Victim care", "mode": "live"}
    assert "already live" in run(app, "services", "live", "--service", service).output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["services", "add", "Again", "--slug", "vc"], 1, "a service vc already"),
        (["services", "add", " ", "--slug", "new"], 1, "needs a name"),
        (["services", "add", "New", "--slug", "New!"], 1, "'New!' is no slug"),
        (["services", "add", "New", "--slug", "new", "--programme", "x"], 1, "No programme 'x'"),
        (["services", "add", "New"], 2, "--slug"),
        (["services", "live", "--service", "gone"], 2, "no service 'gone'"),
        (["users", "add", "a@example.org", "--role", "manager", "--service", "gone"], 2, "gone"),
        (["users", "add", "nobody", "--role", "manager", "--service", "vc"], 1, "no e-mail"),
        (["users", "add", "a@example.org", "--role", "chief", "--service", "vc"], 2, "chief"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(
    app: Flask, runtime: Runtime, service: str, words: list[str], code: int, said: str
):
    result = run(app, *words)
    assert result.exit_code == code
    assert said in result.output
    assert modes(runtime) == {"vc": "live"}
    with runtime.database.read(Scope.worker()) as session:
        assert session.scalars(select(StaffAccount)).all() == []


ADD = ["users", "add", "Sam@example.org", "--role", "manager", "--service", "vc"]


def test_a_password_is_made_and_printed_once(app: Flask, service: str):
    result = run(app, *ADD)
    assert result.exit_code == 0
    password = result.output.rsplit(": ", 1)[1].strip()
    assert len(password) > SHORTEST_PASSWORD
    again = run(app, *ADD)
    assert again.exit_code == 1
    assert password not in again.output
    other_role = run(app, *ADD[:4], "caseworker", *ADD[5:])
    assert other_role.exit_code == 0
    assert "keep their password" in other_role.output
    assert "shown this once" not in other_role.output


def test_a_password_may_come_from_standard_input_and_is_not_printed(app: Flask, service: str):
    typed = "four unlikely words here"
    result = run(app, *ADD, "--password-stdin", "--json", typed=f"{typed}\n")
    assert json.loads(result.stdout) == {
        "email": "sam@example.org",
        "role": "manager",
        "service": "vc",
        "password": None,
    }


@pytest.mark.parametrize("typed", ["short\n", "\n", ""])
def test_a_short_password_from_standard_input_is_refused(app: Flask, service: str, typed: str):
    result = run(app, *ADD, "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert "at least 12 characters" in result.output


def test_a_service_gets_a_sender_and_a_provider_of_its_own(
    app: Flask, runtime: Runtime, service: str
):
    words = ["services", "set", "--service", service]
    assert (
        "sender Ask Us, provider as the settings say"
        in run(app, *words, "--sender", "Ask Us").output
    )
    other = run(app, *words, "--sender", "", "--provider", "notify", "--json")
    assert json.loads(other.stdout) == {
        "slug": "vc",
        "sender": "",
        "provider": "notify",
        "mode": "shadow",
    }
    refused = run(app, *words, "--provider", "pigeon")
    assert (refused.exit_code, "simulated, twilio, notify" in refused.output) == (1, True)
    assert run(app, *words).exit_code == 2


def test_going_live_withdraws_what_waited_before_a_day(app: Flask, runtime: Runtime, service: str):
    words = ["services", "live", "--service", service]
    early = run(app, *words, "--withdraw-before", "2026-11-01")
    assert (early.exit_code, "is live already. Pause it first" in early.output) == (1, True)
    run(app, "services", "pause", "--service", service)
    with runtime.database.write(Scope.worker()) as session:
        a_programme(session, get_service(session, service), number=99)
        for days in (1, 30):
            request = a_due_request(
                session, get_service(session, service), due_at=NOON - timedelta(days=days)
            )
            request.expires_at = NOON + timedelta(days=3)
    ahead = run(app, *words, "--withdraw-before", "2026-11-20")
    assert (ahead.exit_code, "tomorrow at the latest" in ahead.output) == (1, True)
    assert run(app, *words, "--withdraw-before", "soon").exit_code == 2
    done = run(app, *words, "--withdraw-before", "2026-11-01", "--json")
    assert json.loads(done.stdout) == {
        "slug": "vc",
        "name": "Victim care",
        "mode": "live",
        "waited": 2,
        "withdrawn": 1,
    }


def test_one_command_pauses_everything_that_sends(app: Flask, runtime: Runtime, service: str):
    assert run(app, "services", "add", "Other", "--slug", "other").exit_code == 0
    paused = run(app, "services", "pause", "--all", "--reason", "An incident.")
    assert (paused.exit_code, paused.output.strip()) == (0, "Paused: vc, other.")
    assert modes(runtime) == {"vc": "paused", "other": "paused"}
    again = run(app, "services", "pause", "--all", "--json")
    assert json.loads(again.stdout) == {"paused": []}


@pytest.mark.parametrize("words", [[], ["--all", "--service", "vc"]])
def test_a_pause_names_one_service_or_all(
    app: Flask, runtime: Runtime, service: str, words: list[str]
):
    result = run(app, "services", "pause", *words)
    assert result.exit_code == 2
    assert "either --service S or --all" in result.output
    assert modes(runtime) == {"vc": "live"}


def test_one_command_revokes_every_open_link(app: Flask, runtime: Runtime, service: str):
    with runtime.database.write(Scope.worker()) as session:
        request, token = a_link(session)
        slug = session.get_one(Service, request.service_id).slug
    words = ["services", "revoke-links", "--service", slug, "--reason", "A phone was stolen."]
    assert "revoked: 1" in run(app, *words).output
    with runtime.database.read(Scope.worker()) as session:
        assert find_by_token(session, token) is None
    assert json.loads(run(app, *words, "--json").stdout) == {"slug": slug, "revoked": 0}
    assert run(app, "services", "revoke-links", "--service", "gone").exit_code == 2


def test_users_of_a_service_are_listed(app: Flask, service: str):
    assert "Nobody yet" in run(app, "users", "list", "--service", service).output
    assert run(app, *ADD).exit_code == 0
    listed = run(app, "users", "list", "--service", service)
    assert listed.output.strip() == "sam@example.org: manager (no second factor)"
    plain = json.loads(run(app, "users", "list", "--service", service, "--json").stdout)
    assert plain == [
        {
            "email": "sam@example.org",
            "name": "",
            "roles": ["manager"],
            "active": True,
            "invited": False,
            "second_factor": False,
        }
    ]
    assert run(app, "users", "list", "--service", "gone").exit_code == 2


def test_a_reset_prints_a_link_that_opens_and_ends_the_lock(
    app: Flask, runtime: Runtime, service: str
):
    assert run(app, *ADD).exit_code == 0
    with runtime.database.write() as session:
        account = session.scalars(select(StaffAccount)).one()
        account.failed_sign_ins, account.locked_until = 5, runtime.now()
        a_second_factor(session, account)
    result = run(app, "users", "reset", "SAM@example.org", "--second-factor", "--json")
    link = json.loads(result.stdout)["link"]
    assert link.startswith("http://127.0.0.1:8000/account/link/")
    assert app.test_client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    with runtime.database.read() as session:
        account = session.scalars(select(StaffAccount)).one()
        assert (account.failed_sign_ins, account.locked_until) == (0, None)
        assert find_second_factor(session, account.id) is None
    said = run(app, "users", "reset", "sam@example.org").output
    assert "works once" in said
    # The newer link ends the older one.
    assert app.test_client().get(link.removeprefix("http://127.0.0.1:8000")).status_code == 410


def test_nobody_is_reset_by_mistake(app: Flask, runtime: Runtime, service: str):
    unknown = run(app, "users", "reset", "nobody@example.org")
    assert (unknown.exit_code, "Nobody has an account" in unknown.output) == (1, True)
    assert run(app, *ADD).exit_code == 0
    with runtime.database.write() as session:
        session.scalars(select(StaffAccount)).one().is_active = False
    refused = run(app, "users", "reset", "sam@example.org")
    assert (refused.exit_code, "--activate" in refused.output) == (1, True)
    assert run(app, "users", "reset", "sam@example.org", "--activate").exit_code == 0
    with runtime.database.read() as session:
        assert session.scalars(select(StaffAccount)).one().is_active


@pytest.mark.parametrize("typed", ["password1234\n", "sam@example.org1\n"])
def test_a_password_that_is_tried_first_is_refused(app: Flask, service: str, typed: str):
    result = run(app, *ADD, "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert "Many people use" in result.output
