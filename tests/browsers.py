"""A real Chromium against the real app, served on loopback; skipped by name where there is none."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store.database import Database
from tests.staff import PASSWORD
from tests.world import TEST_KEYS, SetClock

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 740}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    # Only faults are told, and our pages have neither frames nor styles of other hosts.
    "resultTypes": ["violations"],
    "iframes": False,
    "preload": False,
    # A fault is found by its element's own words; working out a path to each takes a fifth longer.
    "selectors": False,
}
RUN_AXE = """async options => (await axe.run(options)).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`)
)"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser per test worker."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: install Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh phone: 360 px wide, no cookies. Fails the test when a page logs an error."""
    context = chromium.new_context(viewport=PHONE, locale="en-GB", timezone_id="Europe/London")
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and "the server responded with a status" not in message.text
            else None
        ),
    )
    yield page
    context.close()
    assert faults == []


class LiveApp:
    """The app under test and the address that it answers on."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app, self.url = app, url


@pytest.fixture
def live(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[LiveApp]:
    """The whole app on a free port, on the test's database and clock."""
    holder: list[Flask] = []

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        return holder[0](environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(
        keys=TEST_KEYS,
        database_url=database.url.render_as_string(hide_password=False),
        data_dir=tmp_path,
        base_url=url,
    )
    holder.append(create_app(settings, clock))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield LiveApp(holder[0], url)
    server.shutdown()
    thread.join()
    server.server_close()
    holder[0].extensions["runtime"].database.close()


def sign_in(page: Page, live: LiveApp, email: str) -> None:
    """Sign in as a member of staff made by `tests.staff.an_account`."""
    page.goto(live.url)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def axe_faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one readable line each; empty when clean."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN_AXE, WCAG)
    return found


def looks_good(page: Page) -> None:
    """The page in sight, all its parts opened: axe finds nothing on a small phone, and neither
    there nor on a larger one or a desk does anything stand out sideways."""
    page.set_viewport_size(NARROW)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert axe_faults(page) == [], page.url
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], (page.url, width)
