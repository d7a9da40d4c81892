"""Take the pictures of the guides anew, from a running demonstration.

make run PORT=8000        in one terminal
PYTHONPATH=. .venv/bin/python docs/pictures/take.py http://127.0.0.1:8000 eastmere 2026-Q2 CASE_REF

The case is one of a caseworker's that was scored once. Without a word more, only the sheets of the
pages on the phone are made, which need no demonstration.
"""

import shutil
import sys
from pathlib import Path

from phone_pages import phone_pages
from playwright.sync_api import Browser, sync_playwright

from survey_app.usecases.seed_demo.plans import CASEWORKER, MANAGER, PASSWORD

FOLDER = Path(__file__).parent
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def figures(browser: Browser, base: str, service: str, period: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(base)
    page.get_by_label("E-mail address").fill(MANAGER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    names = {"figures": "overview", "outcomes": "outcomes", "reach": "reach", "trends": "trends"}
    for name, place in names.items():
        page.goto(f"{base}/services/{service}/figures/{period}/{place}")
        chart = page.locator(".main-svg").first
        chart.wait_for()
        # From what the page is about: the menu stands in other pictures.
        top = page.locator("h1").bounding_box()
        end = chart.bounding_box()
        assert top is not None
        assert end is not None
        above = top["y"] - 50
        height = end["y"] + end["height"] - above + 30
        clip = {"x": 130, "y": above, "width": 1020, "height": height}
        page.screenshot(path=FOLDER / f"{name}.png", full_page=True, clip=clip)


def desk(browser: Browser, base: str, service: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page.goto(base)
    page.get_by_label("E-mail address").fill(CASEWORKER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{base}/services/{service}")
    page.screenshot(path=FOLDER / "today.png")
    page.locator(".due .row__link").last.click()
    page.wait_for_load_state()
    page.screenshot(path=FOLDER / "case.png")


def phone(browser: Browser, base: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{base}/dev/outbox")
    page.screenshot(path=FOLDER / "outbox.png")
    page.locator("a[href*='/s/']").first.click()
    page.screenshot(path=FOLDER / "phone-start.png")
    page.locator("main form button, form button").first.click()
    page.wait_for_load_state()
    page.screenshot(path=FOLDER / "phone-question.png")


def star(browser: Browser, base: str, service: str, case_ref: str) -> None:
    page = browser.new_page(viewport={"width": 768, "height": 900}, locale="en-GB")
    page.goto(base)
    page.get_by_label("E-mail address").fill(MANAGER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{base}/services/{service}/cases/{case_ref}/readings/new?wave=closure")
    page.locator("[name^=score-]").first.focus()
    for digit in "5678":
        page.keyboard.press(digit)
    page.screenshot(path=FOLDER / "star.png")


def main(base: str = "", service: str = "", period: str = "", case_ref: str = "") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        phone_pages(browser, FOLDER)
        if base:
            figures(browser, base, service, period)
            desk(browser, base, service)
            phone(browser, base)
            star(browser, base, service, case_ref)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:5])
