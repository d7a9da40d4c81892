"""Leave at once, no more texts, finish now."""

from sqlalchemy import select

from survey_app.store.people import OptOut, Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone


def every_page(phone: Phone, link: str) -> list[str]:
    """The text of each kind of page that someone meets."""
    texts = [phone.open(f"/s/{link}").text]
    texts.append(phone.press().text)
    texts.append(phone.press().text)
    texts.append(phone.choose("satisfied").text)
    texts += [phone.open(f"/s/{link}/{part}").text for part in ("about", "finish", "stop")]
    texts.append(phone.press().text)
    phone.open(f"/s/{link}").press()
    for _ in range(4):
        phone.skip()
    return [*texts, phone.text, phone.open("/s/23456789abcd").text]


def test_every_page_can_be_left_and_stops_the_texts(phone: Phone, link: str):
    pages = every_page(phone, link)
    assert len(pages) == 10
    for page in pages:
        assert 'id="leave" href="/leave"' in page
        assert "Leave this page" in page
        assert "No more texts" in page


def test_leaving_ends_the_session_first_and_goes_where_the_service_says(
    phone: Phone, make_link: MakeLink
):
    link = make_link(service={"quick_exit_url": "https://weather.example.org/"})
    phone.open(f"/s/{link}").press()
    reply = phone.client.get("/leave")
    assert (reply.status_code, reply.headers["Location"]) == (303, "https://weather.example.org/")
    assert reply.headers["Set-Cookie"].startswith("s=;")
    assert phone.client.get_cookie("s") is None
    assert phone.open(f"/s/{link}/1").path == f"/s/{link}"


def test_leaving_without_a_session_goes_to_a_neutral_site(phone: Phone):
    assert phone.client.get("/leave").headers["Location"] == "https://www.bbc.co.uk/weather"


def test_leaving_goes_nowhere_that_the_address_asks_for(phone: Phone):
    reply = phone.client.get("/leave?to=https://evil.example.org&x=https://evil.example.org")
    assert "evil" not in reply.headers["Location"]


def test_stopping_needs_a_press_and_leaves_the_link_open(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}/stop")
    with look() as session:
        assert session.scalars(select(OptOut)).all() == []
    phone.press()
    assert "we will not text that phone again" in phone.words
    with look() as session:
        (person,) = session.scalars(select(Person))
        assert session.get_one(OptOut, person.number_hash).source == "page"
        assert session.scalars(select(SurveyRequest.opted_out_at)).one() is not None
    assert phone.open(f"/s/{link}").press().path == f"/s/{link}/1"


def test_a_lost_cookie_on_the_stop_page_costs_one_press(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}/stop")
    phone.client.delete_cookie("s")
    phone.press()
    assert phone.path == f"/s/{link}/stop"
    phone.press()
    with look() as session:
        assert len(session.scalars(select(OptOut)).all()) == 1


def test_finish_now_saves_the_choice_asks_once_more_and_ends(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press().choose("satisfied")
    phone.press(2, use_again="yes")
    assert phone.path == f"/s/{link}/finish"
    assert "You have answered 2 questions" in phone.words
    assert "about 3 questions left" in phone.words
    with look() as session:
        assert session.scalars(select(SurveyRequest.state)).one() == "started"
    phone.press()
    assert "Thank you" in phone.words
    with look() as session:
        request = session.scalars(select(SurveyRequest)).one()
        assert (request.state, request.end_reason) == ("completed", "finished-early")
        assert session.scalars(select(Response.is_complete)).one() is True
        assert session.scalars(select(Answer.code)).all() == ["satisfied", "yes"]


def test_finish_now_without_a_choice_leaves_the_question_open(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press().choose("satisfied").press(2)
    assert phone.path == f"/s/{link}/finish"
    with look() as session:
        assert session.scalars(select(Answer.item)).all() == ["satisfied"]
    assert f"/s/{link}/2" in phone.links


def test_finish_now_with_a_choice_that_is_none_shows_the_page_again(phone: Phone, link: str):
    phone.open(f"/s/{link}").press().choose("satisfied").press(2, use_again="maybe")
    assert (phone.status, phone.item) == (400, "use-again")


def test_finish_now_on_the_last_question_with_an_answer_simply_ends(phone: Phone, link: str):
    phone.open(f"/s/{link}").press().choose("satisfied").skip().skip().skip()
    phone.press(2, contact_me="no")
    assert "Thank you" in phone.words


def test_the_finish_page_needs_a_session(other_phone: Phone, link: str):
    assert other_phone.open(f"/s/{link}/finish").path == f"/s/{link}"


def test_even_a_page_about_a_fault_can_be_left(phone: Phone, link: str):
    fault = phone.client.put(f"/s/{link}/1")
    assert fault.status_code == 405
    assert 'id="leave" href="/leave"' in fault.get_data(as_text=True)
