"""Accounts in a real browser: invited, signed in with a second factor, and back at one's entry."""

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from tests.browsers import PHONE, LiveApp, looks_good, sign_in
from tests.staff import PASSWORD, an_account
from tests.staff_texts import a_text
from tests.texting import a_texting_service

pytestmark = pytest.mark.browser
NEW = "tuesday trombone lagoon"


@pytest.fixture
def service(database) -> Service:
    with database.write(Scope.worker()) as session:
        return a_texting_service(session, slug="ours", name="Our service")


@pytest.fixture
def manager(database, service) -> str:
    with database.write(Scope.worker()) as session:
        return an_account(session, (service, Role.MANAGER), name="Mina Rahman").email


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_somebody_is_invited_sets_up_their_phone_and_signs_in_with_it(
    page: Page, chromium: Browser, live: LiveApp, manager: str, clock
):
    sign_in(page, live, manager)
    page.goto(f"{live.url}/services/ours/users")
    looks_good(page)
    press(page, "Invite somebody")
    press(page, "Invite")
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one role")
    looks_good(page)
    page.get_by_label("Their e-mail address").fill("noor@example.org")
    page.get_by_label("Their name").fill("Noor Aziz")
    page.get_by_label("Caseworker").check()
    press(page, "Invite")
    looks_good(page)
    link = page.locator(".one-time-link").inner_text()
    page.get_by_role("link", name="I have passed it on").click()
    page.get_by_role("link", name="Noor Aziz").click()
    looks_good(page)

    context = chromium.new_context(viewport=PHONE)
    theirs = context.new_page()
    theirs.goto(link)
    theirs.get_by_label("New password").fill("password1234")
    theirs.get_by_label("The same password again").fill("password1234")
    press(theirs, "Set password")
    expect(theirs.get_by_role("alert")).to_contain_text("Many people use this")
    looks_good(theirs)
    theirs.get_by_label("New password").fill(NEW)
    theirs.get_by_label("The same password again").fill(NEW)
    press(theirs, "Set password")
    theirs.get_by_role("link", name="your account").click()
    looks_good(theirs)
    press(theirs, "Set up a second factor")
    looks_good(theirs)
    theirs.get_by_label("Password").fill(NEW)
    press(theirs, "Continue")
    expect(theirs.locator(".qr-box svg")).to_be_visible()
    theirs.get_by_text("I cannot scan it").click()
    secret = theirs.locator(".one-time-link").inner_text().replace(" ", "")
    looks_good(theirs)
    theirs.get_by_label("Six-digit code").fill(pyotp.TOTP(secret).at(clock.now))
    press(theirs, "Continue")
    expect(theirs.locator(".recovery-codes li")).to_have_count(10)
    looks_good(theirs)
    press(theirs, "I have kept them")
    looks_good(theirs)
    theirs.get_by_role("link", name="Change your password").click()
    looks_good(theirs)
    press(theirs, "Sign out")

    clock.move(minutes=2)
    theirs.get_by_label("E-mail address").fill("noor@example.org")
    theirs.get_by_label("Password").fill(NEW)
    press(theirs, "Sign in")
    theirs.get_by_label("Six-digit code").fill("nonsense")
    press(theirs, "Continue")
    expect(theirs.get_by_role("alert")).to_contain_text("not right")
    looks_good(theirs)
    theirs.get_by_label("Six-digit code").fill(pyotp.TOTP(secret).at(clock.now))
    press(theirs, "Continue")
    expect(theirs.get_by_role("button", name="Sign out")).to_be_visible()
    theirs.goto(link)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("This link no longer works")
    looks_good(theirs)
    context.close()


def test_a_form_left_open_overnight_comes_back_filled_in(
    page: Page, live: LiveApp, database, service, manager: str, clock
):
    with database.write(Scope.worker()) as session:
        a_text(session, service, case_ref="WM-1")
    sign_in(page, live, manager)
    page.goto(f"{live.url}/services/ours/cases/WM-1/safe-contact")
    asked = page.get_by_role("group", name="Are texts to this number safe?")
    asked.get_by_label("No", exact=True).check()
    page.get_by_label("How you checked this").fill("At a visit.")
    clock.move(hours=14)
    press(page, "Save")
    expect(page.get_by_text("Sign in, and you find what you had entered")).to_be_visible()
    page.get_by_label("E-mail address").fill(manager)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_text("This is not saved yet.")).to_be_visible()
    safe = page.get_by_role("group", name="Are texts to this number safe?")
    expect(safe.get_by_label("No", exact=True)).to_be_checked()
    expect(page.get_by_label("How you checked this")).to_have_value("At a visit.")
    looks_good(page)
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
