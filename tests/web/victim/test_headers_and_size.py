"""What travels with each page, and how much."""

import re
from dataclasses import replace

import brotli
import pytest
from flask import Flask, Response, request

from survey_app.app import create_app
from survey_app.web.shared.assets import script_source
from survey_app.web.shared.compression import compress
from tests.phone_pages import ADULT, FACTS, Seen, Walk
from tests.web.victim.conftest import MakeLink
from tests.web.victim.phone import Phone
from tests.world import SetClock

FIRST_VIEW, LATER_PAGE = 14_336, 3_072
"""Bytes, headers and all (FORMATS.md, "Victim pages")."""


def weight(phone: Phone, path: str) -> int:
    """Bytes of status line, headers and body as sent to a phone that takes brotli."""
    with phone.client.get(path, headers={"Accept-Encoding": "gzip, br"}) as reply:
        assert reply.status_code == 200
        return weight_of(dict(reply.headers), reply.get_data())


def weight_of(headers: dict[str, str], body: bytes) -> int:
    """Bytes of a reply with what the server in front of the app adds."""
    server = {"Server": "gunicorn", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
    whole = {**server, "Connection": "keep-alive", **headers}
    head = sum(len(f"{name}: {value}\r\n") for name, value in whole.items())
    return len("HTTP/1.1 200 OK\r\n\r\n") + head + len(body)


def loads(text: str) -> list[str]:
    """What a browser fetches because of this page."""
    return [
        address
        for address in re.findall(r'<(?:link|script|img|iframe)[^>]*(?:href|src)="([^"]+)"', text)
        if not address.startswith("data:")
    ]


def test_the_first_view_is_two_requests_and_fits_in_one_round_trip(
    phone: Phone, make_link: MakeLink
):
    link = make_link(
        "self-assessment",
        "sus-tier-2",
        service={"name": "A service with quite a long name in Northshire"},
        person={"name_service": "yes"},
    )
    (sheet,) = loads(phone.open(f"/s/{link}").text)
    phone.client.delete_cookie("s")
    assert weight(phone, f"/s/{link}") + weight(phone, sheet) <= FIRST_VIEW / 2


@pytest.mark.parametrize("key", ["self-assessment", "sus-tier-2", "telephone-satisfaction"])
def test_every_later_page_is_light(phone: Phone, make_link: MakeLink, key: str):
    link = make_link(key)
    phone.open(f"/s/{link}").press()
    first_sheet = loads(phone.text)
    while phone.path != f"/s/{link}":
        assert loads(phone.text) == first_sheet
        assert weight(phone, phone.path) <= LATER_PAGE
        phone.press() if phone.status == 200 else None
        phone.skip()
    assert weight(phone, f"/s/{link}") <= LATER_PAGE
    assert weight(phone, f"/s/{link}/about") <= LATER_PAGE


def packed(app: Flask, page: Seen) -> int:
    """What a page of the walk weighs when it is sent to a phone that takes brotli."""
    reply = Response(page.text, headers={"Content-Type": "text/html", **page.headers})
    with app.test_request_context(headers={"Accept-Encoding": "br"}):
        sent = compress(reply, request)
    return weight_of(dict(sent.headers), sent.get_data())


def test_the_budget_holds_for_every_kind_of_page_in_every_language(
    app: Flask, phone: Phone, make_link: MakeLink, all_languages: list[str]
):
    facts = FACTS | {"service": FACTS["service"] | {"draft_languages": all_languages}}
    young = {"case": {"is_young_person": True}}
    (sheet,) = loads(phone.open(f"/s/{make_link()}").text)
    sheet_weight = weight(phone, sheet)
    for tag in all_languages:
        adult = Walk(app, make_link(*ADULT, **facts), tag).adult()
        start, *later = [*adult, *Walk(app, make_link(*ADULT, **facts, **young), tag).young()]
        assert packed(app, start) + sheet_weight <= FIRST_VIEW, tag
        assert [(tag, p.kind) for p in later if packed(app, p) > LATER_PAGE] == []


def test_the_stylesheet_may_be_kept_for_ever_and_comes_compressed(phone: Phone, link: str):
    (sheet,) = loads(phone.open(f"/s/{link}").text)
    with phone.client.get(sheet, headers={"Accept-Encoding": "br"}) as reply:
        assert "immutable" in reply.headers["Cache-Control"]
        assert reply.headers["Content-Encoding"] == "br"
        assert b"govuk-radios" in brotli.decompress(reply.get_data())


def test_pages_come_in_the_coding_that_the_phone_takes(phone: Phone, link: str):
    for asked, coding in (("br", "br"), ("gzip", "gzip"), ("identity", None), ("zstd", None)):
        reply = phone.client.get(f"/s/{link}", headers={"Accept-Encoding": asked})
        assert reply.headers.get("Content-Encoding") == coding
        assert "Accept-Encoding" in reply.headers["Vary"]
        assert int(reply.headers["Content-Length"]) == len(reply.get_data())


def test_every_answer_of_every_address_is_private(phone: Phone, link: str):
    phone.open(f"/s/{link}").press()
    for path in (
        f"/s/{link}",
        f"/s/{link}/1",
        f"/s/{link}/2",
        f"/s/{link}/99",
        f"/s/{link}/finish",
        f"/s/{link}/about",
        f"/s/{link}/stop",
        "/s/23456789abcd",
        "/leave",
    ):
        headers = phone.client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in headers


def test_the_policy_lets_in_our_own_style_and_our_own_script_and_nothing_else(
    phone: Phone, link: str
):
    policy = phone.open(f"/s/{link}").page.headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "script-src": script_source("victim.js"),
    }


def test_there_is_one_cookie_that_ends_with_the_browser(phone: Phone, link: str):
    phone.open(f"/s/{link}").press()
    reply = phone.client.get(f"/s/{link}")
    phone.choose("satisfied")
    set_by_start = phone.client.post(f"/s/{link}", data=phone.form.hidden).headers
    cookies = set_by_start.getlist("Set-Cookie") + reply.headers.getlist("Set-Cookie")
    assert all(cookie.startswith("s=") for cookie in cookies)
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Expires" not in cookie
        assert link not in cookie


@pytest.fixture
def secure_phone(app: Flask, clock: SetClock) -> Phone:
    """A phone that reaches the app over TLS."""
    settings = replace(app.extensions["runtime"].settings, base_url="https://answers.example.org")
    secure = create_app(settings, clock)
    client = secure.test_client()
    client.environ_base |= {"wsgi.url_scheme": "https", "HTTP_HOST": "answers.example.org"}
    return Phone(client)


def test_over_tls_forms_work_without_a_referrer_and_the_cookie_is_secure(
    secure_phone: Phone, link: str
):
    secure_phone.open(f"/s/{link}")
    headers = secure_phone.page.headers
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "; Secure;" in headers["Set-Cookie"]
    assert secure_phone.press().choose("satisfied").path == f"/s/{link}/2"
