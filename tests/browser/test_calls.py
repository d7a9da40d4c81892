"""A morning on the phone, by keyboard alone: nobody answers, somebody does; axe finds nothing."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.calls import Call
from survey_app.store.database import Database
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from tests.browser.test_the_desk import tab_to
from tests.browsers import LiveApp, looks_good, sign_in
from tests.calls import a_call
from tests.staff import an_account
from tests.texting import a_number, a_texting_service

pytestmark = pytest.mark.browser


@pytest.fixture
def email(database: Database) -> str:
    """An interviewer with one person to ring now and one later."""
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours", name="Our service")
        person = a_number("123") | {"check_word": "amber heron"}
        a_call(session, service, "sus-tier-2", case={"case_ref": "OURS-1"}, person=person)
        thursdays = {"safe_days": "thu"}
        a_call(session, service, case={"case_ref": "OURS-2"}, person=thursdays)
        return an_account(session, (service, Role.INTERVIEWER)).email


def press(page: Page, role: str, name: str) -> None:
    """A link or a button, without a mouse."""
    tab_to(page, page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def choose(page: Page, question: str, option: str) -> None:
    """One answer to one question, without a mouse."""
    group = page.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
    group.get_by_role("radio").first.focus()
    for _ in range(group.get_by_role("radio").count()):
        here = group.get_by_role("radio", name=option, exact=True)
        if here.evaluate("radio => radio === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(here).to_be_checked()


def test_a_morning_on_the_phone(page: Page, live: LiveApp, database: Database, email: str, clock):
    sign_in(page, live, email)
    expect(page.get_by_role("heading", name="Calls")).to_be_visible()
    looks_good(page)
    press(page, "link", "OURS-2")
    expect(page.get_by_text("Do not ring yet: from 19 November 2026, 09:00")).to_be_visible()
    looks_good(page)
    press(page, "link", "All calls")
    press(page, "link", "OURS-1")
    press(page, "button", "Show the number")
    expect(page.get_by_role("link", name="+447700900123")).to_be_visible()
    looks_good(page)
    choose(page, "How did the call end?", "Nobody answered")
    press(page, "button", "Save how it ended")
    expect(page.get_by_text("Noted: nobody answered.")).to_be_visible()
    expect(page.get_by_text("1 call so far")).to_be_visible()

    clock.move(hours=1)
    sign_in(page, live, email)
    press(page, "link", "OURS-1")
    press(page, "button", "Show the number")
    choose(page, "8. ", "No")
    choose(page, "9. ", "Yes")
    press(page, "button", "Save the answers")
    fault = page.get_by_role("alert").get_by_role("link")
    expect(fault).to_contain_text("Question 9 is not asked after the other answers")
    looks_good(page)
    choose(page, "8. ", "Yes")
    press(page, "button", "Save the answers")
    expect(page.get_by_text("The answers are saved.")).to_be_visible()
    expect(page.get_by_text("OURS-1")).not_to_be_visible()
    with database.read(Scope.worker()) as session:
        outcomes = session.scalars(select(Call.outcome).order_by(Call.id)).all()
        assert outcomes == ["no-answer", "done"]
        assert session.scalars(select(Response.mode)).all() == ["phone"]
