"""What a browser shows does not depend on the database: its walks run on SQLite alone.

Journeys (`tests/journeys`) drive a browser on both.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.browsers import PHONE, LiveApp
from tests.links import a_link

Open = Callable[..., str]


@pytest.fixture
def database_kind() -> str:
    """The one database of these walks."""
    return "sqlite"


@pytest.fixture
def address(live: LiveApp, database: Database) -> Open:
    """Make a link and give its whole address."""

    def make(*keys: str, **facts: Any) -> str:
        service = {"quick_exit_url": f"{live.url}/healthz"} | facts.pop("service", {})
        with database.write(Scope.worker()) as session:
            _, token = a_link(session, *keys, service=service, **facts)
        return f"{live.url}/s/{token}"

    return make


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A phone with scripts off."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    """Press the button of this name, and stand on the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
