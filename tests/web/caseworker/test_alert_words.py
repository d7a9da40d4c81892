"""Wherever an alert is shown it says what was asked and answered, and by when it is due."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.requests import AlertKind
from survey_app.store.alerts import Alert
from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.links import a_link
from tests.staff import an_account, send, sign_in
from tests.usecases.respondent import Respondent

HOME = "/services/north"
SAFETY = "How safe do you feel at the moment? Not safe at all"
WISH = "Would you like someone to contact you? Yes"


@pytest.fixture
def alerts(database, client) -> dict[str, int]:
    """Somebody is not safe, asks to be contacted, and writes; a manager is signed in."""
    with database.write(Scope.worker()) as session:
        _, token = a_link(
            session,
            "self-assessment",
            "short-satisfaction",
            service={"slug": "north"},
            case={"case_ref": "WM-1"},
        )
        person = Respondent(session, token).begin()
        person.say("feeling-safe", "1")
        person.say("comment", "SECRET words")
        person.say("contact-me", "yes")
        account = an_account(session, (get_service(session, "north"), Role.MANAGER))
        found = {alert.kind: alert.id for alert in session.scalars(select(Alert))}
    sign_in(client, account.email)
    assert set(found) == {AlertKind.LOW_SAFETY, AlertKind.FREE_TEXT, AlertKind.CONTACT_WISH}
    return found


@pytest.mark.parametrize(
    "place",
    [
        "/alerts",
        "?whose=service",
        "?show=alerts&whose=service",
        "/overview",
        "/cases/WM-1",
        "/oversight/overdue/list?kind=alerts",
    ],
)
def test_lists_today_overview_and_timeline_say_it_in_words(client, alerts, place):
    page = client.get(HOME + place).text
    assert SAFETY in page
    assert WISH in page
    assert "SECRET" not in page


def test_low_safety_is_due_in_four_working_hours_and_says_the_time(client, alerts, database):
    with database.read(Scope.worker()) as session:
        due = session.get_one(Alert, alerts[AlertKind.LOW_SAFETY]).due_at
    assert due == datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
    assert "due by 18 November 2026, 16:00" in client.get(f"{HOME}?whose=service").text


def test_the_alert_itself_says_it_without_a_step_for_there_is_no_more_to_read(client, alerts):
    page = client.get(f"{HOME}/alerts/{alerts[AlertKind.LOW_SAFETY]}").text
    assert "<strong>How safe do you feel at the moment?</strong>" in page
    assert ">Not safe at all</blockquote>" in page
    assert "Show the answer" not in page
    assert ">1</blockquote>" not in page


def test_what_was_written_stays_behind_a_step_that_is_recorded(client, alerts, database):
    address = f"{HOME}/alerts/{alerts[AlertKind.FREE_TEXT]}"
    page = client.get(address).text
    assert "Is there anything else you would like to tell us?" in page
    assert "SECRET" not in page
    assert "SECRET words" in send(client, address, f"{address}/text").text
    with database.read(Scope.worker()) as session:
        assert "read-alert" in set(session.scalars(select(AuditRow.action)))


def test_a_wish_to_be_contacted_says_yes_and_asks_for_the_rest(client, alerts):
    address = f"{HOME}/alerts/{alerts[AlertKind.CONTACT_WISH]}"
    page = client.get(address).text
    assert ">Yes</blockquote>" in page
    assert "Show when and how" in page
    shown = send(client, address, f"{address}/text").text
    assert "They did not say when or how." in shown
    assert ">yes</blockquote>" not in shown
