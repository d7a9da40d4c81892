"""Two people bring a trial from its draft to its end, on a narrow phone and by keyboard."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.run_due import run_due
from tests.browsers import DESK, NARROW, PHONE, LiveApp, axe_faults, sign_in
from tests.staff import an_account
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("TRIAL_PICTURES")


@pytest.fixture
def database_kind() -> str:
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
def emails(database) -> list[str]:
    with database.write(Scope.worker()) as session:
        service = a_texting_service(
            session, slug="ours", name="Our service", draft_languages=["cy", "ur"]
        )
        roles = (Role.MANAGER, Role.ADMINISTRATOR)
        return [an_account(session, (service, role)).email for role in roles]


def looked_at(page: Page, name: str) -> None:
    """Clean by axe, and no wider than the narrowest phone."""
    for size in (DESK, PHONE, NARROW):
        page.set_viewport_size(size)
        if PICTURES:
            picture = Path(PICTURES) / f"{name}-{size['width']}.png"
            page.screenshot(path=str(picture), full_page=True)
    assert axe_faults(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"], name


def test_two_people_bring_a_trial_from_its_draft_to_its_end(
    page: Page, live: LiveApp, emails, database
):
    sign_in(page, live, emails[0])
    page.goto(live.url + "/services/ours/sending")
    page.get_by_role("link", name="Try two wordings or send times").click()
    looked_at(page, "list")
    page.get_by_role("button", name="Draft a trial").click()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what is tried.")
    looked_at(page, "new")
    page.get_by_label("Two wordings of the first text").focus()
    page.keyboard.press("Space")
    page.get_by_label("With how many people").fill("40")
    page.get_by_label("Last day").fill("2027-03-31")
    page.get_by_label("Why try this").fill("Few answer.")
    page.keyboard.press("Enter")
    expect(
        page.get_by_text("another manager or an administrator has to approve it")
    ).to_be_visible()
    address = page.url
    looked_at(page, "drafted")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, live, emails[1])
    page.goto(address)
    for label, button in (("Why it may be tried", "Approve"), ("Why now", "Start")):
        page.get_by_label(label).fill("Both are neutral.")
        page.get_by_role("button", name=f"{button} this trial").click()
    expect(page.get_by_text("Nobody is in it yet.")).to_be_visible()
    with database.write(Scope.worker()) as session:
        service = get_service(session, "ours")
        for _ in range(30):
            a_due_request(session, service)
        a_due_request(session, service, case={"flags": "high-risk"})
    run_due(live.app.extensions["runtime"], NOON)
    page.reload()
    expect(page.get_by_text("30 of 40 people planned are in")).to_be_visible()
    expect(page.get_by_text("A flag, or a crime that counts as one")).to_be_visible()
    looked_at(page, "running")
    page.get_by_label("Why end it").fill("Enough.")
    page.get_by_role("button", name="End this trial").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what becomes of them.")
    page.get_by_label("They keep the wording that their card shows").check()
    page.get_by_role("button", name="End this trial").click()
    expect(page.get_by_text("It was ended before its plan was")).to_be_visible()
    looked_at(page, "ended")
