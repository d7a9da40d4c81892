"""The next question in reply to an answer: Back and reload never send a form again."""

from playwright.sync_api import Dialog, Page, Request, expect
from sqlalchemy import select

from survey_app.store.database import Database
from survey_app.store.responses import Answer
from survey_app.store.scope import Scope
from tests.browsers import LiveApp
from tests.links import a_link


def press(page: Page, name: str) -> None:
    """Press the button of this name, and stand on the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_each_page_has_its_own_address_and_no_form_is_sent_twice(
    page: Page, live: LiveApp, database: Database
):
    with database.write(Scope.worker()) as session:
        _, token = a_link(session)
    base = f"{live.url}/s/{token}"
    sent: list[str] = []
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "document":
            sent.append(f"{request.method} {request.url.removeprefix(base) or '/'}")

    def send_again(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("request", note)
    page.on("dialog", send_again)
    page.goto(base)
    press(page, "Start")
    page.get_by_label("Very satisfied", exact=True).check()
    press(page, "Continue")
    expect(page).to_have_url(f"{base}/2")
    assert sent == ["GET /", "POST /", "POST /1"]
    page.reload()
    expect(page).to_have_url(f"{base}/2")
    page.go_back()
    expect(page).to_have_url(f"{base}/1")
    expect(page.get_by_text("You have answered this.")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(base)
    page.go_forward()
    page.get_by_label("Neither", exact=False).first.check()
    press(page, "Continue")
    expect(page).to_have_url(f"{base}/2")
    assert [each for each in sent if each.startswith("POST")] == ["POST /", "POST /1", "POST /1"]
    assert asked == []
    with database.look(Scope.worker()) as session:
        assert session.scalars(select(Answer.code)).all() == ["neither"]
