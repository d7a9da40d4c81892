"""The same questions in a young person's words, with faces, larger, and fewer of them."""

import pytest
from sqlalchemy import select

from survey_app.store.responses import Answer, Response
from tests.links import SHIPPED
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone
from tests.web.victim.test_headers_and_size import LATER_PAGE, weight

YOUNG = {"case": {"is_young_person": True}}


@pytest.fixture
def link(make_link: MakeLink) -> str:
    return make_link("self-assessment", "sus-tier-2", **YOUNG)


def test_words_faces_and_size_change_and_the_codes_do_not(phone: Phone, link: str):
    phone.open(f"/s/{link}").press()
    assert "How are your body and your mind at the moment?" in phone.words
    assert 'class="govuk-template__body young"' in phone.text
    assert phone.text.count('<svg class="face"') == 5
    item = SHIPPED["self-assessment", "1"].item("health-and-wellbeing")
    assert phone.form.options == {item.id: list(item.codes)}
    assert phone.form.hidden["step"] == "self-assessment:1:health-and-wellbeing"


def test_an_adult_meets_none_of_it(phone: Phone, make_link: MakeLink):
    phone.open(f"/s/{make_link('self-assessment')}").press()
    assert "How are your health and wellbeing at the moment?" in phone.words
    assert "young" not in phone.text
    assert "<svg" not in phone.text


def test_what_the_programme_leaves_out_is_not_asked_and_is_kept_with_the_response(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press()
    seen = []
    while phone.path != f"/s/{link}":
        seen.append(phone.item)
        assert weight(phone, phone.path) <= LATER_PAGE
        phone.choose("yes") if phone.item.startswith("affected") else phone.skip()
    assert weight(phone, f"/s/{link}") <= LATER_PAGE
    left_out = {
        "affected-accommodation",
        "helped-accommodation",
        "affected-finances",
        "helped-finances",
        "use-again",
    }
    whole = [
        item.id for key in ("self-assessment", "sus-tier-2") for item in SHIPPED[key, "1"].items
    ]
    assert seen == [item for item in whole if item not in left_out]
    with look() as session:
        stored = session.scalars(select(Response.left_out).order_by(Response.id)).all()
        assert stored == [None, ";".join(sorted(left_out))]
        assert left_out.isdisjoint(session.scalars(select(Answer.item)))


def test_they_are_thanked_with_a_line_for_their_age(phone: Phone, make_link: MakeLink):
    link = make_link(**YOUNG)
    phone.open(f"/s/{link}").press()
    for _ in range(5):
        phone.skip()
    assert "Childline" in phone.words


def test_a_young_person_who_is_not_safe_sees_a_line_for_their_age_at_once(
    phone: Phone, make_link: MakeLink
):
    phone.open(f"/s/{make_link('self-assessment', **YOUNG)}").press().skip().skip().choose("1")
    assert "you may not be safe" in phone.words
    assert {"tel:999", "tel:08001111", "tel:116123"} <= set(phone.links)
