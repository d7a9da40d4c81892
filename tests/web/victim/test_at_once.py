"""Real posts at the same instant, on both databases: one response, one answer, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey_app.store.pairs import Pair
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone

AT_ONCE = 4
Post = tuple[FlaskClient, str, dict[str, str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Waiting for one another is what differs between the two."""
    return str(request.param)


def at_once(*posts: Post) -> list[TestResponse]:
    """Send all of them at the same instant; the replies in the order given."""
    ready = Barrier(len(posts))

    def send(post: Post) -> TestResponse:
        client, path, data = post
        ready.wait()
        return client.post(path, data=data)

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(send, posts))


def twins(app: Flask, phone: Phone) -> list[FlaskClient]:
    """As many taps of one phone as there are at once: each sends the same cookie."""
    cookie = phone.client.get_cookie("s")
    assert cookie is not None
    taps = [app.test_client() for _ in range(AT_ONCE)]
    for tap in taps:
        tap.set_cookie("s", cookie.value)
    return taps


def count(look: Look, *columns: object) -> list[int]:
    """How many rows each has."""
    with look() as session:
        return [session.scalar(select(func.count(column))) for column in columns]


def test_start_pressed_twice_at_once_makes_one_response(
    app: Flask, phone: Phone, link: str, look: Look
):
    form = phone.open(f"/s/{link}").form.hidden
    replies = at_once(*[(tap, f"/s/{link}", form) for tap in twins(app, phone)])
    assert {reply.headers["Location"] for reply in replies} == {f"/s/{link}/1"}
    assert count(look, Response.id) == [1]


def test_an_answer_sent_twice_at_once_is_kept_once(app: Flask, phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    form = phone.form.hidden | {"satisfied": "neither"}
    replies = at_once(*[(tap, f"/s/{link}/1", form) for tap in twins(app, phone)])
    assert {(reply.status_code, reply.headers["Location"]) for reply in replies} == {
        (303, f"/s/{link}/2")
    }
    assert count(look, Answer.id) == [1]


def test_the_last_answer_sent_twice_at_once_ends_once(
    app: Flask, phone: Phone, make_link: MakeLink, look: Look
):
    link = make_link("self-assessment")
    phone.open(f"/s/{link}").press()
    for _ in range(3):
        phone.choose("3")
    form, path = phone.form.hidden | {phone.item: "4"}, phone.path
    replies = at_once(*[(tap, path, form) for tap in twins(app, phone)])
    assert {(reply.status_code, reply.headers["Location"]) for reply in replies} == {
        (303, f"/s/{link}")
    }
    assert count(look, Answer.id, Pair.id) == [4, 4]
    with look() as session:
        assert session.scalars(select(SurveyRequest.state)).one() == "completed"


def test_two_phones_that_answer_different_questions_at_once_lose_neither(
    phone: Phone, other_phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press().choose("satisfied")
    other_phone.open(f"/s/{link}").press()
    first = other_phone.open(f"/s/{link}/1").form.hidden | {"satisfied": "neither"}
    second = phone.form.hidden | {"use-again": "yes"}
    at_once((other_phone.client, f"/s/{link}/1", first), (phone.client, f"/s/{link}/2", second))
    with look() as session:
        kept = dict(session.execute(select(Answer.item, Answer.code)).all())
    assert kept == {"satisfied": "neither", "use-again": "yes"}


def test_an_answer_and_finish_now_at_once_end_in_one_of_two_whole_ways(
    phone: Phone, other_phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press().choose("satisfied")
    other_phone.open(f"/s/{link}").press()
    late = other_phone.form.hidden | {"use-again": "yes"}
    done = phone.open(f"/s/{link}/finish").form.hidden
    at_once((phone.client, f"/s/{link}/finish", done), (other_phone.client, f"/s/{link}/2", late))
    with look() as session:
        assert session.scalars(select(SurveyRequest.state)).one() == "completed"
        assert session.scalars(select(Response.is_complete)).one() is True
        kept = set(session.scalars(select(Answer.item)))
    assert kept in ({"satisfied"}, {"satisfied", "use-again"})
