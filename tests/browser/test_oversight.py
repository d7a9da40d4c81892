"""A manager's morning: an alert handled; coverage, overdue and gaps, each down to a case."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.database import Database
from survey_app.store.imports import ImportRun
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from tests.alerts import an_alert
from tests.browsers import DESK, LiveApp, looks_good, sign_in
from tests.builders import a_case, a_person
from tests.staff import an_account
from tests.world import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def email(database: Database) -> str:
    """A manager; alerts of every kind of haste, and a case with gaps in its record."""
    with database.write(Scope.worker()) as session:
        service = add_service(session, name="Our service", slug="ours", now=NOON)
        manager = an_account(session, (service, Role.MANAGER), name="Mina Hall")
        ada = an_account(session, (service, Role.CASEWORKER), name="Ada Byrne")
        known = {"arrived_on": NOON.date(), "support_level": "caseworker"}
        late = a_case(session, service, case_ref="WM-1", caseworker_id=ada.id, **known)
        an_alert(session, late, due_at=NOON - timedelta(hours=3), text="Please ring me.")
        an_alert(session, a_case(session, service, case_ref="WM-2"), is_urgent=True)
        person = a_person(session, service, sex="declined", number_kind="invalid")
        a_case(session, service, person, case_ref="WM-3", flags=None, created_at=NOON)
        session.add(
            ImportRun(
                service_id=service.id, kind="cases", file_name="in.csv", started_at=NOON, counts={}
            )
        )
        return manager.email


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def test_a_managers_morning(page: Page, live: LiveApp, email, database):
    sign_in(page, live, email)
    handle_an_alert(page)
    with database.read(Scope.worker()) as session:
        actions = select(AuditRow.action).where(AuditRow.subject == "alert").order_by(AuditRow.id)
        done = list(session.scalars(actions))
    assert done == ["read-alert", "claim-alert", "note-alert", "close-alert"]
    look_after_the_team(page)
    find_a_gap(page)


def handle_an_alert(page: Page) -> None:
    page.set_viewport_size(DESK)
    expect(page.locator(".nav-count")).to_contain_text("2")
    follow(page, re.compile("^Alerts"))
    expect(page.locator(".rows .row").nth(0)).to_contain_text("3 hours overdue")
    expect(page.locator(".rows .row").nth(1)).to_contain_text("urgent")
    looks_good(page)
    follow(page, "WM-1")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_text("Please ring me.")).to_be_visible()
    page.get_by_role("button", name="Take this alert").click()
    expect(page.get_by_text("You have taken this alert.")).to_be_visible()
    page.get_by_label("Add a note").fill("Rang at ten, no answer.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Rang at ten, no answer.")).to_be_visible()
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_role("link", name="Choose what came of it.")).to_be_visible()
    looks_good(page)
    page.get_by_label("Spoke with the person").check()
    page.get_by_label("What was done").fill("Rang at noon, all well.")
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_text("The alert is closed.")).to_be_visible()
    follow(page, re.compile("^Nobody’s yet"))
    expect(page.locator(".rows .row")).to_have_count(1)
    follow(page, "Closed")
    expect(page.locator(".rows .row").nth(0)).to_contain_text("Spoke with the person")


def look_after_the_team(page: Page) -> None:
    follow(page, "Oversight")
    expect(page.get_by_role("row").nth(1)).to_contain_text("The whole service")
    expect(page.get_by_role("row").nth(1)).to_contain_text("of 3")
    looks_good(page)
    page.get_by_label("Readings").select_option(label="Star readings: any area")
    page.get_by_role("button", name="Show").click()
    follow(page, re.compile("None of these, Ada Byrne"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Open now, Ada Byrne")
    expect(page.locator(".rows .row")).to_have_count(1)
    looks_good(page)
    follow(page, "Back to the table")
    follow(page, "Due and overdue")
    looks_good(page)
    follow(page, re.compile("First readings, Ada Byrne"))
    expect(page.locator(".rows .row")).to_contain_text("WM-1")
    follow(page, "Due and overdue")


def find_a_gap(page: Page) -> None:
    follow(page, "Data quality")
    looks_good(page)
    follow(page, "Flags, or that there are none")
    expect(page.get_by_text("By file")).to_be_visible()
    follow(page, re.compile("Not recorded, in.csv"))
    expect(page.locator(".rows .row")).to_have_count(1)
    follow(page, "WM-3")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case WM-3")
