"""The card shows the text exactly as it will come, and keeps the word that they choose."""

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from survey_app.messaging.segments import segmented
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.run_due import run_due
from tests.staff import csrf_of, send
from tests.texting import a_due_request

PAGE = "/services/ours/cases/WM-1/expected-text"


@pytest.fixture
def person_id(database, service) -> int:
    with database.write(Scope.worker()) as session:
        request = a_due_request(session, service, case={"case_ref": "WM-1"})
        get_service(session, "ours").sender = "07700 900111"
        return session.scalars(
            select(Person.id).where(Person.service_id == request.service_id)
        ).one()


def change(database, person_id: int, **facts) -> None:
    with database.write(Scope.worker()) as session:
        person = session.get_one(Person, person_id)
        for name, value in facts.items():
            setattr(person, name, value)


def bodies(page: str) -> list[str]:
    return [unescape(b) for b in re.findall(r'phone-text__body"[^>]*>([^<]*)<', page)]


def save(client, word: str):
    return send(client, PAGE, PAGE, check_word=word)


@pytest.mark.parametrize("facts", [{"sender": ""}, {"sms_provider": "notify"}])
def test_a_sender_that_nobody_knows_yet_is_said_not_to_be_known(
    client, caseworker, person_id, database, facts
):
    with database.write(Scope.worker()) as session:
        service = get_service(session, "ours")
        for name, value in facts.items():
            setattr(service, name, value)
    page = client.get(PAGE).text
    assert "It is not known yet which number or name this text comes from" in page
    assert "services set --service ours --sender NAME" in page
    assert "From 07700 900111" not in page


def test_word_and_sender_are_those_of_the_text_that_comes(
    client, caseworker, person_id, database, runtime
):
    assert save(client, "maple").status_code == 302
    page = client.get(PAGE).text
    invitation, reminder = bodies(page)
    assert "From 07700 900111" in page
    assert "A reminder" in reminder
    run_due(runtime)
    with database.read(Scope.worker()) as session:
        came = session.scalars(select(SimulatedText)).one()
    assert came.sender == "07700 900111"
    assert re.sub(r"/s/[0-9a-z]{12}", "/s/" + "x" * 12, came.body) == invitation
    assert "Your word is maple." in invitation


@pytest.mark.parametrize(("may_name", "is_named"), [("yes", True), ("no", False), (None, False)])
def test_the_service_is_named_only_where_they_agreed(
    client, caseworker, person_id, database, may_name, is_named
):
    change(database, person_id, name_service=may_name)
    assert ("Our service" in bodies(client.get(PAGE).text)[0]) is is_named


def test_parts_are_counted_and_a_word_in_another_script_takes_more(client, caseworker, person_id):
    assert "1 part;" in client.get(PAGE).text
    save(client, "درخت")
    page = client.get(PAGE).text
    parts = segmented(bodies(page)[0]).segments
    assert parts > 1
    assert f"{parts} parts, in letters that take more room; the provider charges" in page


def test_a_language_without_a_text_is_said_to_staff(client, caseworker, person_id, database):
    change(database, person_id, language="tlh")
    page = client.get(PAGE).text
    assert "recorded as tlh. The service does not offer it" in page
    assert 'lang="en" dir="auto"' in page


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("two words", "Choose one word"),
        ("a1b2", "letters only"),
        ("ab", "at least 3"),
        ("a" * 21, "at most 20"),
    ],
)
def test_a_word_that_cannot_be_one_is_refused_and_shown_again(
    client, caseworker, person_id, database, word, said
):
    answer = save(client, word)
    assert answer.status_code == 400
    assert said in answer.text
    assert f'value="{word}"' in answer.text
    assert word not in bodies(answer.text)[0]
    with database.read(Scope.worker()) as session:
        assert session.get_one(Person, person_id).check_word is None
        assert session.scalars(select(OutboxMessage)).all() == []


def test_the_price_is_shown_where_it_was_set(client, app, caseworker, person_id):
    runtime = app.extensions["runtime"]
    settings = replace(runtime.settings, sms_pence_per_part=4.2)
    app.extensions["runtime"] = replace(runtime, settings=settings)
    assert "1 part, about 4.2 pence." in client.get(PAGE).text


def test_a_word_agreed_meanwhile_is_not_overwritten(client, caseworker, person_id, database):
    stale = {"csrf_token": csrf_of(client.get(PAGE)), "seen-check_word": ""}
    assert save(client, "willow").status_code == 302
    late = client.post(PAGE, data=stale | {"check_word": "birch"})
    assert late.status_code == 409
    assert "It now says: willow. You wrote: birch." in late.text
    assert 'value="birch"' in late.text
    with database.read(Scope.worker()) as session:
        assert session.get_one(Person, person_id).check_word == "willow"
    assert client.post(PAGE, data=stale | {"check_word": "willow"}).status_code == 302
