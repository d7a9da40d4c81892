"""After the last question: thanks, help, a code, safe times, and what people say of themselves."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from survey_app.store.alerts import Alert
from survey_app.store.people import Person
from survey_app.store.reference_codes import ReferenceCode
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone

LINES = [
    {"name": "Everyone's line", "number": "0808 000 0001"},
    {"name": "Northshire line", "number": "0808 000 0002", "areas": ["Northshire"]},
    {"name": "Southshire line", "number": "0808 000 0003", "areas": ["Southshire"]},
    {"name": "Llinell Gymraeg", "number": "0808 000 0004", "languages": ["cy"]},
]
PLACE: dict[str, Any] = {
    "service": {"help_lines": LINES},
    "case": {"local_authority": "northshire"},
}


def to_the_end(phone: Phone, link: str, contact: str = "no") -> Phone:
    phone.open(f"/s/{link}").press().choose("satisfied").skip().skip().choose("So kind.")
    return phone.choose(contact)


def code_on(phone: Phone) -> str:
    found = re.search(r"<bdi>(\w{4} \w{4})</bdi>", phone.text)
    assert found, phone.words
    return found[1]


def test_the_thanks_have_the_lines_of_the_place_and_the_language(phone: Phone, make_link: MakeLink):
    to_the_end(phone, make_link(**PLACE))
    assert "Everyone's line" in phone.words.replace("&#39;", "'")
    assert "Northshire line" in phone.words
    assert "Southshire line" not in phone.words
    assert "Gymraeg" not in phone.words


def test_who_says_they_are_not_safe_sees_who_helps_on_the_very_next_page(
    phone: Phone, make_link: MakeLink
):
    link = make_link("self-assessment", **PLACE)
    phone.open(f"/s/{link}").press().skip().skip().choose("1")
    assert phone.item == "informed-and-empowered"
    assert "you may not be safe" in phone.words
    assert {"tel:999", "tel:08080000002"} <= set(phone.links)
    assert "tel:999" not in phone.open(phone.path).links


def test_who_is_not_safe_and_finishes_at_once_sees_who_helps_before_anything_is_asked(
    phone: Phone, make_link: MakeLink
):
    link = make_link("self-assessment", **PLACE)
    phone.open(f"/s/{link}").press().choose("3").skip().press(2, feeling_safe="1")
    assert phone.path == f"/s/{link}/finish"
    assert "you may not be safe" in phone.words
    assert {"tel:999", "tel:08080000002"} <= set(phone.links)


def test_who_is_not_safe_in_the_last_answer_sees_the_lines_of_their_place(
    phone: Phone, make_link: MakeLink
):
    link = make_link("self-assessment", **PLACE)
    phone.open(f"/s/{link}").press().skip().skip()
    safe = phone.path
    phone.open(f"/s/{link}/4").skip()
    phone.open(safe).choose("1")
    assert "Thank you" in phone.words
    assert "you may not be safe" in phone.words
    assert phone.links.count("tel:08080000002") == 2
    assert "tel:116123" not in phone.links


def test_the_code_stays_in_the_session_that_answered_and_is_stored_as_a_hash(
    phone: Phone, other_phone: Phone, link: str, look: Look
):
    code = code_on(to_the_end(phone, link))
    assert code_on(phone.open(f"/s/{link}")) == code
    assert other_phone.open(f"/s/{link}").status == 404
    with look() as session:
        (row,) = session.scalars(select(ReferenceCode))
        assert code.replace(" ", "") not in f"{row.code_hash}{row.key_id}"
    phone.client.get("/leave")
    assert phone.open(f"/s/{link}").status == 404


def test_beside_the_code_stands_where_it_is_used(phone: Phone, link: str):
    assert '<bdi dir="ltr">127.0.0.1:8000/w</bdi>' in to_the_end(phone, link).text


def test_finishing_early_gives_a_code_too(phone: Phone, link: str):
    phone.open(f"/s/{link}").press().choose("satisfied").press(2).press()
    assert code_on(phone)


def test_with_the_code_the_answers_go_from_any_phone(
    phone: Phone, other_phone: Phone, link: str, make_link: MakeLink, look: Look
):
    to_the_end(phone, make_link())
    code = code_on(to_the_end(phone, link))
    other_phone.open("/w").press(code=f" {code.upper()}")
    assert "Your answers are deleted" in other_phone.words
    with look() as session:
        assert session.scalar(select(func.count(Answer.id))) == 5
        states = session.scalars(select(SurveyRequest.state).order_by(SurveyRequest.id)).all()
        assert sorted(states) == ["completed", "withdrawn"]
    other_phone.open("/w").press(code=code)
    assert "We do not know this code" in other_phone.words


def test_the_phone_that_deletes_its_answers_is_not_thanked_for_them_again(phone: Phone, link: str):
    code = code_on(to_the_end(phone, link))
    phone.open("/w").press(code=code)
    assert phone.open(f"/s/{link}").status == 404


def test_wrong_codes_are_limited_and_then_a_good_one_has_to_wait(phone: Phone, link: str):
    code = code_on(to_the_end(phone, link))
    assert phone.open("/w").press(code="").status == 400
    statuses = [phone.open("/w").press(code="wrongone").status for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    assert phone.open("/w").press(code=code).status == 429
    assert "Wait ten minutes" in phone.words
    assert phone.open(f"/s/{link}").status == 200


def test_who_asked_to_be_contacted_may_say_when(phone: Phone, link: str, look: Look):
    to_the_end(phone, link, contact="yes")
    assert "When is it safe to contact you?" in phone.words
    form = phone.form
    phone.post({**form.hidden, "days": ["mon", "sun"], "ways": ["call"], "note": "No messages."})
    assert "We have told the person who will contact you" in phone.words
    assert "When is it safe" not in phone.words
    with look() as session:
        alert = session.scalars(select(Alert).where(Alert.kind == "contact-wish")).one()
        said = [alert.safe_times[part] for part in ("days", "times", "ways", "note")]
        assert said == [["mon", "sun"], [], ["call"], "No messages."]


def test_who_did_not_ask_is_not_asked_when(phone: Phone, other_phone: Phone, link: str, look: Look):
    to_the_end(phone, link)
    assert "When is it safe" not in phone.words
    token = phone.open("/w").form.hidden
    assert phone.post(token, f"/s/{link}/when").status == 200
    assert other_phone.open("/w").post(token, f"/s/{link}/when").status == 404
    with look() as session:
        assert session.scalars(select(Alert.safe_times)).all() == [None]


def test_what_is_not_recorded_may_be_told_once(phone: Phone, make_link: MakeLink, look: Look):
    link = make_link(person={"sex": "female", "ethnicity": "declined", "religion": "sikh"})
    to_the_end(phone, link).open(f"/s/{link}/about-you")
    assert list(phone.form.options) == ["gender_identity", "disability", "sexuality"]
    assert all(codes[-1] == "declined" for codes in phone.form.options.values())
    phone.press(disability="declined", sexuality="hax", sex="male")
    assert "We have kept what you told us about you" in phone.words
    assert "about-you" in " ".join(phone.links)
    with look() as session:
        person = session.scalars(select(Person)).one()
        assert (person.sex, person.disability, person.sexuality) == ("female", "declined", None)
        assert person.told_by == {"disability": "self"}
    form = phone.open(f"/s/{link}/about-you").form
    phone.post({**form.hidden, "gender_identity": "declined", "sexuality": "bisexual"})
    assert "about-you" not in " ".join(phone.links)
    assert phone.open(f"/s/{link}/about-you").path == f"/s/{link}"


def test_nobody_is_asked_about_themself_before_the_end_or_elsewhere(
    phone: Phone, other_phone: Phone, link: str
):
    phone.open(f"/s/{link}").press()
    assert phone.open(f"/s/{link}/about-you").path == f"/s/{link}"
    assert other_phone.open(f"/s/{link}/about-you").path == f"/s/{link}"


@pytest.mark.parametrize("path", ["/w", "/accessibility"])
def test_pages_without_a_link_are_neutral_and_can_be_left(phone: Phone, path: str):
    phone.open(path)
    assert phone.status == 200
    assert 'id="leave" href="/leave"' in phone.text
    assert phone.page.headers["Cache-Control"] == "no-store"
    assert phone.page.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"victim|crime|police|abuse", phone.text, re.IGNORECASE)


def test_whom_to_tell_that_a_page_is_hard_is_said_to_the_holder_of_a_link_alone(
    phone: Phone, make_link: MakeLink
):
    link = make_link(service={"accessibility_contact": "ring 07700 900123"})
    assert "ring 07700 900123" in phone.open(f"/s/{link}/accessibility").words
    for path in ("/accessibility", "/s/23456789abcd/accessibility"):
        assert "the person who supports you" in phone.open(path).words


def test_leaving_drops_what_the_browser_keeps(phone: Phone):
    assert phone.client.get("/leave").headers["Clear-Site-Data"] == '"cookies", "storage"'


def test_a_lost_cookie_on_the_code_page_costs_one_press(phone: Phone, link: str):
    code = code_on(to_the_end(phone, link))
    phone.open("/w")
    phone.client.delete_cookie("s")
    assert phone.press(code=code).path == "/w"
    assert "Your answers are deleted" in phone.press(code=code).words
