"""`messages run-due` and `messages list` as FORMATS.md promises them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.clock import find_last_seen
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.usecases.run_due import run_due
from tests.builders import a_person
from tests.staff import an_account
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON


@pytest.fixture
def run(app):
    """Run a command of the app as a shell would."""

    def invoke(*words: str):
        return app.test_cli_runner().invoke(args=["messages", *words])

    return invoke


@pytest.fixture
def service(database) -> str:
    """The slug of a service with two due requests: one in order, one with an opted-out number."""
    with database.write(Scope.worker()) as session:
        made = a_texting_service(session, slug="valley")
        a_due_request(session, made, last_three="123", case={"case_ref": "A-1"})
        a_due_request(session, made, last_three="992", case={"case_ref": "A-2"})
        other = a_texting_service(session, slug="elsewhere")
        a_due_request(session, other, case={"case_ref": "B-1"}, wave="baseline")
    return "valley"


def test_run_due_says_what_it_did(run, service):
    result = run("run-due")
    assert result.exit_code == 0
    assert "Sent: 2" in result.output
    assert "Failed: 1" in result.output
    assert run("run-due").output == "Nothing is due.\n"


def test_run_due_as_json_is_json_alone(run, service):
    result = run("run-due", "--json")
    assert result.stderr == ""
    counts = json.loads(result.stdout)
    assert (counts["sent"], counts["failed"], counts["delivered"]) == (2, 1, 2)


def test_list_has_the_promised_fields_newest_last_of_that_service_only(run, service):
    run("run-due")
    run("run-due", "--now", "2026-11-25T12:00:00Z")
    texts = json.loads(run("list", "--service", service, "--json").stdout)
    assert [(t["case_ref"], t["wave"], t["kind"], t["state"]) for t in texts] == [
        ("A-1", "closure", "invitation", "delivered"),
        ("A-2", "closure", "invitation", "failed"),
        ("A-1", "closure", "reminder", "delivered"),
    ]
    first, failed, reminder = texts
    promised = {"case_ref", "wave", "kind", "state", "due_at", "sent_at", "segments", "body"}
    assert promised <= set(first)
    assert (first["due_at"], first["sent_at"]) == ("2026-11-18T12:00:00Z", "2026-11-18T12:00:00Z")
    assert first["segments"] == 1
    assert "/s/" in first["body"]
    assert (failed["sent_at"], failed["body"]) == (None, None)
    assert reminder["sent_at"] == "2026-11-25T12:00:00Z"


def test_a_text_that_waits_is_listed_with_when_it_may_leave(run, service):
    run("run-due", "--now", "2026-11-18T22:00:00Z")
    [first, _] = json.loads(run("list", "--service", service, "--json").stdout)
    assert (first["state"], first["due_at"], first["sent_at"]) == (
        "pending",
        "2026-11-19T09:00:00Z",
        None,
    )
    assert (first["reason"], first["body"]) == ("outside-safe-hours", None)


def test_with_another_provider_no_words_are_listed(run, service, database):
    with database.write(Scope.worker()) as session:
        session.execute(update(Service).values(sms_provider="notify"))
    assert run("run-due", "--json").exit_code == 0
    texts = json.loads(run("list", "--service", service, "--json").stdout)
    assert [t["state"] for t in texts] == ["pending", "pending"]
    assert all("body" not in t for t in texts)


def test_an_empty_list_is_an_empty_array(run, service):
    assert json.loads(run("list", "--service", service, "--json").stdout) == []
    assert run("list", "--service", service).output == "No texts yet.\n"


def test_the_list_for_people_is_in_london_time(run, service):
    run("run-due", "--now", "2026-11-18T12:00:00Z")
    lines = run("list", "--service", service).output.splitlines()
    assert lines[0].split() == ["case", "wave", "kind", "state", "due", "sent", "reason"]
    assert lines[1].startswith("A-1")
    assert "2026-11-18 12:00" in lines[1]


def test_the_list_of_an_unknown_service_is_refused_in_words(run, service):
    result = run("list", "--service", "nowhere", "--json")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("now", ["tomorrow", "2026-13-01", "12:00", ""])
def test_an_instant_that_is_none_is_refused_in_words(run, service, now):
    result = run("run-due", "--now", now)
    assert result.exit_code == 2
    assert "ISO 8601" in result.output


def test_an_instant_without_a_zone_is_london_time(run, database):
    """10:30 in London in July is 09:30 UTC."""
    due_at = NOON.replace(year=2027, month=7, day=1, hour=9, minute=30)
    with database.write(Scope.worker()) as session:
        made = a_texting_service(session)
        person = a_person(session, made, safety_checked_on=due_at.date())
        a_due_request(session, made, person, due_at=due_at, expires_at=due_at + timedelta(days=1))
    before = json.loads(run("run-due", "--now", "2027-07-01T10:29:59", "--json").stdout)
    after = json.loads(run("run-due", "--now", "2027-07-01T10:30:00", "--json").stdout)
    assert (before["sent"], after["sent"]) == (0, 1)


def test_a_made_up_time_is_refused_once_any_service_has_a_real_provider(run, service, database):
    with database.write(Scope.worker()) as session:
        session.execute(
            update(Service).where(Service.slug == "elsewhere").values(sms_provider="twilio")
        )
    result = run("run-due", "--now", "2026-11-18T12:00:00Z")
    assert result.exit_code == 2
    assert "simulated provider only" in result.output
    assert "twilio" in result.output
    assert json.loads(run("list", "--service", service, "--json").stdout) == []


@pytest.fixture
def jumped(app, clock, database):
    """The database's clock is two days on since the last pass; the host's has moved with it."""
    runtime = app.extensions["runtime"]
    app.extensions["runtime"] = replace(runtime, database_clock=clock)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="valley")
        account = an_account(session, (service, Role.ADMINISTRATOR), email="ada@example.org")
    run_due(app.extensions["runtime"])
    clock.move(days=2)
    return account.id


def test_after_a_jump_a_pass_does_nothing_and_says_what_to_do_until_somebody_confirms(
    run, app, clock, database, jumped
):
    refused = run("run-due")
    assert refused.exit_code == 1
    assert "a machine that stood still" in refused.output
    assert "messages confirm-clock --by EMAIL" in refused.output
    for nobody in ("nobody@example.org", ""):
        assert run("confirm-clock", "--by", nobody).exit_code == 1
    assert run("run-due").exit_code == 1
    done = run("confirm-clock", "--by", "Ada@example.org")
    assert done.exit_code == 0
    assert "2026-11-18 12:00" in done.output
    assert "2026-11-20 12:00" in done.output
    assert "stood still" in done.output
    assert run("run-due").exit_code == 0
    with database.read(Scope.worker()) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "confirm-clock")).one()
    assert row.account_id == jumped


def test_what_is_confirmed_is_the_database_s_instant_whatever_the_host_s_clock_says(
    run, app, clock, database, jumped
):
    theirs = clock.now + timedelta(days=400)
    app.extensions["runtime"] = replace(app.extensions["runtime"], clock=lambda: theirs)
    assert run("confirm-clock", "--by", "ada@example.org").exit_code == 0
    with database.read() as session:
        assert find_last_seen(session) == clock.now


def test_who_confirms_must_be_named_and_may_still_sign_in(run, database, jumped):
    assert run("confirm-clock").exit_code == 2
    with database.write(Scope.worker()) as session:
        session.get_one(StaffAccount, jumped).is_active = False
    assert run("confirm-clock", "--by", "ada@example.org").exit_code == 1


def test_a_pass_at_a_made_up_time_needs_nobody_s_word(run, jumped):
    assert run("run-due", "--now", "2027-03-01T10:00").exit_code == 0
    assert run("run-due").exit_code == 1
