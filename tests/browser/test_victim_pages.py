"""The pages in a real browser: with script and without, by keyboard, narrow, large, dark."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.browsers import DESK, NARROW, PHONE, LiveApp, axe_faults
from tests.links import a_link

pytestmark = pytest.mark.browser

Open = Callable[..., str]


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


def answer_all(page: Page) -> None:
    """Answer the five questions of the short survey."""
    for text in ("Very satisfied", "Yes", "I am not sure"):
        page.get_by_label(text, exact=True).check()
        press(page, "Continue")
    page.get_by_role("textbox").fill("Everyone was kind.")
    press(page, "Continue")
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")


def test_someone_answers_with_a_thumb(page: Page, address: Open):
    page.goto(address())
    press(page, "Start")
    answer_all(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_someone_answers_without_script(plain_page: Page, address: Open):
    plain_page.goto(address())
    press(plain_page, "Start")
    answer_all(plain_page)
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_someone_answers_by_keyboard_alone(page: Page, address: Open):
    page.goto(address())
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/1")
    focused: list[str] = []
    for _ in range(5):
        page.keyboard.press("Tab")
        focused.append(
            page.evaluate("document.activeElement.innerText || document.activeElement.value")
        )
    assert focused[:2] == ["Skip to the main part", "Leave this page"]
    assert focused[2:] == ["very-satisfied", "Continue", "Skip this question"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2")


def test_the_first_view_is_two_requests_and_all_are_ours(page: Page, address: Open):
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 (needs a function)
    url = address()
    page.goto(url, wait_until="networkidle")
    assert len(requests) == 2
    press(page, "Start")
    page.wait_for_load_state("networkidle")
    ours = url.split("/s/", maxsplit=1)[0]
    assert all(request.url.startswith(ours) for request in requests)
    fresh = [r for r in requests[2:] if r.resource_type != "document"]
    assert all(r.url == requests[1].url for r in fresh)


def test_a_second_tap_while_the_first_is_on_its_way_sends_nothing(page: Page, address: Open):
    page.goto(address())
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    page.evaluate(
        "const b = document.querySelector('main button'); b.click(); b.click(); b.click()"
    )
    page.wait_for_url("**/1")
    assert len(posts) == 1


@pytest.mark.parametrize("way", ["click", "shift"])
def test_leaving_hides_goes_and_leaves_no_way_back_to_the_answers(
    page: Page, address: Open, way: str
):
    url = address()
    page.goto(url)
    press(page, "Start")
    page.get_by_label("Very satisfied").check()
    if way == "click":
        page.get_by_role("link", name="Leave this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("**/healthz")
    assert page.context.cookies() == []
    page.go_back()
    page.wait_for_url(url)
    assert page.get_by_role("radio").count() == 0


def test_shift_inside_a_capital_letter_does_not_leave(page: Page, address: Open):
    page.goto(address())
    press(page, "Start")
    for _ in range(3):
        press(page, "Skip this question")
    page.get_by_role("textbox").press_sequentially("ABC")
    for letter in "DEF":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.get_by_role("textbox")).to_have_value("ABCDEF")
    page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Shift, press 2 more times to leave.")


def test_leaving_works_without_script(plain_page: Page, address: Open):
    plain_page.goto(address())
    press(plain_page, "Start")
    plain_page.get_by_role("link", name="Leave this page").click()
    plain_page.wait_for_url("**/healthz")
    assert plain_page.context.cookies() == []


def every_kind_of_page(page: Page, url: str) -> Iterator[str]:
    """Stand on each kind of page in turn."""
    page.goto(url)
    yield "start"
    press(page, "Start")
    yield "question"
    press(page, "Continue")
    yield "error"
    press(page, "Skip this question")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Continue")
    yield "with finish"
    press(page, "Finish now and send what I have answered")
    yield "finish"
    page.goto(f"{url}/2")
    yield "answered before"
    press(page, "Continue")
    press(page, "Skip this question")
    yield "comment"
    for part in ("about", "accessibility", "stop"):
        page.goto(f"{url}/{part}")
        yield part
    press(page, "Stop the texts")
    yield "stopped"
    page.goto(url)
    press(page, "Carry on")
    press(page, "Skip this question")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Continue")
    yield "thanks, and when to contact"
    page.get_by_label("Monday").check()
    press(page, "Send")
    yield "thanks"
    page.get_by_role("link", name="Answer a few more questions").click()
    yield "about you"
    code = f"{url.rsplit('/s/', 1)[0]}/w"
    page.goto(code)
    press(page, "Delete my answers")
    yield "no code"
    page.goto(url.rsplit("/", 1)[0] + "/23456789abcd")
    yield "nothing here"


def every_page_of_the_young(page: Page, url: str) -> Iterator[str]:
    """A young person's questions, with an answer that they do not feel safe."""
    page.goto(url)
    press(page, "Start")
    yield "faces"
    press(page, "Skip this question")
    press(page, "Skip this question")
    page.get_by_label("Not safe at all").check()
    press(page, "Continue")
    expect(page.get_by_role("status").filter(has_text="999")).to_be_visible()
    yield "unsafe"
    page.goto(url)
    page.context.clear_cookies()
    page.goto(url)
    yield "word"
    page.get_by_label("Your word").fill("oak")
    press(page, "Carry on")
    yield "wrong word"
    page.get_by_label("Your word").fill(" Maple")
    press(page, "Carry on")


TARGETS = "button, summary, .govuk-button, footer a, .govuk-radios__item, .govuk-checkboxes__item"
LOWEST = """
() => [...document.querySelectorAll(TARGETS)]
    .filter(target => target.getBoundingClientRect().height < 44)
    .map(target => target.innerText)
""".replace("TARGETS", repr(TARGETS))


def look_closely(page: Page, kind: str) -> None:
    """On one page: axe in light and dark at three widths, targets, and twice the text size."""
    for size, scheme in ((DESK, "light"), (PHONE, "dark"), (NARROW, "light")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert (kind, size["width"], axe_faults(page)) == (kind, size["width"], [])
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (kind, width) == (kind, size["width"])
    assert (kind, page.evaluate(LOWEST)) == (kind, [])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert (kind, page.evaluate("document.documentElement.scrollWidth")) == (kind, 320)


def test_every_page_is_accessible_fits_and_can_be_pressed(page: Page, address: Open):
    seen = []
    for kind in every_kind_of_page(page, address()):
        seen.append(kind)
        look_closely(page, kind)
    assert len(seen) == 16


def test_every_page_of_young_people_too(page: Page, address: Open):
    url = address(
        "self-assessment",
        case={"is_young_person": True},
        service={"asks_agreed_word": True},
        person={"check_word": "maple"},
    )
    seen = []
    for kind in every_page_of_the_young(page, url):
        seen.append(kind)
        look_closely(page, kind)
    assert seen == ["faces", "unsafe", "word", "wrong word"]
    assert page.url == f"{url}/4"


def test_in_forced_colours_a_choice_is_still_seen(page: Page, address: Open):
    page.emulate_media(forced_colors="active")
    page.goto(address())
    press(page, "Start")
    before = page.locator(".govuk-radios__item").first.screenshot()
    page.get_by_label("Very satisfied").check()
    page.get_by_role("button", name="Continue").focus()
    assert page.locator(".govuk-radios__item").first.screenshot() != before
