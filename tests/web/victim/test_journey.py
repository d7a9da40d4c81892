"""From the link to the thanks, as FORMATS.md promises it."""

from collections import Counter
from typing import Any

from sqlalchemy import select, text

from survey_app.store.alerts import Alert
from survey_app.store.database import Database
from survey_app.store.models import metadata
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone

ANSWERS = ("very-satisfied", "yes", "not-sure", "Everyone was kind.", "yes")


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    with database.engine.connect() as connection:
        return {
            table.name: connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
            for table in metadata.sorted_tables
        }


def test_someone_answers_every_question_and_is_thanked(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    pages = 0
    for answer in ANSWERS:
        assert len(phone.form.options) == 1
        phone.choose(answer)
        pages += 1
    assert (phone.status, pages) == (200, 5)
    assert "Thank you" in phone.words
    with look() as session:
        assert session.scalars(select(Answer.code).order_by(Answer.id)).all() == [
            "very-satisfied", "yes", "not-sure", "", "yes",
        ]  # fmt: skip
        assert sorted(session.scalars(select(Alert.kind))) == ["contact-wish", "free-text"]


def test_someone_who_skips_every_question_is_thanked(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    for _ in ANSWERS:
        phone.skip()
    assert "Thank you" in phone.words
    with look() as session:
        assert session.scalars(select(Answer.is_skipped)).all() == [True] * 5


def test_the_first_submit_continues_and_the_second_skips(phone: Phone, link: str):
    phone.open(f"/s/{link}").press()
    assert phone.form.submits == [("", ""), ("skip", "1")]
    phone.choose("satisfied")
    assert phone.form.submits == [("", ""), ("skip", "1"), ("finish", "1")]


def test_a_question_names_its_item_and_its_codes(phone: Phone, link: str):
    phone.open(f"/s/{link}").press()
    assert phone.form.options == {
        "satisfied": [
            "very-satisfied",
            "satisfied",
            "neither",
            "dissatisfied",
            "very-dissatisfied",
            "prefer-not-to-say",
        ]
    }
    assert phone.form.hidden["step"] == "short-satisfaction:1:satisfied"


def test_get_and_head_a_hundred_times_write_nothing(phone: Phone, link: str, database: Database):
    before = everything(database)
    for _ in range(50):
        for path in (f"/s/{link}", f"/s/{link}/about", f"/s/{link}/stop", f"/s/{link}/1"):
            phone.client.get(path)
            phone.client.head(path)
    assert everything(database) == before


def test_get_and_head_after_the_start_write_nothing_either(
    phone: Phone, link: str, database: Database
):
    phone.open(f"/s/{link}").press().choose("satisfied")
    before = everything(database)
    paths = {f"/s/{link}/{part}" for part in (1, 2, 5, 99, "finish", "stop", "about")}
    for path in paths | {f"/s/{link}", "/leave"}:
        phone.client.head(path)
        phone.client.get(path)
    assert everything(database) == before


def test_reopening_the_link_goes_on_where_it_stopped_and_shows_nothing_earlier(
    phone: Phone, other_phone: Phone, link: str
):
    phone.open(f"/s/{link}").press().choose("very-satisfied").skip()
    for someone in (phone, other_phone):
        someone.open(f"/s/{link}")
        assert "Carry on" in someone.words
        someone.press()
        assert someone.path == f"/s/{link}/3"
        assert someone.item == "recommend"


def test_two_instruments_in_one_link_come_in_order(phone: Phone, make_link: MakeLink):
    link = make_link("self-assessment", "short-satisfaction")
    phone.open(f"/s/{link}").press()
    seen = []
    while phone.path != f"/s/{link}":
        seen.append(phone.form.hidden["step"].split(":")[0])
        phone.skip()
    assert Counter(seen) == {"self-assessment": 4, "short-satisfaction": 5}
    assert seen == sorted(seen)


def test_conditional_questions_keep_their_numbers_when_others_are_left_out(
    phone: Phone, make_link: MakeLink
):
    link = make_link("sus-tier-2")
    phone.open(f"/s/{link}").press()
    while phone.item != "affected-confidence":
        phone.skip()
    at = int(phone.path.rsplit("/", 1)[1])
    phone.choose("no")
    assert (phone.item, phone.path) == ("affected-accommodation", f"/s/{link}/{at + 2}")
    phone.choose("yes")
    assert (phone.item, phone.path) == ("helped-accommodation", f"/s/{link}/{at + 3}")


def test_the_progress_line_counts_the_questions_that_are_asked(phone: Phone, make_link: MakeLink):
    link = make_link("sus-tier-2")
    phone.open(f"/s/{link}").press()
    while phone.item != "affected-accommodation":
        phone.skip()
    assert "Question 9 of about 16" in phone.words
    phone.choose("yes")
    assert "Question 10 of about 17" in phone.words


def test_the_answer_is_committed_when_the_reply_is_made(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    reply = phone.client.post(phone.path, data=phone.form.hidden | {"satisfied": "neither"})
    assert reply.status_code == 303
    with look() as session:
        assert session.scalars(select(Answer.code)).all() == ["neither"]
        assert session.scalars(select(SurveyRequest.state)).all() == ["started"]
