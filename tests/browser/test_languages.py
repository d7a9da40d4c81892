"""Each language in a real browser: the first page, a question, right to left, without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.domain.languages import get_language
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.browsers import NARROW, LiveApp, axe_faults
from tests.links import a_link

pytestmark = pytest.mark.browser


@pytest.fixture
def address(live: LiveApp, database: Database, all_languages: list[str]) -> str:
    """A link of a service that offers every language."""
    with database.write(Scope.worker()) as session:
        _, token = a_link(session, service={"draft_languages": all_languages})
    return f"{live.url}/s/{token}"


def press_first(page: Page) -> None:
    """Press the page's main button, whatever its language, and stand on the page that follows."""
    with page.expect_navigation():
        page.locator("main form button").first.click()


def test_every_language_is_accessible_and_fits_a_narrow_phone(
    page: Page, address: str, all_languages: list[str]
):
    page.set_viewport_size(NARROW)
    page.goto(address)
    for tag in all_languages:
        language = get_language(tag)
        if page.locator(f'.languages a[lang="{tag}"]').count():
            page.locator(f'.languages a[lang="{tag}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", tag)
        assert (tag, axe_faults(page)) == (tag, [])
        press_first(page)
        expect(page.locator("html")).to_have_attribute("dir", language.direction)
        assert (tag, axe_faults(page)) == (tag, [])
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
        ring = page.locator(".govuk-radios__input").first.bounding_box()
        assert ring is not None
        assert (ring["x"] > NARROW["width"] / 2) is (language.direction == "rtl")
        page.goto(address)


def test_from_right_to_left_without_script(chromium: Browser, address: str):
    context = chromium.new_context(viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="اردو").click()
    press_first(page)
    codes = [ring.get_attribute("value") for ring in page.get_by_role("radio").all()]
    assert codes[:2] == ["very-satisfied", "satisfied"]
    page.get_by_role("radio").first.check()
    press_first(page)
    expect(page).to_have_url(f"{address}/2")
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    context.close()
