"""Double taps, Back, two tabs, a night, lost signal, two phones, a late post: as browsers do them.

Each has one defined end; what is stored for each is tested closer by in `tests/web/victim`.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select

from survey_app.store.database import Database
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from tests.browser.conftest import Open, press
from tests.browsers import PHONE
from tests.world import SetClock

pytestmark = pytest.mark.browser

Kept = Callable[[], dict[str, str]]


@pytest.fixture
def kept(database: Database) -> Kept:
    """What is stored, by item, once it is sure that nothing was counted twice."""

    def read() -> dict[str, str]:
        with database.read(Scope.worker()) as session:
            rows = session.execute(select(Answer.item, Answer.code)).all()
            assert session.scalar(select(func.count(Response.id))) == 1
        found: dict[str, str] = dict(rows)  # type: ignore[arg-type]
        assert len(found) == len(rows)
        return found

    return read


@pytest.fixture
def other_page(chromium: Browser) -> Iterator[Page]:
    """Somebody else's phone."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def begin(page: Page, url: str) -> None:
    """Open the link and press start."""
    page.goto(url)
    press(page, "Start")


def answer(page: Page, text: str) -> None:
    """Choose this and continue."""
    page.get_by_label(text, exact=True).check()
    press(page, "Continue")


def test_a_double_tap_without_script_is_one_answer(plain_page: Page, address: Open, kept: Kept):
    url = address()
    begin(plain_page, url)
    plain_page.get_by_label("Satisfied", exact=True).check()
    plain_page.get_by_role("button", name="Continue").dblclick()
    plain_page.wait_for_url(f"{url}/2")
    assert kept() == {"satisfied": "satisfied"}
    assert plain_page.get_by_role("alert").count() == 0


def test_back_shows_the_question_blank_and_a_changed_answer_is_kept(
    page: Page, address: Open, kept: Kept
):
    url = address()
    begin(page, url)
    answer(page, "Satisfied")
    answer(page, "Yes")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(f"{url}/1")
    # Browsers remember what was filled in: nobody who goes back on a shared phone shall see it.
    assert page.locator("input:checked").count() == 0
    answer(page, "Not satisfied")
    expect(page).to_have_url(f"{url}/3")
    assert kept() == {"satisfied": "dissatisfied", "use-again": "yes"}
    page.goto(f"{url}/4")
    page.get_by_role("textbox").fill("They were kind.")
    press(page, "Continue")
    page.go_back()
    expect(page.get_by_role("textbox")).to_have_value("")


def test_each_of_two_tabs_answers_its_own_question(page: Page, address: Open, kept: Kept):
    url = address()
    begin(page, url)
    other_tab = page.context.new_page()
    other_tab.goto(f"{url}/1")
    answer(page, "Satisfied")
    answer(page, "Yes")
    answer(other_tab, "Not satisfied")
    expect(other_tab).to_have_url(f"{url}/3")
    answer(page, "No")
    assert kept() == {"satisfied": "dissatisfied", "use-again": "yes", "recommend": "no"}


def test_a_page_left_overnight_still_answers(
    page: Page, address: Open, kept: Kept, clock: SetClock
):
    url = address()
    begin(page, url)
    page.get_by_label("Satisfied", exact=True).check()
    clock.move(hours=14)
    press(page, "Continue")
    expect(page).to_have_url(f"{url}/2")
    assert kept() == {"satisfied": "satisfied"}


def lose_the_reply(route: Route) -> None:
    """What was sent arrives; what comes back does not."""
    if route.request.method == "POST":
        route.fetch(max_redirects=0)
        route.abort("internetdisconnected")
    else:
        route.fallback()


@pytest.mark.parametrize("is_lost_on_the_way_back", [True, False])
def test_signal_lost_between_tap_and_reply_loses_no_answer_and_doubles_none(
    plain_page: Page, address: Open, kept: Kept, is_lost_on_the_way_back: bool
):
    page, url = plain_page, address()
    begin(page, url)
    page.get_by_label("Satisfied", exact=True).check()
    if is_lost_on_the_way_back:
        page.route("**/*", lose_the_reply)
    else:
        page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Continue").click(no_wait_after=True)
    assert kept() == ({"satisfied": "satisfied"} if is_lost_on_the_way_back else {})
    page.unroute("**/*")
    page.context.set_offline(False)
    # Back from the browser's own page is the start; from there it is one tap to where it stopped.
    page.go_back()
    press(page, "Carry on")
    if not is_lost_on_the_way_back:
        expect(page).to_have_url(f"{url}/1")
        answer(page, "Satisfied")
    expect(page).to_have_url(f"{url}/2")
    assert kept() == {"satisfied": "satisfied"}


def test_two_phones_on_one_link_make_one_response_and_show_each_other_nothing(
    page: Page, other_page: Page, address: Open, kept: Kept
):
    url = address()
    begin(page, url)
    answer(page, "Satisfied")
    other_page.goto(url)
    press(other_page, "Carry on")
    expect(other_page).to_have_url(f"{url}/2")
    assert other_page.locator("input:checked").count() == 0
    answer(other_page, "Yes")
    answer(page, "No")
    expect(page).to_have_url(f"{url}/3")
    assert kept() == {"satisfied": "satisfied", "use-again": "no"}


def test_a_late_post_after_finishing_meets_the_thanks_and_changes_nothing(
    page: Page, address: Open, kept: Kept
):
    url = address()
    begin(page, url)
    answer(page, "Satisfied")
    late = page.context.new_page()
    late.goto(f"{url}/1")
    press(page, "Finish now and send what I have answered")
    press(page, "Finish now")
    answer(late, "Not satisfied")
    expect(late.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert kept() == {"satisfied": "satisfied"}


def test_a_changed_answer_drops_what_no_longer_fits_and_says_so(
    page: Page, address: Open, kept: Kept
):
    url = address("sus-tier-2")
    begin(page, url)
    page.goto(f"{url}/8")
    answer(page, "Yes")
    page.goto(f"{url}/9")
    stale = page.context.new_page()
    stale.goto(page.url)
    answer(page, "Yes")
    assert kept() == {"affected-confidence": "yes", "helped-confidence": "yes"}
    page.goto(f"{url}/8")
    answer(page, "No")
    note = page.get_by_role("status").filter(has_text="1 later answer no longer fits")
    expect(note).to_be_visible()
    expect(note).to_be_focused()
    answer(stale, "Yes")
    expect(stale.get_by_text("no longer needed")).to_be_visible()
    assert kept() == {"affected-confidence": "no"}
