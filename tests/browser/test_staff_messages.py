"""A number marked unsafe between queueing and sending gets no text; the pages around it hold up."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.requests import A_PERSON_DECIDES, MessageState
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.invite import invite_due
from survey_app.usecases.run_due import run_due
from tests.browsers import DESK, NARROW, PHONE, LiveApp, axe_faults
from tests.messaging.queued import SETTINGS
from tests.staff import PASSWORD, an_account
from tests.staff_texts import a_text
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def emails(database) -> dict[Role, str]:
    """A live service in which two people have a text queued, and somebody of each role."""
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours", name="Our service")
        for case_ref in ("WM-1", "WM-2"):
            a_due_request(session, service, case={"case_ref": case_ref})
        assert invite_due(session, SETTINGS, NOON).queued == 2
        return {role: an_account(session, (service, role)).email for role in Role}


def sign_in(page: Page, live: LiveApp, email: str) -> None:
    page.goto(live.url)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def runtime_of(live: LiveApp) -> Runtime:
    found = live.app.extensions["runtime"]
    assert isinstance(found, Runtime)
    return found


def test_a_number_marked_unsafe_between_queueing_and_sending_gets_no_text(
    page: Page, live: LiveApp, emails, database
):
    sign_in(page, live, emails[Role.CASEWORKER])
    page.goto(live.url + "/services/ours/messages?show=waiting")
    page.get_by_role("link", name="WM-1").click()
    page.get_by_role("link", name="Safe contact").click()
    expect(page.get_by_text("Yes.", exact=False).first).to_be_visible()
    page.get_by_role("group", name="Are texts to this number safe?").get_by_label(
        "No", exact=True
    ).check()
    page.get_by_label("How you checked this").fill("She rang.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No. Texts to this number are not safe.")).to_be_visible()
    counts = run_due(runtime_of(live)).as_json()
    assert counts["sent"] == 1
    with database.read(Scope.worker()) as session:
        states = session.execute(
            select(OutboxMessage.state, OutboxMessage.attempts).order_by(OutboxMessage.id)
        ).all()
        assert len(session.scalars(select(SimulatedText)).all()) == 1
    assert states == [(MessageState.CANCELLED, 0), (MessageState.DELIVERED, 1)]
    page.goto(live.url + "/services/ours/messages?show=refused")
    expect(page.locator(".row", has_text="WM-1")).to_contain_text(
        "Texts to this number are not safe."
    )


def test_the_word_that_a_person_chooses_stands_in_the_text_that_comes(
    page: Page, live: LiveApp, emails, database
):
    sign_in(page, live, emails[Role.CASEWORKER])
    page.goto(live.url + "/services/ours/cases/WM-1/expected-text")
    page.get_by_label("The word that the person chooses").fill("maple")
    page.get_by_role("button", name="Save the word").click()
    shown = page.locator(".phone-text__body").first
    expect(shown).to_contain_text("Your word is maple.")
    card = shown.inner_text()
    run_due(runtime_of(live))
    with database.read(Scope.worker()) as session:
        bodies = session.scalars(select(SimulatedText.body).order_by(SimulatedText.id)).all()
    [body] = [body for body in bodies if "maple" in body]
    start, end = card.split("x" * 12)
    assert body.startswith(start)
    assert body.endswith(end)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Save the word")).to_be_hidden()
    expect(page.get_by_text("WM-1")).to_be_hidden()
    expect(shown).to_be_visible()


def test_a_manager_lets_a_shadow_send_once_it_was_looked_at(
    page: Page, live: LiveApp, emails, database
):
    sign_in(page, live, emails[Role.MANAGER])
    page.goto(live.url + "/services/ours/sending")
    page.get_by_label("Why pause").fill("Too early.")
    page.get_by_role("button", name="Pause this service").click()
    assert run_due(runtime_of(live)).as_json()["sent"] == 0
    expect(page.get_by_text("2 texts were due and allowed")).to_be_visible()
    page.get_by_label("Why now").fill("Signed off.")
    page.get_by_role("button", name="Let this service send").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Confirm that you have looked at it.")
    expect(alert).to_contain_text("Choose what becomes of those who waited.")
    assert axe_faults(page) == []
    page.get_by_label("I have looked at who").check()
    page.get_by_label("Send to them").check()
    page.get_by_role("button", name="Let this service send").click()
    expect(page.get_by_text("The service is live")).to_be_visible()
    expect(page.get_by_role("list", name="What was changed")).to_contain_text("Signed off.")
    assert run_due(runtime_of(live)).as_json()["sent"] == 2
    page.goto(live.url + "/services/pause-everything")
    assert axe_faults(page) == []
    page.get_by_label("Why pause everything").fill("An incident.")
    page.get_by_role("button", name="Pause everything now").click()
    expect(page.get_by_text("No further text leaves")).to_be_visible()


def test_every_page_is_accessible_and_fits_a_narrow_phone(
    page: Page, live: LiveApp, emails, database
):
    with database.write(Scope.worker()) as session:
        doubtful = a_text(
            session, get_service(session, "ours"), MessageState.UNKNOWN, reason=A_PERSON_DECIDES
        )
    sign_in(page, live, emails[Role.MANAGER])
    places = [
        "/messages",
        "/messages?show=undecided",
        f"/messages/{doubtful.request_id}",
        "/cases/WM-1/safe-contact",
        "/cases/WM-1/expected-text",
        "/sending",
    ]
    for size in (NARROW, PHONE, DESK):
        page.set_viewport_size(size)
        for place in places:
            page.goto(f"{live.url}/services/ours{place}")
            for summary in page.locator("summary").all():
                summary.click()
            assert axe_faults(page) == [], place
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], (place, width)
