"""Every kind of page on the phone in every language: axe at three widths, fit, and targets.

A phone without script walks once through all that can happen; Chromium then lays each page out as
it was sent, under our own stylesheet, with scripts on and off. No page is another with scripts off
than with scripts on; that people get to the end with scripts off is walked in `test_victim_pages`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Page, Route

from survey_app.domain.languages import LANGUAGES, get_language
from survey_app.store.catalogues import Catalogues
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.browsers import DESK, NARROW, PHONE, WCAG
from tests.builders import an_instrument
from tests.catalogues import SHIPPED, CatalogueFolder, complete
from tests.links import a_link
from tests.phone_pages import ADULT, FACTS, Seen, Walk

pytestmark = pytest.mark.browser

TAGS = [language.tag for language in LANGUAGES]
KINDS = 38
SizeOfPage = dict[str, int]

LOOK = """
async ([pages, options, asked]) => {
  const found = [];
  for (const [kind, html] of pages) {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll("link, script").forEach((each) => each.remove());
    if (asked.isPlain)  // axe takes all in it to be hidden, scripts or not.
      page.querySelectorAll("noscript").forEach((each) => each.replaceWith(...each.childNodes));
    document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
    const root = document.documentElement;
    const note = (what) => found.push(`${kind}: ${what}`);
    if (options) {
      const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
      violations.forEach(({ id, nodes }) =>
        nodes.forEach((node) => note(`${id} ${node.html} ${node.failureSummary}`)));
    }
    root.style.fontSize = asked.text;
    if (root.scrollWidth > innerWidth) note(`${root.scrollWidth} wide`);
    root.querySelectorAll(asked.targets).forEach((target) => {
      if (target.getBoundingClientRect().height < 44) note(`low: ${target.innerText}`);
    });
    if (asked.start) {
      const ring = root.querySelector(".govuk-radios__input, .govuk-checkboxes__input");
      const isRight = ring && ring.getBoundingClientRect().left > innerWidth / 2;
      if (ring && isRight !== (asked.start === "rtl")) note("choices start at the wrong side");
    }
  }
  return found;
}
"""
TARGETS = (
    "button, summary, .govuk-button, .languages a, .reach, .alone, footer a, "
    ".govuk-radios__item, .govuk-checkboxes__item"
)
"""What is no link within a sentence: at least 44 px high, for a shaking hand."""
Pages = Callable[[str], list[Seen]]


@pytest.fixture
def pages_in(app: Flask, database: Database, catalogue_folder: CatalogueFolder) -> Pages:
    """Walk through every kind of page in a language."""
    shipped = Catalogues(SHIPPED)

    def walk(tag: str) -> list[Seen]:
        offered = sorted({"cy", tag} - {"en"})
        for each in offered:
            complete(catalogue_folder, shipped, each)
        catalogue_folder.read_again()
        service = FACTS["service"] | {"draft_languages": offered}
        facts = FACTS | {"service": service}
        with database.write(Scope.worker()) as session:
            _, adult = a_link(session, *ADULT, **facts)
            young = a_link(session, *ADULT, case={"is_young_person": True}, **facts)[1]
        return [*Walk(app, adult, tag).adult(), *Walk(app, young, tag).young()]

    return walk


@pytest.fixture
def look_at(app: Flask, page: Page) -> Callable[..., list[str]]:
    """Lay pages out one after another at a width and scheme; what is wrong with them."""
    return looking(app, page)


def looking(app: Flask, page: Page) -> Callable[..., list[str]]:
    """As `look_at`, on this page of the browser."""
    page.set_content("<!DOCTYPE html>")
    page.evaluate(AXE_SCRIPT)

    def look(
        pages: list[Seen], size: SizeOfPage, scheme: str = "light", **asked: object
    ) -> list[str]:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(WEAR, sheet_of(app, pages[0]))
        told = {"text": "100%", "targets": TARGETS} | asked
        options = WCAG if told["text"] == "100%" else None
        found: list[str] = page.evaluate(LOOK, [[[p.kind, p.text] for p in pages], options, told])
        return found

    return look


GO_ON = "window.setTimeout = (work) => void Promise.resolve().then(work)"
"""Where scripts are off, Chromium runs no timer; axe only wants to go on a moment later."""


def looking_without_scripts(app: Flask, plain_page: Page) -> Callable[..., list[str]]:
    """As `looking`, for a page of the browser that runs none."""
    look = looking(app, plain_page)
    plain_page.evaluate(GO_ON)
    return look


WEAR = """
(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}
"""


def sheet_of(app: Flask, page: Seen) -> str:
    """The stylesheet that a page asks for."""
    found = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert found is not None
    with app.test_client().get(found[1]) as reply:
        return reply.get_data(as_text=True)


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_in_every_language_is_accessible_fits_and_can_be_pressed(
    app: Flask, pages_in: Pages, look_at: Callable[..., list[str]], plain_page: Page, tag: str
):
    pages = pages_in(tag)
    assert len({page.kind for page in pages}) == len(pages) == KINDS
    language = get_language(tag)
    spoken = f'<html lang="{tag}" dir="{language.direction}">'
    assert [page.kind for page in pages if spoken not in page.text] == []
    assert look_at(pages, NARROW, start=language.direction) == []
    assert look_at(pages, PHONE, scheme="dark") == []
    assert look_at(pages, DESK) == []
    assert look_at(pages, NARROW, text="200%") == []
    look = looking_without_scripts(app, plain_page)
    for size in (NARROW, PHONE, DESK):
        assert look(pages, size, isPlain=True) == []


def test_a_question_with_several_answers_too(
    app: Flask, database: Database, look_at: Callable[..., list[str]]
):
    item = {
        "id": "who-helped",
        "type": "many",
        "text": "Who helped you?",
        "options": [
            {"code": code, "text": code.title()}
            for code in ("friends", "family", "prefer-not-to-say")
        ],
    }
    whole = {"key": "own", "version": "1", "kind": "survey", "title": "Own", "audience": "any"}
    with database.write(Scope.worker()) as session:
        an_instrument(session, "own", whole | {"licence": "own", "items": [item]})
        _, token = a_link(session, "own")
    walk = Walk(app, token)
    walk.phone.open(walk.link).press()
    assert list(walk.phone.form.options) == ["who-helped"]
    pages = [walk.see("boxes")]
    walk.phone.press()
    pages.append(walk.see("boxes, none ticked"))
    assert look_at(pages, NARROW, start="ltr") == []
    assert look_at(pages, PHONE, scheme="dark") == []
    assert look_at(pages, NARROW, text="200%") == []


SPOILT = "<noscript><img src='data:,'></noscript></main>"
"""A fault that only a phone without script meets: axe has to find it."""
AS_IT_STANDS_AND_WAS_SENT = """
(html) => [document, new DOMParser().parseFromString(html, "text/html")].map(
  (page) => page.documentElement.outerHTML
)
"""


def test_with_scripts_off_a_fault_is_found_and_every_page_is_the_same_as_with_scripts_on(
    pages_in: Pages, app: Flask, page: Page, plain_page: Page
):
    pages = pages_in("en")
    look = looking_without_scripts(app, plain_page)
    spoilt = replace(pages[0], text=pages[0].text.replace("</main>", SPOILT))
    (fault,) = look([spoilt], NARROW, isPlain=True)
    assert "image-alt" in fault

    by_address = {f"/{number}": each for number, each in enumerate(pages)}

    def serve(route: Route) -> None:
        seen = by_address.get(urlsplit(route.request.url).path)
        if seen is None:
            route.fulfill(body="", content_type="text/css")
            return
        policy = seen.headers["Content-Security-Policy"]
        route.fulfill(
            body=seen.text,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": policy},
        )

    page.route("**/*", serve)
    for path, seen in by_address.items():
        page.goto(f"http://phone.example.org{path}")
        stands, was_sent = page.evaluate(AS_IT_STANDS_AND_WAS_SENT, seen.text)
        assert stands == was_sent, seen.kind
