"""Going on later with the word agreed: asked only then, only of those who have one, few tries."""

import pytest
from sqlalchemy import func, select

from survey_app.store.people import Person
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from tests.spoiled import spoil_in
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone


@pytest.fixture
def link(make_link: MakeLink) -> str:
    return make_link(service={"asks_agreed_word": True}, person={"check_word": "Maple"})


@pytest.fixture
def begun(phone: Phone, link: str) -> str:
    phone.open(f"/s/{link}")
    assert "word" not in phone.form.options
    phone.press().choose("satisfied")
    assert phone.path == f"/s/{link}/2"
    return link


def test_the_phone_that_answers_is_never_asked(phone: Phone, begun: str):
    phone.open(f"/s/{begun}")
    assert "Your word" not in phone.words
    assert phone.press().path == f"/s/{begun}/2"


def test_another_phone_goes_on_with_the_word_however_it_is_written(other_phone: Phone, begun: str):
    other_phone.open(f"/s/{begun}")
    assert "Your word" in other_phone.words
    assert "aple" not in other_phone.text
    assert other_phone.press(word=" MAP le ").path == f"/s/{begun}/2"


@pytest.mark.parametrize(
    ("word", "advice"), [("oak", "That is not the word."), ("", "Write the word that you agreed")]
)
def test_without_it_nothing_opens_and_nothing_is_repeated(
    other_phone: Phone, begun: str, word: str, advice: str
):
    other_phone.open(f"/s/{begun}").press(word=word)
    assert other_phone.status == 400
    assert advice in other_phone.words
    assert "oak" not in other_phone.text
    assert other_phone.open(f"/s/{begun}/2").path == f"/s/{begun}"


def test_guessing_is_over_after_five_tries_for_this_link_alone(
    other_phone: Phone, begun: str, make_link: MakeLink, phone: Phone
):
    for _ in range(5):
        other_phone.open(f"/s/{begun}").press(word="oak")
    other_phone.open(f"/s/{begun}").press(word="maple")
    assert "too many tries" in other_phone.words
    assert phone.open(f"/s/{begun}").press().path == f"/s/{begun}/2"
    other = make_link(service={"asks_agreed_word": True}, person={"check_word": "maple"})
    phone.open(f"/s/{other}").press()
    assert other_phone.open(f"/s/{other}").press(word="maple").path == f"/s/{other}/1"


@pytest.mark.parametrize(
    "facts",
    [
        {"service": {"asks_agreed_word": True}},
        {"person": {"check_word": "maple"}},
    ],
)
def test_nobody_without_a_word_or_a_service_that_asks_is_locked_out(
    phone: Phone, other_phone: Phone, make_link: MakeLink, facts: dict
):
    link = make_link(**facts)
    phone.open(f"/s/{link}").press()
    assert other_phone.open(f"/s/{link}").press().path == f"/s/{link}/1"


def test_asking_for_the_word_writes_nothing(other_phone: Phone, begun: str, look: Look):
    other_phone.open(f"/s/{begun}").press(word="oak")
    with look() as session:
        assert session.scalar(select(func.count(Response.id))) == 1
        assert session.scalar(select(func.count(Answer.id))) == 1


def test_a_word_that_cannot_be_read_lets_nobody_past(other_phone: Phone, begun: str, database):
    with database.write(Scope.worker()) as session:
        for person_id in session.scalars(select(Person.id)).all():
            spoil_in(session, "people", "check_word", person_id)
    for word in ("Maple", "", "This cannot be read"):
        other_phone.open(f"/s/{begun}").press(word=word)
        assert other_phone.status == 400
        assert "cannot be read" not in other_phone.words
    assert other_phone.open(f"/s/{begun}/2").path == f"/s/{begun}"
