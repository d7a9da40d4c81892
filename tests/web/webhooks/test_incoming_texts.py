"""What people text back is done or read by staff, once, and nobody is answered."""

import pytest
from sqlalchemy import select

from survey_app.domain.requests import AlertKind, MessageState
from survey_app.store.alerts import Alert
from survey_app.store.audit import AuditRow
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.received_texts import ReceivedText
from survey_app.store.scope import Scope
from survey_app.usecases import incoming_text
from survey_app.usecases.hear_texts import hear_kept_texts
from survey_app.usecases.opt_out import OptOutSource, opt_out
from survey_app.usecases.run_due import run_due
from tests.builders import a_case, a_person
from tests.messaging.queued import queue
from tests.texting import a_due_request, a_number, a_texting_service
from tests.world import NOON

NUMBER = "+447700900123"


def a_text(body: str, *, sid: str = "SM" + "b" * 32, sender: str = NUMBER) -> dict:
    return {"MessageSid": sid, "From": sender, "To": "+447700900001", "Body": body, "NumMedia": "0"}


def a_text_that_left(callbacks) -> int:
    """The id of a text to 07700 900123 that left; the person has another one waiting."""
    message_id = callbacks.sent(last_three="123")
    with callbacks.runtime.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        request = a_due_request(session, service, a_person(session, service, **a_number("123")))
        queue(session, request)
        a_due_request(session, service)  # Somebody else's.
    return message_id


def found(callbacks, kind):
    with callbacks.runtime.database.read(Scope.worker()) as session:
        return list(session.scalars(select(kind).order_by(*kind.__table__.primary_key)))


@pytest.fixture
def asked(callbacks) -> int:
    """The same, as a fixture."""
    return a_text_that_left(callbacks)


@pytest.mark.parametrize(
    "body", ["STOP", "stop.", "Unsubscribe", "STOPIO", "no more texts", "FARA MESAJE!"]
)
def test_stop_stops_every_service_that_has_the_number(callbacks, asked, body):
    answer = callbacks.twilio("incoming", a_text(body))
    assert answer.status_code == 200
    assert b"<Message" not in answer.data
    with_number = [p for p in found(callbacks, Person) if p.mobile == NUMBER]
    assert [p.opted_out_at for p in with_number] == [NOON, NOON]
    assert [o.source for o in found(callbacks, OptOut)] == ["reply"]
    waiting = [m for m in found(callbacks, OutboxMessage) if m.id != asked]
    assert [(m.state, m.reason) for m in waiting] == [(MessageState.CANCELLED, "opted-out")]
    assert found(callbacks, Alert) == []


def test_the_line_of_our_texts_as_it_is_now_stops_too(callbacks, asked, monkeypatch):
    monkeypatch.setattr(incoming_text, "stop_lines", lambda: ("Enough? Write to us.",))
    assert callbacks.twilio("incoming", a_text("ENOUGH!")).status_code == 200
    assert [o.source for o in found(callbacks, OptOut)] == ["reply"]
    assert found(callbacks, Alert) == []


def test_others_are_not_stopped(callbacks, asked):
    callbacks.twilio("incoming", a_text("STOP"))
    others = [p for p in found(callbacks, Person) if p.mobile != NUMBER]
    assert [p.opted_out_at for p in others] == [None]


def test_a_stop_that_says_more_stops_and_reaches_staff(on_both):
    a_text_that_left(on_both)
    on_both.twilio("incoming", a_text("Stop, he reads my phone"))
    assert [o.source for o in found(on_both, OptOut)] == ["reply"]
    assert [a.kind for a in found(on_both, Alert)] == [AlertKind.REPLY]


def test_what_twilio_took_for_a_stop_is_one(callbacks, asked):
    callbacks.twilio("incoming", a_text("arrêter") | {"OptOutType": "STOP"})
    assert [o.source for o in found(callbacks, OptOut)] == ["reply"]


def test_a_reply_is_an_alert_of_the_service_that_texted_last_with_sealed_words(callbacks, asked):
    assert callbacks.twilio("incoming", a_text("I am moving house")).status_code == 200
    [alert] = found(callbacks, Alert)
    [kept] = found(callbacks, ReceivedText)
    message = callbacks.message(asked)
    assert (alert.service_id, alert.request_id) == (message.service_id, message.request_id)
    assert (alert.kind, alert.received_text_id) == (AlertKind.REPLY, kept.id)
    assert (alert.response_id, kept.body, kept.sender) == (None, "I am moving house", None)
    assert (alert.due_at - alert.raised_at).total_seconds() == 48 * 3600
    with callbacks.runtime.database.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT body FROM received_texts").scalar_one()
    assert b"moving" not in bytes(stored)


def test_a_reply_to_a_number_never_texted_lands_on_their_newest_case(on_both):
    with on_both.runtime.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service, **a_number("123"))
        a_case(session, service, person)
        newest = a_case(session, service, person).id
        a_case(session, service)
    on_both.twilio("incoming", a_text("Hello?"))
    assert [(a.case_id, a.request_id) for a in found(on_both, Alert)] == [(newest, None)]


def test_a_replayed_text_is_refused_and_changes_nothing(on_both):
    a_text_that_left(on_both)
    on_both.twilio("incoming", a_text("Hello?"))
    rows = on_both.rows()
    assert on_both.twilio("incoming", a_text("Hello?")).status_code == 403
    assert on_both.rows() == rows


