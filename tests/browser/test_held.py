"""From Today to a decision about whoever is held, by keyboard alone on a small phone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from tests.browsers import NARROW, LiveApp, looks_good, sign_in
from tests.builders import a_case, a_hold, a_person
from tests.staff import an_account
from tests.texting import a_number
from tests.world import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def held(database: Database) -> tuple[str, int]:
    """Their caseworker's address, and whoever is held."""
    with database.write(Scope.worker()) as session:
        service = add_service(session, name="Our service", slug="ours", now=NOON)
        account = an_account(session, (service, Role.CASEWORKER))
        person = a_person(session, service, **a_number("145"))
        case = a_case(session, service, person, case_ref="H-1", caseworker_id=account.id)
        a_hold(session, case)
        return account.email, person.id


def tab_to(page: Page, target: Locator) -> None:
    """Reach it as somebody without a mouse does."""
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


def press(page: Page, role: str, name: str) -> None:
    tab_to(page, page.get_by_role(role, name=name).first)
    page.keyboard.press("Enter")


def test_who_is_held_is_found_on_today_and_decided_by_keyboard(
    page: Page, live: LiveApp, held, database
):
    email, person_id = held
    sign_in(page, live, email)
    page.set_viewport_size(NARROW)
    press(page, "link", "Decide for case H-1")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("The facts contradict")
    press(page, "button", "This is right: end the hold")
    expect(page.get_by_role("alert")).to_contain_text("Choose the number that is theirs.")
    looks_good(page)
    page.set_viewport_size(NARROW)
    press(page, "link", "Choose the number that is theirs.")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("07700 900146")).to_be_checked()
    tab_to(page, page.get_by_label("How do you know?"))
    page.keyboard.type("Asked her at the visit.")
    press(page, "button", "This is right: end the hold")
    expect(heading).to_contain_text("Case H-1")
    expect(page.get_by_role("alert")).to_contain_text("confirm safe contact")
    with database.read(Scope.worker()) as session:
        assert session.get_one(Person, person_id).mobile == "+447700900146"
    page.goto(f"{live.url}/services/ours/held/H-1")
    expect(heading).to_contain_text("Nobody is held")
    looks_good(page)
