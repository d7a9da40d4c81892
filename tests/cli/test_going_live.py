"""`services live`, `gate` and `alert-cover` as someone types them."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select

from survey_app.domain.gate import ConditionId
from survey_app.store.gate import GateConfirmation, GateWaiver
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.gate import a_shadow, a_team, meet_gate

LIVE = ("services", "live", "--service", "north")
GATE = ("services", "gate", "--service", "north")
EVERYTHING = [condition.value for condition in ConditionId]


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def shadow(runtime: Runtime) -> str:
    """A service in shadow for which nothing was done; the slug."""
    with runtime.database.write(Scope.worker()) as session:
        return a_shadow(session, slug="north").slug


@pytest.fixture
def ready(runtime: Runtime, shadow: str) -> str:
    """The same, once everything was done."""
    with runtime.database.write(Scope.worker()) as session:
        meet_gate(session, get_service(session, shadow), runtime.settings)
    return shadow


def mode(runtime: Runtime) -> str:
    with runtime.database.read(Scope.worker()) as session:
        return get_service(session, "north").mode


def waived(runtime: Runtime) -> list[str]:
    with runtime.database.read(Scope.worker()) as session:
        return list(session.scalars(select(GateWaiver.condition).order_by(GateWaiver.condition)))


@pytest.mark.parametrize("words", [LIVE, GATE])
def test_what_is_missing_is_named_with_what_to_do_and_nothing_is_changed(
    app, runtime, shadow, words
):
    result = run(app, *words, "--json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["mode"]) == (1, "shadow")
    assert set(said) == {"mode", "unmet"}
    assert [each["id"] for each in said["unmet"]] == EVERYTHING
    assert all(each["says"] and each["do"] for each in said["unmet"])
    in_words = run(app, *words)
    assert in_words.exit_code == 1
    assert all(f"  {name}: " in in_words.stdout for name in EVERYTHING)
    assert mode(runtime) == "shadow"


def test_once_nothing_is_missing_the_gate_says_so_and_the_service_goes_live(app, runtime, ready):
    asked = run(app, *GATE, "--json")
    assert (asked.exit_code, json.loads(asked.stdout)) == (0, {"mode": "shadow", "unmet": []})
    assert "Nothing is missing" in run(app, *GATE).stdout
    assert mode(runtime) == "shadow"
    went = run(app, *LIVE, "--json")
    assert (went.exit_code, json.loads(went.stdout)["mode"]) == (0, "live")
    assert mode(runtime) == "live"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--waive", "shadow-looked-at"), 2),
        (("--waive", "shadow-looked-at", "--reason", " "), 2),
        (("--waive", "nonsense", "--reason", "Why."), 2),
        (("--waive", "expected-text", "--waive", "expected-text", "--reason", "Why."), 2),
        (("--waive", "privacy-words", "--reason", "Why."), 1),
        (("--waive", "provider-check", "--reason", "Why."), 1),
        (("--waive", "expected-text", "--reason", "Why."), 1),
    ],
)
def test_a_waiver_has_a_reason_is_of_one_condition_and_never_of_some(
    app, runtime, ready, words, code
):
    with runtime.database.write(Scope.worker()) as session:
        session.execute(delete(GateConfirmation))
    result = run(app, *LIVE, *words, "--json")
    assert result.exit_code == code
    assert (mode(runtime), waived(runtime)) == ("shadow", [])


def test_what_cannot_be_waived_is_said_also_where_it_is_met(app, runtime, ready):
    result = run(app, *LIVE, "--waive", "alert-cover", "--reason", "Why.", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"mode": "shadow", "unmet": []}
    assert "alert-cover cannot be waived" in result.stderr


def test_each_condition_is_waived_by_name_for_one_reason(app, runtime, ready):
    with runtime.database.write(Scope.worker()) as session:
        session.execute(delete(GateConfirmation))
    both = ("--waive", "shadow-looked-at", "--waive", "expected-text")
    result = run(app, *LIVE, *both, "--reason", "A pilot of two people.", "--json")
    assert (result.exit_code, json.loads(result.stdout)["mode"]) == (0, "live")
    assert waived(runtime) == ["expected-text", "shadow-looked-at"]


def test_with_the_simulated_provider_a_service_goes_live_as_ever(app, runtime):
    assert run(app, "services", "add", "North", "--slug", "north").exit_code == 0
    assert run(app, *GATE).exit_code == 0
    run(app, "services", "pause", "--service", "north")
    assert run(app, *LIVE, "--json").exit_code == 0
    assert mode(runtime) == "live"


def test_alert_cover_is_set_by_address_and_refused_in_words(app, runtime, shadow):
    with runtime.database.write(Scope.worker()) as session:
        email = a_team(session, get_service(session, shadow)).caseworker.email
    words = ("services", "alert-cover", "--service", shadow, "--owner")
    done = run(app, *words, email, "--hours", "24", "--low-safety-hours", "2", "--json")
    assert json.loads(done.stdout) == {
        "slug": "north",
        "owner": email,
        "hours": 24,
        "low_safety_hours": 2,
    }
    assert (
        "due within 48 hours, low safety within 4 working hours" in run(app, *words, email).output
    )
    for more, said in (
        (("nobody@example.org",), "nobody@example.org is no active manager or caseworker"),
        ((email, "--hours", "0"), "--hours: from 1 to 336"),
        ((email, "--low-safety-hours", "17"), "--low-safety-hours: from 1 to 16"),
    ):
        refused = run(app, *words, *more)
        assert (refused.exit_code, said in refused.output) == (1, True)
