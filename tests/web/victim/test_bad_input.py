"""What is no answer gets the page again, with what to do; and nothing that was sent is repeated."""

import pytest
from sqlalchemy import func, select

from survey_app.store.responses import Answer
from tests.web.victim.conftest import Look
from tests.web.victim.phone import Phone

MARKER = "Zq7Zq7Zq7"


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ([], "Choose an answer, or skip this question."),
        ("excellent", "Choose one of the answers on this page."),
        (MARKER, "Choose one of the answers on this page."),
        (["satisfied", "neither"], "Choose one answer only."),
    ],
)
def test_a_wrong_choice_is_answered_by_the_page_with_advice(
    phone: Phone, link: str, look: Look, value: object, advice: str
):
    phone.open(f"/s/{link}").press()
    phone.choose(value)
    assert phone.status == 400
    assert phone.words.count(advice) == 2
    assert "There is a problem" in phone.words
    assert phone.item == "satisfied"
    assert "<title>Error:" in phone.text
    assert MARKER not in phone.text
    with look() as session:
        assert session.scalar(select(func.count(Answer.id))) == 0


def test_the_error_leads_to_the_first_answer(phone: Phone, link: str):
    phone.open(f"/s/{link}").press().press()
    assert phone.links[2] == "#o1"
    assert 'id="o1"' in phone.text


def test_too_much_text_is_refused_and_not_repeated(phone: Phone, link: str):
    phone.open(f"/s/{link}").press().skip().skip().skip()
    phone.choose(MARKER * 600)
    assert phone.status == 400
    assert "Write a bit less: 5000 letters at most." in phone.words
    assert MARKER not in phone.text


def test_no_page_repeats_what_was_written(phone: Phone, link: str):
    phone.open(f"/s/{link}").press().skip().skip().skip()
    written = phone.path
    phone.choose(MARKER)
    assert MARKER not in phone.text
    assert MARKER not in phone.open(written).text


def test_a_form_without_its_token_is_not_believed(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    phone.post({"step": phone.form.hidden["step"], "satisfied": "neither"}, f"/s/{link}/1")
    assert phone.path == f"/s/{link}"
    with look() as session:
        assert session.scalar(select(func.count(Answer.id))) == 0
