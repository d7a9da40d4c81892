"""A provider's word moves a text forward; whoever is not the provider moves nothing."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from survey_app.domain.requests import MessageState
from survey_app.messaging.progress import accept
from survey_app.messaging.receipts import settle_early
from survey_app.store.messages import MessageEvent, OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from tests.web.webhooks.conftest import AUTH_TOKEN, BASE, NOTIFY_ID, PROXY, SID
from tests.world import NOON

DELIVERED = {"MessageSid": SID, "MessageStatus": "delivered", "AccountSid": "AC", "To": "+44"}


def test_a_signed_callback_through_a_proxy_delivers_its_text(on_both):
    message_id = on_both.sent()
    answer = on_both.twilio(f"status/{message_id}", DELIVERED)
    assert (answer.status_code, answer.data) == (204, b"")
    assert on_both.message(message_id).state == MessageState.DELIVERED


def test_a_callback_with_notifys_token_delivers_its_text(callbacks):
    message_id = callbacks.sent("notify")
    said = {"id": NOTIFY_ID, "reference": str(message_id), "status": "delivered", "to": "+44"}
    assert callbacks.notify("status", said).status_code == 204
    assert callbacks.message(message_id).state == MessageState.DELIVERED


def test_a_callback_that_is_the_only_proof_is_matched_by_our_own_id(on_both):
    message_id = on_both.sent(provider_message_id=None)
    assert on_both.twilio(f"status/{message_id}", DELIVERED).status_code == 204
    message = on_both.message(message_id)
    assert (message.state, message.provider_message_id) == (MessageState.DELIVERED, SID)


def test_a_callback_before_its_message_is_known_is_kept_and_matched(on_both):
    assert on_both.twilio("status/4711", DELIVERED).status_code == 204
    message_id = on_both.sent(provider_message_id=None)
    with on_both.runtime.database.write(Scope.worker()) as session:
        event = session.scalars(select(MessageEvent)).one()
        assert event.message_id is None
        message = session.get_one(OutboxMessage, message_id)
        request = session.get_one(SurveyRequest, message.request_id)
        accept(message, request, SID, sent_at=NOON, now=NOON)
        settle_early(session, [(message, request)])
    assert on_both.message(message_id).state == MessageState.DELIVERED


BY_ID = {"MessageSid": SID, "MessageStatus": "delivered"}
OLDER_NAMES = {"SmsSid": SID, "SmsStatus": "delivered"}


@pytest.mark.parametrize("form", [BY_ID, OLDER_NAMES, BY_ID | OLDER_NAMES])
def test_a_late_callback_with_twilios_id_alone_delivers_its_text(on_both, form):
    message_id = on_both.sent()
    assert on_both.twilio("status", form).status_code == 204
    assert on_both.message(message_id).state == MessageState.DELIVERED


@pytest.mark.parametrize("form", [BY_ID, OLDER_NAMES])
def test_an_early_callback_with_twilios_id_alone_is_matched_once_the_id_is_known(on_both, form):
    message_id = on_both.sent(provider_message_id=None)
    assert on_both.twilio("status", form).status_code == 204
    assert on_both.message(message_id).state == MessageState.SENDING
    with on_both.runtime.database.write(Scope.worker()) as session:
        message = session.get_one(OutboxMessage, message_id)
        request = session.get_one(SurveyRequest, message.request_id)
        accept(message, request, SID, sent_at=NOON, now=NOON)
        settle_early(session, [(message, request)])
    assert on_both.message(message_id).state == MessageState.DELIVERED


def test_a_text_that_was_partially_delivered_has_left_and_is_not_said_to_have_arrived(callbacks):
    message_id = callbacks.sent(provider_message_id=None)
    form = DELIVERED | {"MessageStatus": "partially_delivered"}
    assert callbacks.twilio(f"status/{message_id}", form).status_code == 204
    message = callbacks.message(message_id)
    assert (message.state, message.delivered_at) == (MessageState.ACCEPTED, None)


def test_the_id_in_the_signed_address_outranks_an_id_that_another_text_has(on_both):
    theirs = on_both.sent()
    named = on_both.sent(provider_message_id=None)
    assert on_both.twilio(f"status/{named}", DELIVERED).status_code == 204
    assert on_both.message(theirs).state == MessageState.ACCEPTED
    assert on_both.message(named).delivered_at is None


def test_a_strange_callback_does_not_make_the_true_one_a_repetition(on_both):
    theirs = on_both.sent()
    named = on_both.sent(provider_message_id=None)
    on_both.twilio(f"status/{named}", DELIVERED)
    assert on_both.twilio(f"status/{theirs}", DELIVERED).status_code == 204
    assert on_both.message(theirs).state == MessageState.DELIVERED


def test_a_stop_in_a_strange_callback_holds_for_whom_the_address_names(on_both):
    theirs = on_both.sent()
    named = on_both.sent(provider_message_id=None)
    form = DELIVERED | {"MessageStatus": "failed", "ErrorCode": "21610"}
    on_both.twilio(f"status/{named}", form)
    with on_both.runtime.database.read(Scope.worker()) as session:
        stopped = session.scalars(select(Person.id).where(Person.opted_out_at.is_not(None))).all()
    assert stopped == [on_both.message(named).person_id]
    assert on_both.message(theirs).state == MessageState.ACCEPTED


def test_callbacks_out_of_order_never_move_a_text_back(callbacks):
    message_id = callbacks.sent()
    for status in ("delivered", "sent", "queued"):
        form = DELIVERED | {"MessageStatus": status}
        assert callbacks.twilio(f"status/{message_id}", form).status_code == 204
    assert callbacks.message(message_id).state == MessageState.DELIVERED
    assert callbacks.rows()["message_events"] == 3


def test_a_failure_keeps_its_code(callbacks):
    message_id = callbacks.sent()
    form = DELIVERED | {"MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert callbacks.twilio(f"status/{message_id}", form).status_code == 204
    message = callbacks.message(message_id)
    assert (message.state, message.failure_code) == (MessageState.FAILED, "30005")


def test_a_receipt_that_says_stopped_stops_the_persons_texts(on_both):
    message_id = on_both.sent()
    form = DELIVERED | {"MessageStatus": "failed", "ErrorCode": "21610"}
    assert on_both.twilio(f"status/{message_id}", form).status_code == 204
    with on_both.runtime.database.read(Scope.worker()) as session:
        assert session.scalars(select(OptOut)).one().source == "provider"
        assert session.scalars(select(Person)).one().opted_out_at == NOON


@pytest.mark.parametrize("first", ["delivered", "undelivered"])
def test_a_replayed_callback_is_refused_and_changes_nothing(on_both, first):
    message_id = on_both.sent()
    form = DELIVERED | {"MessageStatus": first}
    on_both.twilio(f"status/{message_id}", form)
    before, rows = on_both.message(message_id).state, on_both.rows()
    assert on_both.twilio(f"status/{message_id}", form).status_code == 403
    assert (on_both.message(message_id).state, on_both.rows()) == (before, rows)


RETRY = {"I-Twilio-Idempotency-Token": "5f1c2a34-0000-4000-8000-000000000001"}
"""What Twilio sends with a callback, and again when it tries that callback once more."""


def test_a_callback_that_twilio_tries_again_is_answered_as_before_and_changes_nothing(
    on_both, clock
):
    message_id = on_both.sent()
    on_both.twilio(f"status/{message_id}", DELIVERED, headers=RETRY)
    before, rows = on_both.message(message_id).state, on_both.rows()
    clock.move(seconds=15)
    answer = on_both.twilio(f"status/{message_id}", DELIVERED, headers=RETRY)
    assert (answer.status_code, on_both.rows()) == (204, rows)
    assert on_both.message(message_id).state == before


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 15),
        ({"I-Twilio-Idempotency-Token": "5f1c2a34-0000-4000-8000-000000000002"}, 15),
        ({"I-Twilio-Idempotency-Token": "ÿ"}, 15),
        (RETRY, 3600),
    ],
)
def test_what_is_no_try_of_the_provider_is_a_replay(callbacks, clock, headers, seconds):
    message_id = callbacks.sent()
    callbacks.twilio(f"status/{message_id}", DELIVERED, headers=RETRY)
    rows = callbacks.rows()
    clock.move(seconds=seconds)
    answer = callbacks.twilio(f"status/{message_id}", DELIVERED, headers=headers)
    assert (answer.status_code, callbacks.rows()) == (403, rows)


FORGED = {
    "another token": {"token": "another token than ours"},
    "another address": {"signed_path": "/webhooks/twilio/status/4711"},
    "another form": {"signed_form": DELIVERED | {"MessageStatus": "sent"}},
    "no signature": {"headers": {"X-Twilio-Signature": ""}},
    "nonsense": {"headers": {"X-Twilio-Signature": "ÿ nonsense"}},
    "another host": {"headers": {"X-Forwarded-Host": "elsewhere.example.org"}},
    "plain HTTP": {"headers": {"X-Forwarded-Proto": "http"}},
    "an unknown way to sign": {
        "headers": {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_MD5"}
    },
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_callback_is_refused_and_changes_nothing(callbacks, forged):
    message_id = callbacks.sent()
    rows = callbacks.rows()
    answer = callbacks.twilio(f"status/{message_id}", DELIVERED, **forged)
    assert (answer.status_code, answer.data) == (403, b"")
    assert callbacks.rows() == rows
    assert callbacks.message(message_id).state == MessageState.ACCEPTED


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer another", "Basic Zm9v", "Bearer ÿ"])
def test_a_callback_without_notifys_token_is_refused(callbacks, given):
    message_id = callbacks.sent("notify")
    rows = callbacks.rows()
    said = {"id": NOTIFY_ID, "reference": str(message_id), "status": "delivered"}
    answer = callbacks.notify("status", said, headers={"Authorization": given})
    assert answer.status_code == 403
    assert callbacks.rows() == rows


@pytest.mark.parametrize(
    "changes",
    [
        {"MessageSid": ""},
        {"MessageSid": "SM12"},
        {"SmsSid": "SM" + "b" * 32},
        {"MessageSid": "SM" + "G" * 32},
        {"MessageStatus": ""},
        {"MessageStatus": "Delivered to +447700900123"},
        {"MessageStatus": "x" * 40},
        {"ErrorCode": "to +447700900123"},
    ],
)
def test_a_signed_but_malformed_callback_is_refused(callbacks, changes):
    message_id = callbacks.sent()
    rows = callbacks.rows()
    assert callbacks.twilio(f"status/{message_id}", DELIVERED | changes).status_code == 400
    assert callbacks.rows() == rows


@pytest.mark.parametrize(
    "said",
    [
        [],
        "delivered",
        None,
        {},
        {"id": NOTIFY_ID},
        {"id": "1", "status": "delivered"},
        {"id": NOTIFY_ID, "status": 7},
        {"id": [NOTIFY_ID], "status": "delivered"},
    ],
)
def test_a_malformed_callback_with_notifys_token_is_refused(callbacks, said):
    rows = callbacks.rows()
    assert callbacks.notify("status", said).status_code == 400
    assert callbacks.rows() == rows


def test_a_reference_that_is_not_ours_is_no_harm(callbacks):
    said = {"id": NOTIFY_ID, "status": "delivered", "reference": "of another system"}
    assert callbacks.notify("status", said).status_code == 204


def test_an_oversized_callback_is_refused_before_it_is_read(callbacks):
    message_id = callbacks.sent()
    rows = callbacks.rows()
    form = DELIVERED | {"Padding": "x" * 20_000}
    assert callbacks.twilio(f"status/{message_id}", form).status_code == 400
    assert callbacks.notify("status", {"id": "x" * 20_000}).status_code == 400
    assert callbacks.rows() == rows


def test_a_callback_that_hides_its_length_is_refused(callbacks):
    form = DELIVERED | {"Padding": "x" * 40_000}
    url = f"{BASE}/webhooks/twilio/status/1"
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, form)
    rows = callbacks.rows()
    answer = callbacks.client.post(
        "/webhooks/twilio/status/1",
        input_stream=BytesIO(urlencode(form).encode()),
        headers=PROXY | {"Transfer-Encoding": "chunked", "X-Twilio-Signature": signature},
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code in (400, 403)
    assert callbacks.rows() == rows


@pytest.mark.parametrize("path", ["status/99999999999999999999", "status/-1", "status/x"])
def test_an_address_that_is_none_is_not_there(callbacks, path):
    assert callbacks.twilio(path, DELIVERED).status_code == 404


def test_the_check_address_says_that_a_signature_arrives_whole(callbacks):
    assert callbacks.twilio("check", {}).status_code == 204
    assert callbacks.twilio("check", {}, token="another").status_code == 403
    assert callbacks.notify("check", {}).status_code == 204
    assert callbacks.notify("check", {}, token="another").status_code == 403
