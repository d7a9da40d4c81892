"""Double taps, Back, two tabs, two phones, a lost cookie, a late post: each has one defined end."""

import pytest
from sqlalchemy import func, select

from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone
from tests.world import SetClock


def codes(look: Look) -> dict[str, str]:
    """What is stored, by item."""
    with look() as session:
        return dict(session.execute(select(Answer.item, Answer.code)).all())


def test_a_double_tap_on_start_makes_one_response(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}")
    form = phone.form.hidden
    for _ in range(2):
        assert phone.client.post(f"/s/{link}", data=form).status_code == 303
    with look() as session:
        assert session.scalar(select(func.count(Response.id))) == 1


def test_a_double_tap_on_an_answer_keeps_it_once(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    data = phone.form.hidden | {"satisfied": "neither"}
    replies = [phone.client.post(f"/s/{link}/1", data=data) for _ in range(2)]
    assert {reply.headers["Location"] for reply in replies} == {f"/s/{link}/2"}
    with look() as session:
        assert session.scalar(select(func.count(Answer.id))) == 1


def test_a_double_tap_on_the_last_answer_ends_in_the_thanks(phone: Phone, link: str):
    phone.open(f"/s/{link}").press()
    for _ in range(4):
        phone.skip()
    last, path = phone.form.hidden | {"contact-me": "no"}, phone.path
    phone.post(last, path)
    assert "Thank you" in phone.words
    phone.post(last, path)
    assert "Thank you" in phone.words


def test_back_shows_the_question_blank_and_a_changed_answer_is_kept(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press().choose("satisfied").choose("yes")
    phone.open(f"/s/{link}/1")
    assert "You have answered this" in phone.words
    phone.choose("neither")
    assert phone.path == f"/s/{link}/3"
    assert codes(look) == {"satisfied": "neither", "use-again": "yes"}


def test_back_and_continue_without_a_choice_keeps_the_answer(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press().choose("satisfied")
    phone.open(f"/s/{link}/1").press()
    assert phone.path == f"/s/{link}/2"
    assert codes(look) == {"satisfied": "satisfied"}


def test_a_change_that_rules_answers_out_says_so(phone: Phone, make_link: MakeLink, look: Look):
    link = make_link("sus-tier-2")
    phone.open(f"/s/{link}").press()
    while phone.item != "affected-confidence":
        phone.skip()
    affected = phone.path
    phone.choose("yes").choose("yes")
    phone.open(affected).choose("no")
    assert "1 later answer no longer fits" in phone.words
    assert "helped-confidence" not in codes(look)
    phone.open(phone.path)
    assert "no longer fits" not in phone.words


def test_a_stale_tab_on_a_question_that_is_no_longer_asked_says_so(
    phone: Phone, make_link: MakeLink, look: Look
):
    link = make_link("sus-tier-2")
    phone.open(f"/s/{link}").press()
    while phone.item != "affected-confidence":
        phone.skip()
    affected = phone.path
    phone.choose("yes")
    stale, stale_path = phone.form.hidden | {"helped-confidence": "yes"}, phone.path
    phone.open(affected).choose("no")
    phone.post(stale, stale_path)
    assert "no longer needed" in phone.words
    assert phone.item == "affected-accommodation"
    assert "helped-confidence" not in codes(look)


def test_two_tabs_each_answer_their_own_question(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    first_tab = phone.form.hidden | {"satisfied": "dissatisfied"}
    phone.choose("satisfied").choose("yes")
    phone.post(first_tab, f"/s/{link}/1")
    assert codes(look) == {"satisfied": "dissatisfied", "use-again": "yes"}
    assert phone.path == f"/s/{link}/3"


@pytest.mark.parametrize("step", ["short-satisfaction:1:use-again", "", "nonsense"])
def test_a_post_that_says_it_answers_another_step_is_kept_nowhere(
    phone: Phone, link: str, look: Look, step: str
):
    phone.open(f"/s/{link}").press()
    phone.post(phone.form.hidden | {"step": step, "satisfied": "neither"}, f"/s/{link}/1")
    assert "out of date" in phone.words
    assert phone.path == f"/s/{link}/1"
    assert codes(look) == {}


def test_two_phones_on_one_link_make_one_response(
    phone: Phone, other_phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press()
    other_phone.open(f"/s/{link}").press()
    assert other_phone.path == phone.path == f"/s/{link}/1"
    phone.choose("satisfied")
    other_phone.choose("neither")
    assert other_phone.path == f"/s/{link}/2"
    with look() as session:
        assert session.scalar(select(func.count(Response.id))) == 1
    assert codes(look) == {"satisfied": "neither"}


def test_a_page_left_overnight_still_answers(phone: Phone, link: str, clock: SetClock, look: Look):
    phone.open(f"/s/{link}").press()
    clock.move(hours=14)
    phone.choose("neither")
    assert codes(look) == {"satisfied": "neither"}


def test_a_lost_cookie_costs_one_tap_and_nothing_that_was_kept(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press().choose("satisfied")
    form, path = phone.form.hidden | {"use-again": "yes"}, phone.path
    phone.client.delete_cookie("s")
    phone.post(form, path)
    assert phone.path == f"/s/{link}"
    assert "did not reach us" in phone.words
    phone.press()
    assert phone.path == f"/s/{link}/2"
    assert codes(look) == {"satisfied": "satisfied"}


def test_a_question_without_a_session_leads_to_the_start(other_phone: Phone, link: str):
    other_phone.open(f"/s/{link}/3")
    assert other_phone.path == f"/s/{link}"
    assert other_phone.form.submits == [("", "")]


@pytest.mark.parametrize("number", [0, 6, 99])
def test_a_number_without_a_question_leads_to_the_next_one(phone: Phone, link: str, number: int):
    phone.open(f"/s/{link}").press().choose("satisfied")
    phone.open(f"/s/{link}/{number}")
    assert phone.path == f"/s/{link}/2"


def test_a_late_post_after_finishing_changes_nothing(
    phone: Phone, other_phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press()
    other_phone.open(f"/s/{link}").press()
    late = other_phone.form.hidden | {"satisfied": "very-dissatisfied"}
    for _ in range(5):
        phone.skip()
    before = codes(look)
    other_phone.post(late, f"/s/{link}/1")
    assert "Thank you" in other_phone.words
    assert codes(look) == before


def test_a_post_after_the_link_expired_is_refused(
    phone: Phone, link: str, clock: SetClock, look: Look
):
    phone.open(f"/s/{link}").press().choose("satisfied")
    form, path = phone.form.hidden | {"use-again": "yes"}, phone.path
    clock.move(days=29)
    phone.post(form, path)
    assert "Thank you" in phone.words
    assert codes(look) == {"satisfied": "satisfied"}
    with look() as session:
        assert session.scalars(select(SurveyRequest.state)).one() == "started"
