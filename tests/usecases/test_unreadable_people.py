"""One person who cannot be read holds up nobody else, at any step; their own text waits."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from survey_app.domain.requests import (
    NUMBER_UNREADABLE,
    UNREADABLE,
    AlertKind,
    MessageState,
    RequestState,
)
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.listing import texts_of
from survey_app.messaging.providers.callbacks import IncomingText
from survey_app.settings import Settings
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import latest_decisions
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.people import Person
from survey_app.store.received_texts import ReceivedText
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.unreadable import CANNOT_BE_READ
from survey_app.usecases.agree_check_word import agree_check_word
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.decider import Decider
from survey_app.usecases.hear_texts import hear_kept_texts, hear_text
from survey_app.usecases.incoming_text import keep_text
from survey_app.usecases.opt_out import OptOutSource, opt_out
from survey_app.usecases.resend_text import ResendRefusal, resend_text
from survey_app.usecases.run_due import run_due
from tests.spoiled import copy_value, spoil
from tests.staff import an_account
from tests.texting import a_due_request, a_number, a_texting_service
from tests.world import NOON, TEST_KEYS

SETTINGS = Settings(keys=TEST_KEYS)
NUMBERS = ("101", "102", "103")


@pytest.fixture
def process(database, clock) -> Runtime:
    """Settings, database and clock, as a worker holds them."""
    return Runtime(SETTINGS, database, clock)


@pytest.fixture
def due(process) -> list[int]:
    """Ids of three due requests of one service."""
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours")
        return [a_due_request(session, service, last_three=n).id for n in NUMBERS]


def person_id(process, request_id: int) -> int:
    with process.database.read(Scope.worker()) as session:
        case_id = session.get_one(SurveyRequest, request_id).case_id
        return session.get_one(Case, case_id).person_id


def texts(process) -> dict[int, tuple[str, str | None]]:
    """State and reason of the newest text of each request."""
    with process.database.read(Scope.worker()) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        return {m.request_id: (m.state, m.reason) for m in rows}


def phones(process) -> list[str]:
    with process.database.read(Scope.worker()) as session:
        sent = session.scalars(select(SimulatedText).order_by(SimulatedText.id))
        return [text.to[-3:] for text in sent]


@pytest.mark.parametrize("column", ["mobile", "date_of_birth", "check_word"])
def test_who_cannot_be_read_is_not_invited_and_everybody_else_is(process, due, column):
    spoil(process.database, "people", column, person_id(process, due[1]))
    counts = run_due(process)
    assert texts(process) == {
        due[0]: (MessageState.DELIVERED, None),
        due[1]: (MessageState.UNKNOWN, UNREADABLE),
        due[2]: (MessageState.DELIVERED, None),
    }
    assert phones(process) == ["101", "103"]
    assert (counts.invitations.queued, counts.as_json()["set_aside"]) == (2, {UNREADABLE: 1})
    again = run_due(process)
    assert again.is_empty, "it is set aside once, not round after round"


def test_a_number_that_was_copied_into_another_persons_row_is_texted_once(process, due):
    ids = [person_id(process, request_id) for request_id in due]
    copy_value(process.database, "people", "mobile", ids[0], ids[2])
    counts = run_due(process)
    assert phones(process) == ["101", "102"]
    assert texts(process)[due[2]] == (MessageState.UNKNOWN, NUMBER_UNREADABLE)
    assert counts.invitations.queued == 2, "never written with the other's number"
    assert counts.as_json()["set_aside"] == {NUMBER_UNREADABLE: 1}
    assert run_due(process).is_empty


def test_a_refusal_of_somebody_who_cannot_be_read_is_kept_with_its_facts(process, due):
    spoil(process.database, "people", "date_of_birth", person_id(process, due[1]))
    run_due(process)
    with process.database.read(Scope.worker()) as session:
        assert session.get_one(SurveyRequest, due[1]).refusal == Refusal.UNREADABLE
        decision = session.scalars(
            select(ContactDecision).where(ContactDecision.request_id == due[1])
        ).one()
        assert (decision.reason, decision.facts["unreadable"]) == ("unreadable", ["date_of_birth"])


@pytest.mark.parametrize("column", ["mobile", "date_of_birth"])
def test_facts_are_gathered_for_all_though_one_person_cannot_be_read(process, due, column):
    spoil(process.database, "people", column, person_id(process, due[0]))
    with process.database.read(Scope.worker()) as session:
        facts = contact_facts(session, due)
    assert [facts[i].unreadable for i in due] == [{column}, set(), set()]
    assert facts[due[0]].born_on is None


@pytest.mark.parametrize("column", ["mobile", "date_of_birth", "check_word"])
def test_who_cannot_be_read_is_not_reminded_and_everybody_else_is(process, due, clock, column):
    run_due(process)
    spoil(process.database, "people", column, person_id(process, due[1]))
    clock.move(days=7, hours=1)
    run_due(process)
    assert texts(process)[due[1]] == (MessageState.UNKNOWN, UNREADABLE)
    assert phones(process) == ["101", "102", "103", "101", "103"]


def test_requests_of_people_who_cannot_be_read_expire_in_time(process, due, clock):
    spoil(process.database, "people", "mobile", person_id(process, due[1]))
    run_due(process)
    clock.move(days=29)
    assert run_due(process).expired == 3
    with process.database.read(Scope.worker()) as session:
        states = session.scalars(select(SurveyRequest.state)).all()
    assert set(states) == {RequestState.EXPIRED}


@pytest.mark.parametrize("column", ["mobile", "date_of_birth", "check_word"])
def test_who_cannot_be_read_can_opt_out(process, due, column):
    theirs = person_id(process, due[1])
    spoil(process.database, "people", column, theirs)
    with process.database.write(Scope.worker()) as session:
        opt_out(session, theirs, OptOutSource.PAGE, NOON)
    run_due(process)
    assert phones(process) == ["101", "103"]
    with process.database.read(Scope.worker()) as session:
        assert session.get_one(SurveyRequest, due[1]).refusal == Refusal.OPTED_OUT


def test_a_decision_that_cannot_be_read_is_made_anew(process, due):
    run_due(process)
    with process.database.write(Scope.worker()) as session:
        decisions = latest_decisions(session, due[:1])
        [decision] = decisions.values()
    spoil(process.database, "decisions", "facts", decision.id)
    with process.database.write(Scope.worker()) as session:
        decide_again(session, [person_id(process, due[0])], NOON)
        [latest] = latest_decisions(session, due[:1]).values()
        assert latest.id > decision.id


def test_a_stop_whose_words_cannot_be_read_stops_and_staff_are_told(process, due):
    text = IncomingText("twilio", "SM" + "a" * 32, "+447700900101", "STOP")
    with process.database.write(Scope.worker()) as session:
        kept = keep_text(session, text, SETTINGS, NOON)
        kept_id = kept.id
    spoil(process.database, "received_texts", "body", kept_id)
    assert hear_kept_texts(process) == 1
    with process.database.read(Scope.worker()) as session:
        assert session.get_one(Person, person_id(process, due[0])).opted_out_at == NOON
        assert session.get_one(ReceivedText, kept_id).handled_at == NOON
        alert = session.scalars(select(Alert)).one()
        assert (alert.kind, alert.is_urgent) == (AlertKind.REPLY, True)


def test_others_are_heard_though_one_text_cannot_be_read(process, due):
    hear_text(process, IncomingText("twilio", "SM" + "b" * 32, "+447700900102", "Please ring me"))
    with process.database.read(Scope.worker()) as session:
        assert session.scalars(select(Alert.is_urgent)).all() == [False]


def test_somebody_who_cannot_be_read_is_not_sent_a_text_again(process, due):
    run_due(process)
    with process.database.write(Scope.worker()) as session:
        message_id = session.scalars(
            select(OutboxMessage.id).where(OutboxMessage.request_id == due[1])
        ).one()
        account_id = an_account(session).id
    spoil(process.database, "people", "check_word", person_id(process, due[1]))
    with process.database.write(Scope.worker()) as session:
        by = Decider(account_id, "asked on the phone", NOON + timedelta(days=1))
        resent = resend_text(session, message_id, by, SETTINGS, says_it_did_not_arrive=True)
    assert (resent.refusal, resent.reason) == (ResendRefusal.NOT_ALLOWED, Refusal.UNREADABLE)
    assert texts(process)[due[1]] == (MessageState.UNKNOWN, UNREADABLE)


@pytest.mark.parametrize("typed", ["maple", ""])
def test_a_word_that_cannot_be_read_is_agreed_anew_or_taken_away(process, due, typed):
    theirs = person_id(process, due[1])
    spoil(process.database, "people", "check_word", theirs)
    with process.database.write(Scope.worker()) as session:
        account_id = an_account(session).id
        outcome = agree_check_word(session, theirs, typed, account_id=account_id, now=NOON, seen="")
    assert outcome is None
    with process.database.read(Scope.worker()) as session:
        assert session.get_one(Person, theirs).check_word == (typed or None)
    run_due(process)
    assert "102" in phones(process)


def test_a_list_of_texts_shows_all_though_what_one_phone_got_cannot_be_read(process, due):
    run_due(process)
    with process.database.read(Scope.worker()) as session:
        kept = session.scalars(select(SimulatedText.id).order_by(SimulatedText.id)).all()
        service_id = session.get_one(SurveyRequest, due[0]).service_id
    spoil(process.database, "simulated_texts", "body", kept[1])
    with process.database.read(Scope.worker()) as session:
        bodies = [text.body for text in texts_of(session, service_id)]
    assert bodies[1] == CANNOT_BE_READ
    assert all(body.startswith("Hello") for body in (bodies[0], bodies[2]))


def test_the_simulated_phones_go_on_reporting(process, due, clock):
    with process.database.write(Scope.worker()) as session:
        service_id = session.get_one(SurveyRequest, due[0]).service_id
        session.add(
            SimulatedText(
                provider_message_id="SIM1",
                to="+447700900101",
                sender="",
                body="x",
                status="taken",
                received_at=NOON,
            )
        )
        session.flush()
        first = session.scalars(select(SimulatedText.id)).one()
    spoil(process.database, "simulated_texts", "to", first)
    assert run_due(process).delivered == 4
    assert service_id


def test_a_birth_date_that_can_be_read_again_is_judged_again(process, due):
    theirs = person_id(process, due[1])
    spoil(process.database, "people", "date_of_birth", theirs)
    run_due(process)
    with process.database.write(Scope.worker()) as session:
        session.get_one(Person, theirs).date_of_birth = date(1980, 1, 1)
        decide_again(session, [theirs], NOON)
        assert session.get_one(SurveyRequest, due[1]).refusal is None
    assert a_number("102")["mobile"] == "+447700900102"
