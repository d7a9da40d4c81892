"""The browser fixtures reach the app."""

from playwright.sync_api import Page

from tests.browsers import LiveApp


def test_the_browser_reaches_the_app(page: Page, live: LiveApp):
    page.goto(live.url + "/healthz")
    assert "ok" in page.content()