def test_a_text_that_twilio_hands_on_again_is_taken_once(on_both):
    a_text_that_left(on_both)
    retry = {"I-Twilio-Idempotency-Token": "5f1c2a34-0000-4000-8000-000000000001"}
    on_both.twilio("incoming", a_text("Hello?"), headers=retry)
    rows = on_both.rows()
    assert on_both.twilio("incoming", a_text("Hello?"), headers=retry).status_code == 200
    assert on_both.rows() == rows


@pytest.mark.parametrize("sender", ["+447700900177", "Shop", "60006", "+33612345678"])
@pytest.mark.parametrize("body", ["STOP", "START", "Who is this?"])
def test_an_unknown_number_is_kept_shown_to_nobody_and_not_answered(callbacks, asked, sender, body):
    answer = callbacks.twilio("incoming", a_text(body, sender=sender))
    assert answer.status_code == 200
    assert b"<Message" not in answer.data
    [kept] = found(callbacks, ReceivedText)
    assert (kept.sender, kept.body) == (sender, body)
    assert found(callbacks, Alert) == []


def test_a_stop_from_an_unknown_number_holds_for_whoever_turns_up_with_it(on_both):
    on_both.twilio("incoming", a_text("STOP", sender="+447700900177"))
    assert [o.source for o in found(on_both, OptOut)] == ["reply"]


def test_start_lifts_what_was_stopped_by_text_and_tells_staff(on_both):
    a_text_that_left(on_both)
    on_both.twilio("incoming", a_text("STOP"))
    on_both.twilio("incoming", a_text("START", sid="SM" + "c" * 32))
    assert found(on_both, OptOut) == []
    assert {p.opted_out_at for p in found(on_both, Person)} == {None}
    assert [a.kind for a in found(on_both, Alert)] == [AlertKind.REPLY]
    assert [r.action for r in found(on_both, AuditRow)].count("opt-in") == 2


@pytest.mark.parametrize("source", [OptOutSource.PAGE, OptOutSource.STAFF])
@pytest.mark.parametrize("is_after_a_text", [False, True])
def test_start_never_lifts_what_was_said_otherwise(callbacks, asked, source, is_after_a_text):
    """A phone may change hands; who said stop to a person is asked by a person."""
    if is_after_a_text:
        callbacks.twilio("incoming", a_text("STOP"))
    with callbacks.runtime.database.write(Scope.worker()) as session:
        opt_out(session, callbacks.message(asked).person_id, source, NOON)
    callbacks.twilio("incoming", a_text("START", sid="SM" + "c" * 32))
    assert [o.source for o in found(callbacks, OptOut)] == [source]
    assert [a.kind for a in found(callbacks, Alert)] == [AlertKind.REPLY]


@pytest.mark.parametrize(
    "changes",
    [
        {"MessageSid": "nonsense"},
        {"From": ""},
        {"From": "+" + "4" * 80},
        {"Body": "x" * 5000},
        {"NumMedia": "x y"},
    ],
)
def test_a_malformed_text_is_refused_and_changes_nothing(callbacks, asked, changes):
    rows = callbacks.rows()
    assert callbacks.twilio("incoming", a_text("Hello") | changes).status_code == 400
    assert callbacks.rows() == rows


def test_a_forged_text_is_refused_and_changes_nothing(callbacks, asked):
    rows = callbacks.rows()
    assert callbacks.twilio("incoming", a_text("STOP"), token="another").status_code == 403
    assert callbacks.rows() == rows


def test_a_picture_is_said_to_have_come(callbacks, asked):
    callbacks.twilio("incoming", a_text("Look") | {"NumMedia": "2"})
    assert [t.body for t in found(callbacks, ReceivedText)] == ["Look [+2]"]


def test_notify_hands_on_what_it_received(callbacks, asked):
    said = {
        "id": "66666666-6666-4666-8666-666666666666",
        "source_number": "447700900123",
        "destination_number": "447700900001",
        "message": "STOP",
        "date_received": "2026-11-18T12:00:00.000000Z",
    }
    assert callbacks.notify("incoming", said).status_code == 204
    assert [o.source for o in found(callbacks, OptOut)] == ["reply"]
    assert callbacks.notify("incoming", said).status_code == 403
    assert callbacks.notify("incoming", said | {"message": None}).status_code == 400


def test_a_text_whose_handling_failed_is_kept_and_handled_by_the_next_pass(on_both, monkeypatch):
    """A provider does not repeat it: it must not vanish, nor make the provider call elsewhere."""
    a_text_that_left(on_both)

    def breaks(*_args, **_options):
        raise RuntimeError("of +447700900123")

    with monkeypatch.context() as broken:
        broken.setattr("survey_app.usecases.incoming_text.opt_out", breaks)
        assert on_both.twilio("incoming", a_text("STOP")).status_code == 200
        assert hear_kept_texts(on_both.runtime) == 0
    assert found(on_both, OptOut) == []
    assert [t.handled_at for t in found(on_both, ReceivedText)] == [None]
    run_due(on_both.runtime)
    assert hear_kept_texts(on_both.runtime) == 0
    assert [o.source for o in found(on_both, OptOut)] == ["reply"]
    assert [(t.sender, t.handled_at) for t in found(on_both, ReceivedText)] == [(None, NOON)]
