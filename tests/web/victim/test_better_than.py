"""What other survey products get wrong (issue 4, point 9), one test for each."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import func, select, text

from survey_app.store.database import Database
from survey_app.store.models import metadata
from survey_app.store.responses import Answer, Response
from tests.catalogues import CatalogueFolder
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone

UNKNOWN = "23456789abcd"


def dump(database: Database) -> list[Any]:
    """The database byte for byte: what SQLite would write to make it anew."""
    with database.look() as session:
        connection = session.connection().connection.dbapi_connection
        return list(connection.iterdump())


def crawl(phone: Phone, *starts: str) -> set[str]:
    """Ask for every address that can be reached by links, by HEAD and by GET, as previews do."""
    waiting, seen = list(starts), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        phone.client.head(path)
        phone.page, phone.path = phone.client.get(path), urlsplit(path).path
        found = [*phone.links, phone.page.headers.get("Location", "")]
        for link in found:
            address = urljoin(path, link.split("#")[0])
            if link and not urlsplit(address).netloc and not address.startswith("tel:"):
                waiting.append(address)
    return seen


def endpoints(app: Flask, paths: set[str]) -> set[str]:
    """What the addresses are of."""
    routes = app.url_map.bind("localhost")
    return {routes.match(urlsplit(path).path)[0] for path in paths}


def test_a_crawler_leaves_the_database_byte_for_byte_as_it_was(
    app: Flask,
    phone: Phone,
    other_phone: Phone,
    make_link: MakeLink,
    database: Database,
    catalogue_folder: CatalogueFolder,
):
    catalogue_folder.make("cy", "ur")
    facts = {
        "service": {"draft_languages": ["cy", "ur"], "asks_agreed_word": True},
        "person": {"check_word": "maple"},
    }
    fresh, ended = make_link(**facts), make_link(**facts)
    begun = make_link("sus-tier-2", **facts)
    other_phone.open(f"/s/{begun}").press().choose("satisfied")
    other_phone.open(f"/s/{ended}").press()
    for _ in range(5):
        other_phone.skip()
    links = [f"/s/{token}" for token in (fresh, begun, ended, UNKNOWN)]
    # What no link of another page leads to, or only at a moment that the crawler may not meet.
    behind = [f"{link}/{part}" for link in links for part in (1, 2, "finish", "about-you")]
    before = dump(database)
    assert any("very-satisfied" in line for line in before)
    every_page = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("victim.") and "GET" in rule.methods
    }
    for preview in (phone, other_phone):
        seen = crawl(preview, *links, *behind)
        assert {f"/s/{fresh}?lang={tag}" for tag in ("en", "cy", "ur")} <= seen
        assert endpoints(app, seen) >= every_page
        assert {f"/s/{fresh}/stop", "/w", "/accessibility", "/leave"} <= seen
    assert dump(database) == before


def test_a_preview_that_opens_the_link_leaves_no_empty_response(
    other_phone: Phone, phone: Phone, link: str, look: Look
):
    for _ in range(3):
        other_phone.client.head(f"/s/{link}")
        other_phone.open(f"/s/{link}")
    with look() as session:
        rows = {
            t.name: session.scalar(text(f"SELECT count(*) FROM {t.name}"))
            for t in metadata.sorted_tables
        }
    assert rows["requests"] == 1
    assert rows["responses"] == rows["answers"] == rows["audit"] == rows["alerts"] == 0
    assert "Start" in phone.open(f"/s/{link}").words


def test_wrong_tokens_never_lock_out_the_good_ones_of_the_same_address(
    phone: Phone, other_phone: Phone, make_link: MakeLink
):
    before, after = make_link(), make_link()
    phone.open(f"/s/{before}").press()
    statuses = {other_phone.open(f"/s/{UNKNOWN}").status for _ in range(100)}
    assert statuses == {404, 429}
    assert phone.choose("satisfied").path == f"/s/{before}/2"
    assert other_phone.open(f"/s/{after}").press().path == f"/s/{after}/1"


def test_a_double_click_makes_one_response_and_one_answer(phone: Phone, link: str, look: Look):
    start = phone.open(f"/s/{link}").form.hidden
    for _ in range(2):
        phone.post(start, f"/s/{link}")
    answer = phone.form.hidden | {"satisfied": "neither"}
    for _ in range(2):
        phone.post(answer, f"/s/{link}/1")
    assert phone.path == f"/s/{link}/2"
    with look() as session:
        assert session.scalar(select(func.count(Response.id))) == 1
        assert session.scalar(select(func.count(Answer.id))) == 1


def test_back_and_a_changed_answer_is_kept_with_all_that_came_after(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press()
    page_one = phone.form.hidden
    phone.choose("satisfied").choose("yes").choose("no")
    # Back in the browser shows page one as it was: the form that was sent before.
    phone.post(page_one | {"satisfied": "dissatisfied"}, f"/s/{link}/1")
    assert phone.path == f"/s/{link}/4"
    with look() as session:
        kept = dict(session.execute(select(Answer.item, Answer.code)).all())
    assert kept == {"satisfied": "dissatisfied", "use-again": "yes", "recommend": "no"}


def test_a_lost_cookie_costs_at_most_a_tap_and_no_answer(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press().choose("satisfied").choose("yes")
    phone.client.delete_cookie("s")
    phone.open(f"/s/{link}").press()
    assert phone.path == f"/s/{link}/3"
    with look() as session:
        kept = dict(session.execute(select(Answer.item, Answer.code)).all())
    assert kept == {"satisfied": "satisfied", "use-again": "yes"}


def test_a_reply_that_never_arrived_and_the_same_sent_again_is_one_answer(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press()
    form = phone.form.hidden | {"satisfied": "neither"}
    # The server keeps it; the phone loses signal, its cookie stays as it was; it sends again.
    cookie = phone.client.get_cookie("s")
    assert cookie is not None
    assert phone.client.post(f"/s/{link}/1", data=form).status_code == 303
    phone.client.set_cookie("s", cookie.value)
    phone.post(form, f"/s/{link}/1")
    assert phone.path == f"/s/{link}/2"
    with look() as session:
        assert session.scalars(select(Answer.code)).all() == ["neither"]


def test_a_last_reply_that_never_arrived_and_the_same_sent_again_ends_in_the_thanks(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press()
    for _ in range(3):
        phone.skip()
    comment, at = phone.form.hidden | {"comment": "They were kind."}, phone.path
    assert phone.client.post(at, data=comment).status_code == 303
    phone.post(comment, at)
    last, at = phone.form.hidden | {"contact-me": "yes"}, phone.path
    assert phone.client.post(at, data=last).status_code == 303
    phone.post(last, at)
    assert "Thank you" in phone.words
    with look() as session:
        assert session.scalar(select(func.count(Answer.id))) == 5
        assert session.scalar(text("SELECT count(*) FROM alerts")) == 2


def test_a_page_left_open_overnight_in_a_browser_that_was_closed_costs_a_tap(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press().choose("satisfied")
    left_open, at = phone.form.hidden | {"use-again": "yes"}, phone.path
    phone.client.delete_cookie("s")  # The one cookie ends with the browser.
    phone.open(f"/s/{link}").press()
    # The old tab, in the new session: its form is not believed, and nothing of it is kept.
    phone.post(left_open, at)
    assert "did not reach us" in phone.words
    assert phone.press().path == at
    with look() as session:
        assert session.scalars(select(Answer.code)).all() == ["satisfied"]
