"""From right to left in a real browser without script; all pages: `test_every_phone_page`."""

import pytest
from playwright.sync_api import Page, expect

from survey_app.store.catalogues import Catalogues
from tests.browser.conftest import Open
from tests.browsers import NARROW
from tests.catalogues import SHIPPED, CatalogueFolder, complete

pytestmark = pytest.mark.browser


def press_first(page: Page) -> None:
    """Press the page's main button, whatever its language, and stand on the page that follows."""
    with page.expect_navigation():
        page.locator("main form button").first.click()


def test_from_right_to_left_without_script(
    plain_page: Page, address: Open, catalogue_folder: CatalogueFolder
):
    complete(catalogue_folder, Catalogues(SHIPPED), "ur")
    catalogue_folder.read_again()
    page, url = plain_page, address(service={"draft_languages": ["ur"]})
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(url)
    page.get_by_role("link", name="اردو").click()
    press_first(page)
    codes = [ring.get_attribute("value") for ring in page.get_by_role("radio").all()]
    assert codes[:2] == ["very-satisfied", "satisfied"]
    page.get_by_role("radio").first.check()
    press_first(page)
    expect(page).to_have_url(f"{url}/2")
    expect(page.locator("html")).to_have_attribute("lang", "ur")
