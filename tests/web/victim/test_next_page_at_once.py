"""A phone whose script says so gets the next question in reply; what it gets is the same page."""

from sqlalchemy import select

from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer
from tests.catalogues import CatalogueFolder
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone

AT_ONCE = {"at-once": ""}


def test_start_and_answer_are_answered_with_the_page_that_the_redirect_would_lead_to(
    phone: Phone, link: str
):
    start = phone.open(f"/s/{link}").form.hidden
    first = phone.client.post(f"/s/{link}", data=start | AT_ONCE)
    assert (first.status_code, first.text) == (200, phone.client.get(f"/s/{link}/1").text)
    phone.open(f"/s/{link}/1")
    second = phone.client.post(
        phone.path, data=phone.form.hidden | {"satisfied": "neither"} | AT_ONCE
    )
    asked_for = phone.client.get(f"/s/{link}/2")
    assert (second.status_code, second.text) == (200, asked_for.text)
    assert f'action="/s/{link}/2"' in second.text
    for name in ("Cache-Control", "Content-Security-Policy", "Referrer-Policy", "Vary"):
        assert second.headers[name] == asked_for.headers[name]


def test_what_is_shown_at_once_was_committed_before(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    phone.client.post(phone.path, data=phone.form.hidden | {"satisfied": "neither"} | AT_ONCE)
    with look() as session:
        assert session.scalars(select(Answer.code)).all() == ["neither"]


def test_sending_it_again_changes_nothing(phone: Phone, link: str, look: Look):
    phone.open(f"/s/{link}").press()
    data = phone.form.hidden | {"satisfied": "neither"} | AT_ONCE
    pages = [phone.client.post(f"/s/{link}/1", data=data).text for _ in range(2)]
    assert pages[0] == pages[1]
    with look() as session:
        assert session.scalars(select(Answer.code)).all() == ["neither"]


def test_what_happened_is_said_at_once_and_only_once(phone: Phone, make_link: MakeLink):
    link = make_link("self-assessment")
    phone.open(f"/s/{link}").press()
    while phone.item != "feeling-safe":
        phone.choose("3")
    unsafe = phone.form.options["feeling-safe"][0]
    data = phone.form.hidden | {"feeling-safe": unsafe} | AT_ONCE
    reply = phone.client.post(phone.path, data=data)
    assert "you may not be safe" in reply.text
    assert "116 123" in reply.text
    assert "you may not be safe" not in phone.client.get(f"/s/{link}/4").text


def test_the_last_answer_the_finish_and_what_is_out_of_date_still_lead_on(
    phone: Phone, link: str, look: Look
):
    phone.open(f"/s/{link}").press().choose("satisfied")
    form = phone.form.hidden
    outdated = phone.client.post(f"/s/{link}/1", data=form | {"satisfied": "neither"} | AT_ONCE)
    assert outdated.headers["Location"] == f"/s/{link}/2"
    finish = phone.client.post(f"/s/{link}/2", data=form | {"finish": "1"} | AT_ONCE)
    assert finish.headers["Location"] == f"/s/{link}/finish"
    phone.open(f"/s/{link}/2").skip().skip().skip()
    last = phone.client.post(phone.path, data=phone.form.hidden | {"skip": "1"} | AT_ONCE)
    assert last.headers["Location"] == f"/s/{link}"
    with look() as session:
        assert session.scalars(select(SurveyRequest.state)).one() == "completed"


def test_it_is_in_the_language_that_was_chosen_with_the_start(
    phone: Phone, make_link: MakeLink, catalogue_folder: CatalogueFolder
):
    catalogue_folder.make("cy")
    link = make_link(service={"draft_languages": ["cy"]})
    form = phone.open(f"/s/{link}?lang=cy").form.hidden
    reply = phone.client.post(f"/s/{link}", data=form | AT_ONCE)
    assert '<html lang="cy"' in reply.text
    assert reply.text == phone.client.get(f"/s/{link}/1").text
