"""A page is laid out once for many phones, and never shown to one for whom it is not right."""

import re
from typing import Any

import brotli
import pytest
from flask import Flask
from sqlalchemy import select, update

from survey_app.store.database import Database
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.web.victim.blueprint import open_shelf
from survey_app.web.victim.kept_pages import KeptPages
from tests.catalogues import CatalogueFolder
from tests.web.victim.conftest import MakeLink
from tests.web.victim.phone import Phone

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def laid_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were laid out, in order."""
    seen: list[str] = []
    lay_out = KeptPages._lay_out

    def note(pages: KeptPages, template: str, told: Any) -> str:
        seen.append(template)
        return lay_out(pages, template, told)

    monkeypatch.setattr(KeptPages, "_lay_out", note)
    open_shelf(app)
    return seen


def packed(phone: Phone, path: str) -> str:
    """The page as a phone that takes brotli reads it."""
    reply = phone.client.get(path, headers=PACKED)
    assert reply.headers["Content-Encoding"] == "br"
    return brotli.decompress(reply.get_data()).decode()


def test_a_second_phone_costs_no_second_page(
    phone: Phone, other_phone: Phone, make_link: MakeLink, laid_out: list[str]
):
    ours, theirs = make_link(), make_link()
    phone.open(f"/s/{ours}").press()
    assert laid_out == ["victim/start.html", "victim/question.html"]
    other_phone.open(f"/s/{theirs}").press()
    assert len(laid_out) == 2


def test_each_phone_has_its_own_link_and_its_own_form_token_and_nothing_of_the_others(
    phone: Phone, other_phone: Phone, make_link: MakeLink
):
    ours, theirs = make_link(), make_link()
    pages = {}
    for someone, link in ((phone, ours), (other_phone, theirs)):
        someone.open(f"/s/{link}").press()
        pages[link] = someone.text
    form_tokens = [re.search(r'name="csrf_token" value="(.+?)"', page) for page in pages.values()]
    assert len({found[1] for found in form_tokens if found}) == 2
    assert theirs not in pages[ours]
    assert ours not in pages[theirs]
    assert pages[ours].count(ours) == pages[theirs].count(theirs) > 0


@pytest.mark.parametrize("times", [1, 2, 3])
def test_the_packed_page_is_the_page(phone: Phone, link: str, times: int):
    phone.open(f"/s/{link}").press()
    for path in (f"/s/{link}", f"/s/{link}/1"):
        for _ in range(times):
            read = packed(phone, path)
        assert read == phone.client.get(path).get_data(as_text=True)


def test_a_page_in_another_language_is_another_page(
    phone: Phone, other_phone: Phone, make_link: MakeLink, catalogue_folder: CatalogueFolder
):
    catalogue_folder.make("cy")
    link, other = (make_link(service={"draft_languages": ["cy"]}) for _ in range(2))
    phone.open(f"/s/{link}?lang=cy").press()
    other_phone.open(f"/s/{other}").press()
    assert '<html lang="cy"' in phone.text
    assert '<html lang="en"' in other_phone.text
    assert phone.words != other_phone.words


def test_a_changed_name_and_a_changed_wish_show_at_once(
    phone: Phone, make_link: MakeLink, database: Database
):
    link = make_link(service={"name": "Old name"}, person={"name_service": "yes"})
    for _ in range(3):
        assert "Old name" in phone.open(f"/s/{link}").words
    with database.write(Scope.worker()) as session:
        session.execute(update(Service).values(name="New name"))
    assert "New name" in phone.open(f"/s/{link}").words
    with database.write(Scope.worker()) as session:
        session.scalars(select(Person)).one().name_service = "no"
    assert "name" not in phone.open(f"/s/{link}").words.replace("Your name", "")


def test_what_was_said_once_is_not_said_again(phone: Phone, make_link: MakeLink):
    link = make_link("sus-tier-2")
    phone.open(f"/s/{link}").press()
    while phone.item != "affected-confidence":
        phone.skip()
    affected = phone.path
    for _ in range(3):
        phone.open(affected).choose("yes")
        phone.choose("yes")
        phone.open(affected).choose("no")
        assert "no longer fits" in phone.words
        assert "no longer fits" not in phone.open(phone.path).words


def test_no_more_pages_are_kept_than_there_is_room_for(
    phone: Phone, link: str, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("survey_app.web.victim.kept_pages.MOST_KEPT", 2)
    open_shelf(app)
    phone.open(f"/s/{link}").press()
    for _ in range(4):
        phone.skip()
    assert app.extensions["kept_pages"]._laid_out.cache_info().currsize == 2


def test_a_link_typed_with_a_space_has_its_addresses_quoted(phone: Phone, link: str):
    page = phone.client.get(f"/s/%20{link}%20").get_data(as_text=True)
    assert f'href="/s/%20{link}%20/about"' in page


def test_a_template_on_the_phone_asks_flask_for_nothing_of_one_request(app: Flask):
    names = [
        name
        for name in app.jinja_env.list_templates(extensions=["html"])
        if name.startswith("victim/") or name in ("layouts/victim.html", "macros/questions.html")
    ]
    assert len(names) > 5
    for name in names:
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]
        inside = " ".join(re.findall(r"{[{%].*?[}%]}", source, re.DOTALL))
        inside = re.sub(r"'[^']*'|\"[^\"]*\"", "", inside)
        assert not re.search(r"\b(request|session|g|current_user)\b[.\[(]", inside), name
