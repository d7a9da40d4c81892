"""Forms on paper: printed with numbers and a code, entered by number, taken once."""

import re

import pytest
from sqlalchemy import select

from survey_app.store.cases import get_case
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.links import a_link
from tests.staff import csrf_of

CASE = "/services/ours/cases/WM-1"
FORM = f"{CASE}/paper/closure"
ENTRY = f"{FORM}/enter"


@pytest.fixture
def database_kind() -> str:
    """Pages are tested on SQLite; what they store is tested on both, under tests/usecases."""
    return "sqlite"


@pytest.fixture
def service(database):
    """Ours, with a case asked a self-assessment and a survey with conditional questions."""
    with database.write(Scope.worker()) as session:
        request, _ = a_link(
            session,
            "self-assessment",
            "sus-tier-2",
            service={"slug": "ours", "name": "Our service"},
        )
        a_link(session, "self-assessment", service={"slug": "theirs"})
        get_case(session, request.case_id).case_ref = "WM-1"
        session.flush()
        return get_service(session, "ours")


def enter(client, **fields: str):
    sent = {"csrf_token": csrf_of(client.get(CASE + "/hand-over")), "on": "2026-11-16", **fields}
    return client.post(ENTRY, data=sent)


def answers(database) -> list[tuple[str, str]]:
    with database.read(Scope.worker()) as session:
        rows = session.execute(select(Answer.item, Answer.code).order_by(Answer.id))
        return [(item, code) for item, code in rows]


def test_a_form_has_a_number_for_everything_and_nothing_about_the_person(client, caseworker):
    page = client.get(FORM).text
    paper = page[page.index("<article") : page.index("</article>")]
    assert len(re.findall(r'class="paper__number">\d+<', paper)) == 25
    assert "Only if you chose 1 in question" in paper
    assert re.search(r'<b dir="ltr">[2-9a-z]{3}-[2-9a-z]{3}</b>', paper)
    assert not re.search(r"WM-1|Our service|victim|crime|07700", paper.replace("crime affect", ""))
    assert "paper--large" in client.get(f"{FORM}?large=1").text


def test_the_code_leads_to_its_entry_and_other_services_codes_lead_nowhere(
    client, caseworker, database
):
    code = re.search(r'<b dir="ltr">([^<]+)<', client.get(FORM).text)
    assert code is not None
    find = "/services/ours/paper"
    assert client.get(find).status_code == 200
    assert client.get(find, query_string={"code": code[1].upper()}).location == ENTRY
    wrong = client.get(find, query_string={"code": "222-222"})
    assert wrong.status_code == 404
    assert "Check each letter" in wrong.text


def test_numbers_typed_from_paper_are_answers_on_their_day(client, caseworker, database):
    answer = enter(client, q1="5", q5="1", q12="1", q13="2")
    assert answer.status_code == 302
    assert "answered" in client.get(answer.location).text
    found = dict(answers(database))
    assert found["health-and-wellbeing"] == "5"
    assert found["satisfied"] == "very-satisfied"
    with database.read(Scope.worker()) as session:
        rows = session.scalars(select(Response)).all()
        assert {(row.mode, str(row.counts_on)) for row in rows} == {("paper", "2026-11-16")}
    again = enter(client, q1="1")
    assert again.status_code == 400
    assert "answered already" in again.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"q1": "9"}, "Question 1: type a number from 1 to 6."),
        ({"q5": "1 2"}, "Question 5: type one number only."),
        ({"q12": "2", "q13": "1"}, "Question 13 is only asked after answer 1 to question 12."),
        ({}, "Type at least one answer"),
        ({"q1": "1", "on": ""}, "Enter the day that is written on the form."),
        ({"q1": "1", "on": "2026-01-01"}, "before the referral"),
        ({"q1": "1", "on": "2027-01-01"}, "has not come yet"),
    ],
)
def test_what_does_not_fit_is_said_by_its_number_and_nothing_is_kept(
    client, caseworker, database, fields, said
):
    answer = enter(client, **fields)
    assert answer.status_code == 400
    assert said in answer.text
    assert answers(database) == []
    for name, value in fields.items():
        assert value == "" or f'name="{name}"' in answer.text


def test_a_wave_that_is_not_asked_has_no_form(client, caseworker):
    for address in (f"{CASE}/paper/review", f"{CASE}/paper/someday", f"{CASE}/paper/review/enter"):
        assert client.get(address).status_code == 404


def test_a_form_is_printed_and_entered_in_a_language_that_the_service_offers(
    client, caseworker, database, catalogue_folder
):
    catalogue_folder.make("cy", "ar")
    assert "paper__languages" not in client.get(FORM).text
    with database.write(Scope.worker()) as session:
        get_service(session, "ours").draft_languages = ["cy", "ar"]
    page = client.get(f"{FORM}?language=ar").text
    assert '<html lang="en"' in page
    assert "nobody who speaks it has checked them" in page
    paper = page[page.index("<article") : page.index("</article>")]
    assert 'lang="ar" dir="rtl"' in paper
    assert "⟦ar How safe do you feel at the moment?⟧" in paper
    assert "⟦ar Put a cross in one box for each question.⟧" in paper
    english = client.get(f"{FORM}?language=pl").text
    assert '<article class="paper" lang="en"' in english
    assert enter(client, q1="5", language="cy").status_code == 302
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(Response.language)).all() == ["cy"]
