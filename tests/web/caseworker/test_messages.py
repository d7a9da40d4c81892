"""The list of texts, one request's texts and decisions, and sending one again."""

import re

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.requests import (
    A_PERSON_DECIDES,
    HANDLING_FAILED,
    NUMBER_UNREADABLE,
    UNREADABLE,
    MessageState,
)
from survey_app.reporting.staff_texts import PAGE, Shown
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.invite import invite_due
from tests.messaging.queued import SETTINGS
from tests.staff import send
from tests.staff_texts import a_text
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

LIST = "/services/ours/messages"
STATES = {
    Shown.WAITING: {"state": MessageState.PENDING},
    Shown.DEFERRED: {"state": MessageState.PENDING, "reason": "outside-safe-hours"},
    Shown.SENT: {"state": MessageState.ACCEPTED},
    Shown.DELIVERED: {"state": MessageState.DELIVERED},
    Shown.FAILED: {
        "state": MessageState.FAILED,
        "reason": "undelivered",
        "failure_code": "30003",
    },
    Shown.UNDECIDED: {"state": MessageState.UNKNOWN, "reason": A_PERSON_DECIDES},
    Shown.TAKEN_BACK: {"state": MessageState.CANCELLED, "reason": "safety-changed"},
}
SAID = {
    Shown.WAITING: "Due 18 November 2026, 12:00.",
    Shown.DEFERRED: "Not before 18 November 2026, 12:00. It is outside",
    Shown.REFUSED: "Texts to this number are not safe. There is no other way to ask.",
    Shown.SENT: "No word yet whether it arrived.",
    Shown.DELIVERED: "It arrived 18 November 2026, 12:00.",
    Shown.FAILED: "Try again on another day. (Code 30003.)",
    Shown.UNDECIDED: "Ask the person, then send it again or let it be.",
    Shown.TAKEN_BACK: "Somebody changed how the person may safely be contacted.",
}


@pytest.fixture
def one_of_each(database, service):
    """A text in every state, somebody who is refused one, and as many in another service."""
    with database.write(Scope.worker()) as session:
        elsewhere = a_texting_service(session)
        for owner, prefix in ((service, "OUR"), (elsewhere, "NOT")):
            for shown, facts in STATES.items():
                a_text(session, owner, case_ref=f"{prefix}-{shown}", **facts)
            refused = a_due_request(session, owner, case={"case_ref": f"{prefix}-refused"})
            refused.refusal, refused.channel = "unsafe", None


@pytest.mark.parametrize("shown", list(Shown))
def test_each_list_says_what_became_of_its_texts_and_holds_no_others(
    client, caseworker, one_of_each, shown
):
    page = client.get(LIST, query_string={"show": shown}).text
    assert re.findall(r"OUR-[a-z-]+", page) == [f"OUR-{shown}"]
    assert SAID[shown] in page
    assert "NOT-" not in page


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (UNREADABLE, "This cannot be read: tell your administrator."),
        (NUMBER_UNREADABLE, "The number that is recorded is not this person"),
        (HANDLING_FAILED, "Something went wrong here with this text: tell your administrator."),
    ],
)
def test_a_text_that_is_set_aside_says_why_and_what_to_do(
    client, caseworker, service, database, reason, said
):
    with database.write(Scope.worker()) as session:
        text = a_text(session, service, MessageState.UNKNOWN, reason=reason, case_ref="OUR-aside")
        request_id = text.request_id
    page = client.get(LIST, query_string={"show": Shown.UNDECIDED}).text
    assert "OUR-aside" in page
    assert said in page
    assert said in client.get(f"{LIST}/{request_id}").text


def test_all_texts_stand_newest_first_with_a_count_for_each_list(client, caseworker, one_of_each):
    page = client.get(LIST).text
    assert re.findall(r"OUR-[a-z-]+", page) == [f"OUR-{shown}" for shown in reversed(STATES)]
    assert page.count("<strong>1</strong>") == len(Shown)


def test_no_number_name_or_link_is_on_any_page(client, caseworker, one_of_each, database):
    with database.read(Scope.worker()) as session:
        mobiles = [m for m in session.scalars(select(Person.mobile)) if m]
        ids = session.scalars(select(OutboxMessage.request_id)).all()
    pages = [client.get(LIST).text, *(client.get(f"{LIST}/{i}").text for i in ids)]
    for page in pages:
        assert not [m for m in mobiles if m in page or m[-9:] in page]
        assert "/s/" not in page


def test_pages_follow_by_key_without_gap_or_repeat(client, caseworker, service, database):
    with database.write(Scope.worker()) as session:
        for n in range(PAGE + 3):
            a_text(session, service, case_ref=f"REF-{n:03d}")
    first = client.get(LIST).text
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&")).text
    seen = re.findall(r"REF-\d+", first) + re.findall(r"REF-\d+", second)
    assert seen == [f"REF-{n:03d}" for n in reversed(range(PAGE + 3))]
    assert 'rel="next"' not in second


