"""From a reference to a planned text, by keyboard alone; nothing for axe to find on the way."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from tests.alerts import an_alert
from tests.browsers import LiveApp, looks_good, sign_in
from tests.builders import a_case, a_person
from tests.staff import an_account
from tests.world import NOON

pytestmark = pytest.mark.browser
HOME = "/services/ours"


@pytest.fixture
def email(database: Database) -> str:
    """A caseworker with something due, and a case closely supported that may be closed."""
    with database.write(Scope.worker()) as session:
        service = add_service(session, name="Our service", slug="ours", now=NOON)
        account = an_account(session, (service, Role.CASEWORKER))
        mine = {"caseworker_id": account.id, "arrived_on": NOON.date()}
        a_case(session, service, case_ref="WM-1", support_level="caseworker", **mine)
        stale = a_person(session, service, safety_checked_on=NOON.date() - timedelta(days=100))
        an_alert(session, a_case(session, service, stale, case_ref="WM-2", **mine))
        return account.email


def tab_to(page: Page, target: Locator) -> None:
    """Reach it as somebody without a mouse does."""
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)
    page.keyboard.press("Enter")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def test_search_a_case_add_a_delivery_close_it_and_the_text_is_planned(
    page: Page, live: LiveApp, email, database
):
    sign_in(page, live, email)
    expect(heading(page)).to_contain_text("Today")
    expect(page.locator(".due")).to_have_count(3)
    looks_good(page)
    tab_to(page, page.get_by_label("Find a case by its reference"))
    page.keyboard.type("wm-1")
    page.keyboard.press("Enter")
    expect(heading(page)).to_contain_text("Case WM-1")
    looks_good(page)
    press(page, "button", "Add a delivery")
    tab_to(page, page.get_by_label("What was done"))
    page.keyboard.type("Session")
    press(page, "button", "Add")
    expect(page.get_by_text("3 deliveries count for the tier.")).to_be_visible()
    looks_good(page)
    page.goto(f"{live.url}{HOME}/cases/WM-1/close")
    looks_good(page)
    tab_to(page, page.get_by_label("Support completed"))
    page.keyboard.press("Space")
    press(page, "button", "See what will follow")
    expect(heading(page)).to_contain_text("What will follow")
    expect(page.get_by_text("The last reading is missing.")).to_be_visible()
    expect(page.get_by_text("Text: yes, from 21 November 2026, 09:00.")).to_be_visible()
    looks_good(page)
    press(page, "button", "Close the case")
    expect(page.get_by_text("The case is closed. It stays counted.")).to_be_visible()
    planned_event = page.locator(".event__title", has_text="End of support: to be asked")
    expect(planned_event).to_contain_text("not asked yet")
    looks_good(page)
    with database.read(Scope.worker()) as session:
        [planned] = session.scalars(select(SurveyRequest)).all()
    assert (planned.wave, planned.tier, planned.channel) == ("closure", "3", "sms")
