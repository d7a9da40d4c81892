"""Staff pages in a real browser: keyboard, charts, publishing, without script, on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.domain.cases import Role
from survey_app.store.publications import Publication
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from tests.alerts import an_alert
from tests.browsers import DESK, NARROW, PHONE, LiveApp, axe_faults, sign_in
from tests.builders import a_case
from tests.reports import a_report
from tests.staff import PASSWORD, an_account
from tests.world import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def emails(database) -> dict[Role, str]:
    """A service with a published quarter, an alert, and somebody in every role."""
    with database.write(Scope.worker()) as session:
        service = add_service(session, name="Our service", slug="ours", now=NOON)
        for _n in range(7):
            a_case(session, service, closed_on=NOON.date().replace(month=8))
        an_alert(session, a_case(session, service, case_ref="WM-1"), text="They listened.")
        accounts = {role: an_account(session, (service, role)) for role in Role}
        session.add(
            Publication(
                service_id=service.id,
                period="2026-Q2",
                published_at=NOON,
                published_by_id=accounts[Role.MANAGER].id,
                report=a_report(audience="commissioner"),
            )
        )
        return {role: account.email for role, account in accounts.items()}


def test_signing_in_and_out_needs_no_mouse(page: Page, live: LiveApp, emails):
    page.goto(live.url)
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(emails[Role.MANAGER])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_is_said_where_a_screen_reader_hears_it(page: Page, live: LiveApp, emails):
    page.goto(live.url)
    page.get_by_label("E-mail address").fill(emails[Role.MANAGER])
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    assert axe_faults(page) == []


def test_the_commissioner_sees_charts_of_what_was_published(page: Page, live: LiveApp, emails):
    sign_in(page, live, emails[Role.COMMISSIONER])
    page.get_by_role("link", name="Q2 2026/27").click()
    expect(page.locator(".figure-chart .main-svg").first).to_be_visible()
    expect(page.get_by_text("105 of 112, likely 88 to 97 %").first).to_be_visible()
    page.get_by_role("link", name="Satisfaction", exact=True).click()
    expect(page.locator(".figure-chart .main-svg").first).to_be_visible()
    assert page.locator(".figure-chart:has(.main-svg)").count() == 3
    assert page.locator(".chart__still:visible").count() == 0
    expect(page.get_by_text("94 % of 112").first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Picture (PNG)").first.click()
    picture = saved.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000
    page.emulate_media(media="print")
    assert page.locator(".chart__still:visible").count() == 3
    assert page.locator(".figure-chart:visible").count() == 0
    page.emulate_media(media="screen")
    assert (
        page.locator("tr", has_text="Satisfied or very satisfied")
        .nth(1)
        .inner_text()
        .count("105 of 112")
    )


def test_figures_are_complete_without_script(chromium: Browser, live: LiveApp, emails):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live, emails[Role.COMMISSIONER])
    page.goto(live.url + "/services/ours/figures/2026-Q2/satisfaction")
    assert page.locator(".chart__still svg:visible").count() == 3
    expect(page.get_by_text("105 of 112, likely 88 to 97 %").first).to_be_visible()
    context.close()


def test_a_manager_publishes_and_the_commissioner_sees_it(
    page: Page, chromium: Browser, live: LiveApp, emails
):
    sign_in(page, live, emails[Role.MANAGER])
    page.goto(live.url + "/services/ours/publish/2026-Q2")
    fold = page.locator("details.block", has_text="From support to a completed survey")
    expect(fold.locator(".main-svg").first).to_be_hidden()
    fold.locator("summary").click()
    fold_width = fold.evaluate("element => element.clientWidth")
    page.wait_for_function(
        "width => document.querySelector('details[open] .main-svg').clientWidth <= width",
        arg=fold_width,
    )
    expect(fold.locator(".main-svg").first).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_label("Why now").fill("late answers")
    page.get_by_label("I have read these figures").check()
    page.get_by_role("button", name="Publish Q2 2026/27").click()
    expect(page.get_by_text("Q2 2026/27 is published.")).to_be_visible()
    context = chromium.new_context(viewport=DESK)
    other = context.new_page()
    sign_in(other, live, emails[Role.COMMISSIONER])
    other.goto(live.url + "/services/ours/figures/2026-Q2/reach")
    expect(other.get_by_text("Of 7 people supported")).to_be_visible()
    context.close()


def test_an_alert_is_read_taken_and_closed(page: Page, live: LiveApp, emails):
    sign_in(page, live, emails[Role.CASEWORKER])
    page.get_by_role("link", name="Open the alert").click()
    expect(page.get_by_text("They listened.")).to_have_count(0)
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_text("They listened.")).to_be_visible()
    page.get_by_role("button", name="Take this alert").click()
    page.get_by_label("Spoke with the person").check()
    page.get_by_label("What was done").fill("Called back.")
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()


def test_the_menu_is_whole_without_script_on_a_small_phone(
    chromium: Browser, live: LiveApp, emails
):
    context = chromium.new_context(viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live, emails[Role.MANAGER])
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("link", name="Languages", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Languages")
    current = page.locator("[aria-current]")
    expect(current).to_have_text(["Settings", "Languages"])
    context.close()