@pytest.mark.parametrize("key", ["x", "-1", "1e3", "9" * 30, "²"])
def test_a_hand_edited_key_starts_from_the_top(client, caseworker, one_of_each, key):
    answer = client.get(LIST, query_string={"before": key})
    assert answer.status_code == 200
    assert "OUR-waiting" in answer.text


def test_an_invented_list_is_not_there_and_an_empty_one_says_so(client, caseworker):
    for name in ("show", "state"):
        unknown = client.get(LIST, query_string={name: "secret"})
        assert unknown.status_code == 404
        assert "There is no such list. Here are all texts" in unknown.text
    assert "No text was queued yet" in client.get(LIST).text
    assert "No text is in this list" in client.get(LIST, query_string={"show": "failed"}).text


@pytest.fixture
def decided(database, service) -> tuple[int, int]:
    """Request and text of somebody whose number became unsafe after the text was queued."""
    with database.write(Scope.worker()) as session:
        request = a_due_request(session, service, case={"case_ref": "WM-1"})
        invite_due(session, SETTINGS, NOON)
        message = session.scalars(select(OutboxMessage)).one()
        session.get_one(Person, message.person_id).sms_safe = "no"
        session.flush()
        decide_again(session, [message.person_id], NOON)
        return request.id, message.id


def test_the_stored_decisions_are_shown_with_reason_time_and_facts(client, caseworker, decided):
    page = client.get(f"{LIST}/{decided[0]}").text
    assert page.index("No. Texts to this number are not safe.") < page.index("Yes.")
    assert page.count("18 November 2026, 12:00: text") == 2
    assert re.findall(r"<dt>Texts are safe</dt><dd>(\w+)</dd>", page) == ["no", "yes"]


def test_facts_about_a_person_are_for_case_staff(client, signed_in_as, decided):
    signed_in_as(Role.ADMINISTRATOR)
    page = client.get(f"{LIST}/{decided[0]}").text
    assert "Texts to this number are not safe." in page
    assert "Texts are safe" not in page
    assert "Safe contact" not in page


@pytest.fixture
def failed(database, service) -> OutboxMessage:
    with database.write(Scope.worker()) as session:
        return a_text(session, service, MessageState.FAILED, reason="undelivered")


def states(database) -> list[str]:
    with database.read(Scope.worker()) as session:
        return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)))


def press(client, text, action="resend", **fields):
    page = f"{LIST}/{text.request_id}"
    return send(client, page, f"{page}/{text.id}/{action}", **fields)


def test_sending_again_needs_a_reason(client, caseworker, failed, database):
    for why in ("", "  ", "x" * 201):
        answer = press(client, failed, why=why)
        assert answer.status_code == 400
        assert "There is a problem" in answer.text
        assert f'href="#why-{failed.id}"' in answer.text
    assert states(database) == ["failed"]


def test_a_text_is_sent_again_for_a_reason_once(client, caseworker, failed, database):
    assert press(client, failed, why="She rang.").status_code == 302
    assert "asked once more whether it is safe" in client.get(LIST).text
    assert press(client, failed, why="She rang.").status_code == 302
    assert "on its way already" in client.get(LIST).text
    assert states(database) == ["failed", "pending"]


def test_a_doubtful_text_is_sent_again_only_when_said_not_to_have_arrived(
    client, caseworker, database, service
):
    with database.write(Scope.worker()) as session:
        text = a_text(session, service, MessageState.UNKNOWN, reason=A_PERSON_DECIDES)
    press(client, text, why="x")
    assert "may have arrived" in client.get(LIST).text
    assert states(database) == ["unknown"]
    press(client, text, why="x", did_not_arrive="yes")
    assert states(database) == ["failed", "pending"]


def test_a_doubtful_text_is_let_be(client, caseworker, database, service):
    with database.write(Scope.worker()) as session:
        text = a_text(session, service, MessageState.UNKNOWN, reason=A_PERSON_DECIDES)
    assert press(client, text, "give-up").status_code == 400
    assert press(client, text, "give-up", why="Nobody answers.").status_code == 302
    assert states(database) == ["failed"]


def test_a_text_of_another_service_or_request_is_not_there(
    client, caseworker, failed, database, service
):
    with database.write(Scope.worker()) as session:
        foreign = a_text(session, a_texting_service(session), MessageState.FAILED)
        other = a_text(session, service, MessageState.FAILED)
    assert client.get(f"{LIST}/{foreign.request_id}").status_code == 404
    page = f"{LIST}/{failed.request_id}"
    for act in ("resend", "give-up"):
        for text in (foreign, other):
            assert send(client, page, f"{page}/{text.id}/{act}", why="x").status_code == 404
    assert states(database) == ["failed"] * 3
