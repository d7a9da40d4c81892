"""The page on which a manager sees every language, and offers drafts."""

import re

import pytest

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.builders import a_programme
from tests.staff import csrf_of
from tests.texting import a_due_request, a_texting_service

PAGE = "/services/ours/languages"


@pytest.fixture
def database_kind() -> str:
    """What is stored is tested on both, under tests/usecases."""
    return "sqlite"


@pytest.fixture(autouse=True)
def drafts(catalogue_folder, database, service):
    """One whole draft, one that misses strings; the others are empty."""
    catalogue_folder.make("cy", "pl")
    catalogue_folder.change("pl", "victim", lambda file: file.delete("Start"))
    with database.write(Scope.worker()) as session:
        a_texting_service(session, slug="theirs")
        a_programme(session, service, number=2)
    return catalogue_folder


def drafts_of(database, slug: str = "ours") -> list[str]:
    with database.read(Scope.worker()) as session:
        return get_service(session, slug).draft_languages


def send(client, *tags: str):
    token = csrf_of(client.get(PAGE))
    return client.post(PAGE, data={"csrf_token": token, "draft": list(tags)})


def row_of(page: str, name: str) -> str:
    found = re.search(rf'<li class="row">(?:(?!<li).)*?{name}.*?</li>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found.group()))


def test_the_manager_sees_how_each_language_stands(client, signed_in_as):
    signed_in_as(Role.MANAGER)
    page = client.get(PAGE).text
    assert "Always offered" in row_of(page, "English")
    assert "Complete. No speaker has checked it yet." in row_of(page, "Welsh")
    assert "draft" in row_of(page, "Welsh")
    assert "1 string is not translated yet" in row_of(page, "Polish")
    assert re.search(r"\d{2,} strings are not translated yet", row_of(page, "Arabic"))
    assert re.search(r'value="cy"[^>]*aria-describedby="about-cy">', page)
    assert re.search(r'value="pl"[^>]* disabled>', page)


def test_the_manager_offers_a_draft_and_takes_it_back(client, signed_in_as, database):
    signed_in_as(Role.MANAGER)
    assert send(client, "cy").status_code == 302
    assert drafts_of(database) == ["cy"]
    assert drafts_of(database, "theirs") == []
    page = client.get(PAGE).text
    assert "offered" in row_of(page, "Welsh")
    assert re.search(r'value="cy"[^>]* checked>', page)
    send(client)
    assert drafts_of(database) == []


def test_others_see_the_page_but_change_nothing(client, signed_in_as, database):
    signed_in_as(Role.CASEWORKER)
    page = client.get(PAGE)
    assert "Welsh" in page.text
    assert 'type="checkbox"' not in page.text
    assert send(client, "cy").status_code == 403
    assert drafts_of(database) == []


def test_the_card_shows_the_text_in_the_persons_language_with_the_mark(
    client, signed_in_as, database, service
):
    signed_in_as(Role.CASEWORKER)
    with database.write(Scope.worker()) as session:
        owner = get_service(session, "ours")
        owner.draft_languages = ["cy"]
        request = a_due_request(session, owner, last_three="100", case={"case_ref": "C-1"})
        request.language = "cy"
    page = client.get("/services/ours/cases/C-1/expected-text").text
    assert '<p class="phone-text__body" lang="cy" dir="auto">⟦cy ' in page
    assert "No speaker of Welsh has checked these words yet." in page
    assert "does not offer it" not in page
