"""How many statements does a page on the phone send? Whoever adds one sees it here."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.catalogues import CatalogueFolder
from tests.store.statements import statements_on
from tests.web.victim.conftest import MakeLink
from tests.web.victim.phone import Phone


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both ask the same."""
    return str(request.param)


@pytest.fixture
def sent(app: Flask) -> Iterator[list[str]]:
    """What was sent so far; to be cleared before what is counted."""
    with statements_on(app.extensions["runtime"].database.engine) as sent:
        yield sent


def words(sent: list[str]) -> list[str]:
    """The first word of each statement, which are then forgotten."""
    first = [text.split()[0] for text in sent]
    sent.clear()
    return first


def test_a_page_is_two_queries_and_an_answer_one_row_more(
    phone: Phone, other_phone: Phone, make_link: MakeLink, sent: list[str]
):
    other_phone.open(f"/s/{make_link()}").press()  # What is read once is read.
    link = make_link()
    sent.clear()
    phone.open(f"/s/{link}")
    assert words(sent) == ["SELECT"]  # Nobody had begun, so there is no answer to look for.
    reply = phone.client.post(phone.path, data=phone.form.hidden)
    # The last two are the fact row of the case: locked, and made anew.
    assert words(sent) == ["SELECT", "UPDATE", "INSERT", "SELECT", "INSERT"]
    phone.open(reply.headers["Location"])
    assert words(sent) == ["SELECT", "SELECT"]
    phone.client.post(phone.path, data=phone.form.hidden | {"satisfied": "neither"})
    assert words(sent) == ["SELECT", "SELECT", "INSERT"]


def test_the_answer_that_ends_a_link_sends_fifteen_statements_and_its_thanks_four(
    phone: Phone, link: str, sent: list[str]
):
    phone.open(f"/s/{link}").press()
    while "contact-me" not in phone.form.options:
        phone.skip()
    sent.clear()
    phone.client.post(phone.path, data=phone.form.hidden | {"contact-me": "no"})
    assert words(sent) == [
        *("SELECT", "SELECT", "INSERT"),
        # It has ended, and nothing more is sent.
        *("UPDATE", "UPDATE", "UPDATE"),
        # What figures are counted from: answers and pairs.
        *("DELETE", "INSERT", "SELECT", "DELETE"),
        # The code by which answers are taken back.
        *("SELECT", "DELETE", "INSERT"),
        # The fact row of the case.
        *("SELECT", "INSERT"),
    ]
    phone.open(f"/s/{link}")
    assert words(sent) == ["SELECT"] * 4


def test_a_choice_of_languages_is_one_query_more(
    phone: Phone, make_link: MakeLink, sent: list[str], catalogue_folder: CatalogueFolder
):
    catalogue_folder.make("cy")
    service = {"draft_languages": ["cy"]}
    phone.open(f"/s/{make_link(service=service)}")
    link = make_link(service=service)
    sent.clear()
    assert "Cymraeg" in phone.open(f"/s/{link}").words
    assert words(sent) == ["SELECT", "SELECT"]
