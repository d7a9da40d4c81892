"""With the person: a star by keyboard, by tap and without script; the tablet there and back."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from tests.browsers import DESK, PHONE, LiveApp, axe_faults, sign_in
from tests.builders import a_case, a_programme, a_request, a_service
from tests.readings import ADULT_AREAS, record
from tests.staff import an_account
from tests.world import NOON

pytestmark = pytest.mark.browser

CASE = "/services/ours/cases/WM-1"
MOST_KEYS = 40


@pytest.fixture
def email(database) -> str:
    """A caseworker whose case was scored once, and is to be asked a self-assessment."""
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="ours", name="Our service")
        a_programme(session, service)
        snapshot_instruments(session, service, [("self-assessment", "1")], NOON)
        case = a_case(session, service, case_ref="WM-1", support_level="caseworker")
        a_request(session, case, wave="baseline", instruments=[["self-assessment", "1"]])
        account = an_account(session, (service, Role.CASEWORKER), (service, Role.MANAGER))
        record(session, case, account.id)
        return account.email


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)
        self.presses += 1

    def tab_to(self, selector: str) -> None:
        """Tab on until the focus is there."""
        while not self.page.evaluate("s => document.activeElement.matches(s)", selector):
            assert self.presses < MOST_KEYS, selector
            self.press("Tab")


def test_nine_areas_are_scored_by_keyboard_in_fewer_than_forty_presses(
    page: Page, live: LiveApp, email, database
):
    page.set_viewport_size(DESK)
    sign_in(page, live, email)
    page.goto(f"{live.url}{CASE}/readings/new?wave=closure")
    keyboard = Keyboard(page)
    keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.tab_to("[name=score-safety]")
    for key in "123456780":
        keyboard.press(key)
    keyboard.tab_to("button[value=record]")
    keyboard.press("Enter")
    expect(page.get_by_text("The reading is recorded.")).to_be_visible()
    assert keyboard.presses < MOST_KEYS
    with database.read(Scope.worker()) as session:
        kept = session.scalars(select(Response).order_by(Response.id.desc())).first()
        codes = {answer.item: answer.code for answer in _answers(session, kept)}
    steps = ("1", "2", "3", "4", "5", "6", "7", "8", "10")
    assert codes == dict(zip(ADULT_AREAS, steps, strict=True))


def _answers(session, response):
    session.refresh(response, ["answers"])
    return response.answers


def test_a_tap_on_the_star_scores_and_the_draft_is_there_after_a_reload(
    page: Page, live: LiveApp, email
):
    sign_in(page, live, email)
    page.goto(f"{live.url}{CASE}/readings/new?wave=review")
    mark = page.locator(".star__step[data-area=home][data-value='6']")
    box = mark.bounding_box()
    assert box is not None
    # A finger does not hit a mark: beside it is near enough.
    page.mouse.click(box["x"] + box["width"] + 2, box["y"] + box["height"] / 2)
    expect(page.locator("[data-meaning]")).to_contain_text("Home: 6")
    home = page.locator("details[data-area=home]")
    expect(home.locator("[data-now]")).to_have_text("6")
    expect(home.locator("input[data-step='6']")).to_be_checked()
    expect(page.locator("details[data-area=safety]")).not_to_have_attribute("open", "")
    home.get_by_text("Note, priority, action").click()
    home.get_by_label("Note", exact=True).fill("7 boxes to carry")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved at 12:00.")
    page.reload()
    expect(page.get_by_text("This is your draft")).to_be_visible()
    page.get_by_text("Home", exact=True).last.click()
    expect(home.get_by_label("Note", exact=True)).to_have_value("7 boxes to carry")
    page.get_by_role("button", name="Record the reading").click()
    expect(page.get_by_text("The reading is recorded.")).to_be_visible()


def test_without_script_every_step_is_there_to_choose(chromium: Browser, live: LiveApp, email):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live, email)
    page.goto(f"{live.url}{CASE}/readings/new?wave=closure")
    for area in ("safety", "self-belief"):
        page.locator(f"#score-{area}-3").check()
    page.get_by_role("button", name="Record the reading").click()
    expect(page.get_by_text("The reading is recorded.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Self-belief 3"))).to_be_visible()
    context.close()


def test_the_tablet_goes_to_the_person_and_comes_back(page: Page, live: LiveApp, email):
    sign_in(page, live, email)
    page.goto(f"{live.url}{CASE}/hand-over")
    page.get_by_label("Choose a PIN").fill("2580")
    page.get_by_role("button", name="Hand over now").click()
    page.get_by_role("button", name="Start").click()
    for _ in range(4):
        page.locator("#o5").check()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_role("link", name="Give the tablet back").first.click()
    expect(page.get_by_text("Please give the tablet back now.")).to_be_visible()
    assert axe_faults(page) == []
    for _ in range(12):
        page.go_back()
        expect(page.get_by_text("WM-1")).to_have_count(0)
    page.goto(f"{live.url}{CASE}/readings")
    expect(page.get_by_text("Please give the tablet back now.")).to_be_visible()
    page.get_by_label("PIN of the person").fill("2580")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", name="Hand over the tablet")).to_be_visible()
