"""How often does a tap go to PostgreSQL and back? Whoever adds a round sees it here."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from survey_app.store.quick_postgresql import QuickPostgresql
from tests.catalogues import CatalogueFolder
from tests.web.victim.conftest import MakeLink
from tests.web.victim.phone import Phone

Rounds = list[str]


@pytest.fixture
def database_kind() -> str:
    """SQLite has no way to go."""
    return "postgresql"


@pytest.fixture
def rounds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Rounds:
    """The first words of the statements that went on kept connections, round by round."""
    seen: Rounds = []
    together = QuickPostgresql.together

    def note(server: QuickPostgresql, statements: Any) -> Any:
        seen.append(" ".join(text.split()[0] for text, _ in statements))
        return together(server, statements)

    def note_mapped(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        seen.append(f"mapped {text.split()[0]}")

    monkeypatch.setattr(QuickPostgresql, "together", note)
    engine = app.extensions["runtime"].database._kept._engine
    event.listen(engine, "before_cursor_execute", note_mapped)
    return seen


def test_a_page_is_one_round_and_an_answer_two(
    phone: Phone, other_phone: Phone, make_link: MakeLink, rounds: Rounds
):
    other_phone.open(f"/s/{make_link()}").press()  # What is read once is read.
    link = make_link()
    rounds.clear()
    page = "SELECT SELECT"
    phone.open(f"/s/{link}")
    assert rounds == [page]
    reply = phone.client.post(phone.path, data=phone.form.hidden)
    assert rounds[1:] == ["BEGIN SELECT SELECT", "UPDATE INSERT COMMIT"]
    rounds.clear()
    phone.open(reply.headers["Location"])
    assert rounds == [page]
    phone.client.post(phone.path, data=phone.form.hidden | {"satisfied": "neither"})
    assert rounds[1:] == ["BEGIN SELECT SELECT", "INSERT COMMIT"]


def test_the_answer_that_ends_a_link_is_four_rounds_and_its_thanks_two(
    phone: Phone, link: str, rounds: Rounds
):
    phone.open(f"/s/{link}").press()
    while "contact-me" not in phone.form.options:
        phone.skip()
    rounds.clear()
    phone.client.post(phone.path, data=phone.form.hidden | {"contact-me": "no"})
    assert rounds == [
        "BEGIN SELECT SELECT",
        "INSERT UPDATE UPDATE UPDATE SELECT",
        "SELECT",
        "DELETE INSERT COMMIT",
    ]
    rounds.clear()
    phone.open(f"/s/{link}")
    assert rounds == ["SELECT SELECT", "SELECT SELECT SELECT"]


def test_a_choice_of_languages_is_one_round_more(
    phone: Phone, make_link: MakeLink, rounds: Rounds, catalogue_folder: CatalogueFolder
):
    catalogue_folder.make("cy")
    service = {"draft_languages": ["cy"]}
    phone.open(f"/s/{make_link(service=service)}")
    link = make_link(service=service)
    rounds.clear()
    assert "Cymraeg" in phone.open(f"/s/{link}").words
    assert rounds == ["SELECT SELECT", "SELECT"]
