"""Take the pictures of the desk anew: today, the list, a case, the star, the calls, the teams.

make run PORT=8000        in one terminal, in the daytime: nobody is rung at night
.venv/bin/python docs/pictures/desk.py http://127.0.0.1:8000 eastmere CASE_REF

The case is one of a caseworker's that was scored once.
"""

import shutil
import sys

from playwright.sync_api import Browser, sync_playwright
from take import FOLDER, QUIET, desk, star

from survey_app.usecases.seed_demo.plans import MANAGER, PASSWORD

WIDTH = 960
PLACES = {
    "cases": ("cases", 760),
    "calls": ("calls", 760),
    "coverage": ("oversight/coverage", 1000),
}
"""Each list, and the height that shows what it is for."""


def lists(browser: Browser, base: str, service: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.goto(base)
    page.get_by_label("E-mail address").fill(MANAGER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1).wait_for()
    for name, (place, height) in PLACES.items():
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.goto(f"{base}/services/{service}/{place}")
        page.screenshot(path=FOLDER / f"{name}.png")


def main(base: str, service: str, case_ref: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        desk(browser, base, service)
        star(browser, base, service, case_ref)
        lists(browser, base, service)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
