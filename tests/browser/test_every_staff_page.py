"""Every page that staff open: axe finds nothing, and nothing is wider than the screen."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.web.commissioner.pages.registry import PAGES as FIGURES
from tests.browsers import NARROW, LiveApp, looks_good, sign_in
from tests.staff_ground import PAGES, Ground, addresses, build_ground, staff_pages

pytestmark = pytest.mark.browser


@pytest.fixture
def ground(database: Database) -> Ground:
    """A service in which every page has something to show."""
    with database.write(Scope.worker()) as session:
        return build_ground(session)


def look(page: Page, address: str) -> None:
    """Opened on a small phone first: charts follow a wider window only after a while."""
    page.set_viewport_size(NARROW)
    answer = page.goto(address, timeout=30_000)
    assert answer is not None
    assert answer.status == 200, address
    looks_good(page)


def test_every_page_that_staff_open_is_in_the_table(app: Flask):
    assert {rule.endpoint for rule in staff_pages(app)} == set(PAGES)


@pytest.mark.parametrize("part", range(4))
def test_every_staff_page_is_accessible_and_fits(page: Page, live: LiveApp, ground, part: int):
    sign_in(page, live, ground.emails[Role.MANAGER])
    endpoints = sorted(addresses(live.app, ground))[part::4]
    for endpoint in endpoints:
        for address in addresses(live.app, ground)[endpoint]:
            look(page, live.url + address)


def test_every_published_figure_is_accessible_and_fits(page: Page, live: LiveApp, ground):
    sign_in(page, live, ground.emails[Role.COMMISSIONER])
    for name in FIGURES:
        look(page, f"{live.url}/services/ours/figures/2026-Q2/{name}")


def test_pages_before_signing_in_are_accessible_and_fit(page: Page, live: LiveApp):
    for address in ("/sign-in", "/account/link/no-such-link"):
        page.goto(live.url + address)
        looks_good(page)
