"""The safe-contact form: what is recorded, what may go now, and what a change takes back."""

import re
from datetime import time

import pytest
from sqlalchemy import select

from survey_app.domain.requests import MessageState
from survey_app.store.audit import AuditRow
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from tests.builders import a_case
from tests.staff import csrf_of, send
from tests.staff_texts import a_text
from tests.texting import a_texting_service

PAGE = "/services/ours/cases/WM-1/safe-contact"
AS_IT_WAS = {
    "sms_consent": "yes",
    "sms_safe": "yes",
    "sms_preferred": "",
    "call_safe": "",
    "do_not_contact": "",
    "name_service": "",
    "days": "every",
    "how": "On the phone.",
}


@pytest.fixture
def text(database, service) -> OutboxMessage:
    with database.write(Scope.worker()) as session:
        return a_text(session, service, case_ref="WM-1")


def person_of(database, text) -> Person:
    with database.read(Scope.worker()) as session:
        return session.get_one(Person, text.person_id)


def message(database, text) -> OutboxMessage:
    with database.read(Scope.worker()) as session:
        return session.get_one(OutboxMessage, text.id)


def save(client, **fields):
    return send(client, PAGE, PAGE, **(AS_IT_WAS | fields))


def test_the_page_says_whether_a_text_may_go_now(client, caseworker, text):
    assert "Yes." in client.get(PAGE).text


def test_whoever_saves_second_loosens_nothing_and_is_shown_what_changed(
    client, caseworker, text, database
):
    shown = client.get(PAGE)
    stale = dict(re.findall(r'name="(seen-[a-z_]+)" value="([^"]*)"', shown.text))
    stale["csrf_token"] = csrf_of(shown)
    assert save(client, do_not_contact="yes", days="some", safe_days="thu").status_code == 302
    late = client.post(PAGE, data=AS_IT_WAS | stale | {"how": "At the door."})
    assert late.status_code == 409
    assert "Somebody changed this case meanwhile" in late.text
    words = "Does the person want no contact at all?</dt><dd>You were shown: Not recorded."
    assert f"{words} It now says: Yes." in late.text
    assert "It now says: Thursday." in late.text
    assert 'value="At the door."' in late.text
    assert person_of(database, text).do_not_contact == "yes"
    again = dict(re.findall(r'name="(seen-[a-z_]+)" value="([^"]*)"', late.text))
    knowingly = AS_IT_WAS | again | {"csrf_token": stale["csrf_token"], "do_not_contact": "no"}
    assert client.post(PAGE, data=knowingly).status_code == 302
    assert person_of(database, text).do_not_contact == "no"


def test_a_number_that_arrived_meanwhile_is_not_confirmed_unseen(
    client, caseworker, text, database
):
    shown = client.get(PAGE)
    stale = dict(re.findall(r'name="(seen-[a-z_]+)" value="([^"]*)"', shown.text))
    with database.write(Scope.worker()) as session:
        session.get_one(Person, text.person_id).mobile = "07700 900001"
    late = client.post(PAGE, data=AS_IT_WAS | stale | {"csrf_token": csrf_of(shown)})
    assert late.status_code == 409
    assert "It now says: 001." in late.text


def test_outside_safe_times_it_says_until_when(client, caseworker, text):
    save(client, days="some", safe_days="thu", safe_from="10:00", safe_until="11:00")
    page = client.get(PAGE).text
    assert "Not before 19 November 2026, 10:00." in page


def test_marking_the_number_unsafe_takes_the_text_back_and_says_why_none_may_go(
    client, caseworker, text, database
):
    assert save(client, sms_safe="no").status_code == 302
    page = client.get(PAGE).text
    assert "No. Texts to this number are not safe." in page
    assert "taken back" in page
    stored = message(database, text)
    assert (stored.state, stored.reason) == (MessageState.CANCELLED, "safety-changed")
    with database.read(Scope.worker()) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "change-safety")).one()
    assert (row.account_id, row.details["how"]) == (caseworker, "On the phone.")


def test_everything_that_is_asked_is_kept_and_shown_again(client, caseworker, text, database):
    save(
        client,
        sms_preferred="yes",
        call_safe="no",
        do_not_contact="no",
        name_service="unknown",
        days="some",
        safe_days="tue",
        safe_from="22:30",
        safe_until="06:15",
        checked_on="2026-11-16",
    )
    person = person_of(database, text)
    assert (person.sms_preferred, person.call_safe) == ("yes", "no")
    assert (person.do_not_contact, person.name_service) == ("no", "unknown")
    assert (person.safe_days, person.safe_from, person.safe_until) == (
        "tue",
        time(22, 30),
        time(6, 15),
    )
    assert person.safety_checked_on.isoformat() == "2026-11-16"
    page = client.get(PAGE).text
    for shown in ('value="22:30"', 'value="06:15"', 'value="tue" checked'):
        assert shown in page


def test_the_number_stays_as_it_was_and_only_its_end_is_shown(client, caseworker, text, database):
    before = person_of(database, text)
    save(client, sms_preferred="yes")
    after = person_of(database, text)
    assert (after.mobile, after.number_hash) == (before.mobile, before.number_hash)
    page = client.get(PAGE).text
    assert before.mobile not in page
    assert f"ends in {before.mobile[-3:]}" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"how": ""}, "Write how you checked"),
        ({"how": "x" * 201}, "at most 200"),
        ({"sms_safe": "perhaps"}, "Choose one of the answers."),
        ({"days": "never"}, "Choose one of the answers."),
        ({"safe_days": "mo"}, "Choose one of the answers."),
        ({"safe_from": "25:00"}, "Write the time as 09:00."),
        ({"safe_until": "late"}, "Write the time as 17:30."),
        ({"checked_on": "yesterday"}, "Not a valid date"),
        ({"checked_on": "2026-11-19"}, "has not come yet"),
    ],
)
def test_bad_input_says_what_is_wrong_and_changes_nothing(
    client, caseworker, text, database, fields, said
):
    answer = save(client, **({"sms_consent": "no"} | fields))
    assert answer.status_code == 400
    assert said in answer.text
    assert person_of(database, text).sms_consent == "yes"
    assert message(database, text).state == MessageState.PENDING


def test_a_case_of_another_service_is_not_there(client, caseworker, text, database):
    with database.write(Scope.worker()) as session:
        a_case(session, a_texting_service(session), case_ref="NOT-1")
    for page in ("safe-contact", "expected-text"):
        address = f"/services/ours/cases/NOT-1/{page}"
        assert client.get(address).status_code == 404
        assert send(client, PAGE, address, **AS_IT_WAS).status_code == 404


def test_a_case_without_anything_to_ask_says_so(client, caseworker, service, database):
    with database.write(Scope.worker()) as session:
        a_case(session, service, case_ref="WM-1")
    assert "Nothing is to be asked in this case" in client.get(PAGE).text
