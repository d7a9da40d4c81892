"""The pages in a real browser: with script and without, by keyboard, as read out, in other colours.

What each page looks like, in every language: `test_every_phone_page`.
"""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Open, press

pytestmark = pytest.mark.browser


def answer_all(page: Page) -> None:
    """Answer the five questions of the short survey."""
    for text in ("Very satisfied", "Yes", "I am not sure"):
        page.get_by_label(text, exact=True).check()
        press(page, "Continue")
    page.get_by_role("textbox").fill("Everyone was kind.")
    press(page, "Continue")
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")


def test_someone_answers_without_script(plain_page: Page, address: Open):
    plain_page.goto(address())
    press(plain_page, "Start")
    answer_all(plain_page)
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Thank you")


STANDS_ON = "document.activeElement.innerText || document.activeElement.value"


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def stops(self, most: int) -> list[str]:
        """Where Tab leads from here, in words or as the value of a choice."""
        found = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            found.append(self.page.evaluate(STANDS_ON))
        return found

    def tab_to(self, text: str) -> None:
        """Tab on until the focus is there, and press Enter."""
        for _ in range(20):
            if text in self.stops(1):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        pytest.fail(f"Tab never leads to {text}")


def test_someone_answers_all_by_keyboard_alone(page: Page, address: Open):
    keyboard = Keyboard(page)
    page.goto(address())
    keyboard.tab_to("Start")
    assert keyboard.stops(8) == [
        "Skip to the main part",
        "Leave this page",
        "very-satisfied",
        "Continue",
        "Skip this question",
        "Who is asking, and your data",
        "Help with using these pages",
        "No more texts",
    ]
    keyboard.tab_to("Continue")
    # What is wrong has the focus; its link leads to the choices.
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(2):
        keyboard.tab_to("Skip this question")
    while page.get_by_role("textbox").evaluate("e => e !== document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("Everyone was kind.")
    keyboard.tab_to("Continue")
    keyboard.tab_to("Finish now and send what I have answered")
    keyboard.tab_to("Finish now")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_a_question_is_read_out_in_the_order_in_which_it_is_answered(page: Page, address: Open):
    page.goto(address())
    press(page, "Start")
    page.get_by_label("Very satisfied").check()
    press(page, "Continue")
    press(page, "Continue")
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - alert "There is a problem":
          - heading "There is a problem" [level=2]
          - list:
            - listitem:
              - link "Choose an answer, or skip this question."
        - paragraph: Question 2 of about 5
        - group "If you needed support again, would you come back to us?":
          - heading "If you needed support again, would you come back to us?" [level=1]
          - paragraph: "Error: Choose an answer, or skip this question."
          - radio "Yes"
          - radio "No"
          - radio "I am not sure"
          - radio "I would rather not say"
        - button "Continue"
        - button "Skip this question"
        - button "Finish now and send what I have answered"
    """)
    group = page.get_by_role("group")
    expect(group).to_have_accessible_description("Error: Choose an answer, or skip this question.")


def test_who_says_they_are_not_safe_hears_first_where_to_turn(page: Page, address: Open):
    url = address("self-assessment")
    page.goto(url)
    press(page, "Start")
    page.goto(f"{url}/3")
    page.get_by_label("Not safe at all").check()
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="999")).to_be_focused()


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


def test_in_forced_colours_a_choice_is_still_seen(page: Page, address: Open):
    page.emulate_media(forced_colors="active")
    page.goto(address())
    press(page, "Start")
    before = page.locator(".govuk-radios__item").first.screenshot()
    page.get_by_label("Very satisfied").check()
    page.get_by_role("button", name="Continue").focus()
    assert page.locator(".govuk-radios__item").first.screenshot() != before


def test_on_paper_a_page_shows_no_way_out_no_buttons_and_no_address(page: Page, address: Open):
    url = address()
    page.goto(url)
    press(page, "Start")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for hidden in ("Continue", "Skip this question"):
        expect(page.get_by_role("button", name=hidden)).to_be_hidden()
    expect(page.get_by_text("Leave this page")).to_be_hidden()
    page.goto(f"{url}/about")
    added = "[...document.links].map(a => getComputedStyle(a, '::after').content)"
    assert set(page.evaluate(added)) <= {"none", "normal"}
