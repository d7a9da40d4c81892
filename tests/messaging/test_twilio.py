"""What a text becomes at Twilio: sender, callback, validity, retention, and whose words it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    NotThere,
    OutgoingText,
    Rejected,
    RetryLater,
    Unclear,
)
from survey_app.messaging.providers.twilio import (
    LISTED,
    TwilioAccount,
    TwilioProvider,
    message_fields,
    validity_seconds,
)
from survey_app.messaging.providers.twilio_http import RebasedHttpClient, twilio_client
from tests.fakes import twilio as fake
from tests.fakes.loopback import Act, FarSide, served
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER, SERVICE_SID, TwilioFake

ACCOUNT = TwilioAccount.from_options(
    {
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_FROM": OWN_NUMBER,
    },
    "https://answers.example.org",
)
TEXT = OutgoingText(17, "+447700900123", "", "Hello: https://answers.example.org/s/23456789abcd")


@pytest.fixture
def far_side():
    with served(TwilioFake, FarSide()) as state:
        yield state


def a_provider(far_side: FarSide, **facts) -> TwilioProvider:
    return TwilioProvider(replace(ACCOUNT, base_url=far_side.address, **facts), timeout=1)


def ago(**delta) -> datetime:
    return datetime.now(UTC) - timedelta(**delta)


@pytest.mark.parametrize(
    ("account", "sender", "expected"),
    [
        ({}, "", {"from_": OWN_NUMBER}),
        ({}, "Info", {"from_": "Info"}),
        ({"messaging_service_sid": SERVICE_SID}, "", {"messaging_service_sid": SERVICE_SID}),
        (
            {"messaging_service_sid": SERVICE_SID},
            "Info",
            {"messaging_service_sid": SERVICE_SID, "from_": "Info"},
        ),
    ],
)
def test_a_services_own_sender_wins_and_a_messaging_service_stays(account, sender, expected):
    fields = message_fields(replace(ACCOUNT, **account), replace(TEXT, sender=sender))
    senders = {k: v for k, v in fields.items() if k in ("from_", "messaging_service_sid")}
    assert senders == expected


def test_the_status_callback_carries_our_message_id():
    address = message_fields(ACCOUNT, TEXT)["status_callback"]
    assert address == "https://answers.example.org/webhooks/twilio/status/17"


@pytest.mark.parametrize(
    ("left", "seconds"),
    [
        (None, 36000),
        (timedelta(days=2), 36000),
        (timedelta(hours=2), 7200),
        (timedelta(seconds=90, microseconds=999_999), 90),
        (timedelta(milliseconds=1), 1),
    ],
)
def test_the_validity_is_never_longer_than_the_safe_time_left(left, seconds):
    assert validity_seconds(left) == seconds


def test_a_sender_keeps_to_the_rate_that_is_set(far_side):
    provider = a_provider(far_side, rate="20")
    began = monotonic()
    for _ in range(4):
        provider.send(TEXT)
    assert monotonic() - began >= 3 / 20
    assert len(far_side.texts) == 4


def test_words_and_number_are_erased_at_twilio_only_where_the_account_may(far_side):
    a_provider(far_side).send(TEXT)
    a_provider(far_side, has_redaction=True).send(TEXT)
    plain, erased = (text["form"] for text in far_side.texts)
    assert "ContentRetention" not in plain
    assert (erased["ContentRetention"], erased["AddressRetention"]) == ("discard", "obfuscate")


def test_where_words_are_erased_nothing_is_found_and_nothing_is_ruled_out(far_side):
    provider = a_provider(far_side, has_redaction=True)
    for _ in range(2):
        found = provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5))
        assert found == CannotTell("redacted"), "also while its list is empty"
        assert isinstance(provider.send(TEXT), Accepted)


@pytest.mark.parametrize("masked", [{"body": ""}, {"to": "+44770090XXXX"}, {"to": "+44770090****"}])
def test_an_account_that_masks_although_nobody_said_so_rules_nothing_out(far_side, masked):
    provider = a_provider(far_side)
    provider.send(TEXT)
    far_side.texts[0] |= masked
    found = provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5))
    assert found == CannotTell("redacted")


@pytest.mark.parametrize(
    "theirs",
    [
        "Sent from your trial account - " + TEXT.body,
        TEXT.body.replace("Hello", "Hell o"),
    ],
)
def test_a_text_is_ours_by_its_link_though_twilio_changed_words_around_it(far_side, theirs):
    provider = a_provider(far_side)
    provider.send(TEXT)
    far_side.texts[0]["body"] = theirs
    assert isinstance(provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5)), Found)


def test_a_text_that_was_listed_before_we_tried_is_not_looked_past(far_side):
    provider = a_provider(far_side)
    provider.send(replace(TEXT, body="An older one"))
    assert provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=-5)) == NotThere()


def test_a_text_that_is_listed_without_its_date_may_be_the_one_that_is_looked_for(far_side):
    provider = a_provider(far_side)
    provider.send(replace(TEXT, body="Without a link"))
    far_side.texts[0]["date_created"] = None
    found = provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5))
    assert found == CannotTell("unrecognised")


def test_credentials_that_twilio_does_not_know_leave_the_text_waiting(far_side):
    provider = a_provider(far_side, auth_token="another")
    assert provider.send(TEXT) == RetryLater("20003")
    assert far_side.texts == []


def test_a_wait_that_twilio_asks_for_is_kept_to_and_has_an_end(far_side):
    provider = a_provider(far_side)
    far_side.script.append(Act.BUSY)
    assert provider.send(TEXT) == RetryLater("20429", after=timedelta(seconds=7))


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"sid": ""}, "TWILIO_ACCOUNT_SID"),
        ({"auth_token": ""}, "TWILIO_AUTH_TOKEN"),
        ({"sender": ""}, "TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM"),
        ({"rate": "fast"}, "TWILIO_PER_SECOND to a number above 0"),
    ],
)
def test_what_is_missing_is_said_by_the_name_of_its_setting(missing, named):
    assert replace(ACCOUNT, **missing).missing() == [named]
    assert ACCOUNT.missing() == []


def test_an_account_never_shows_its_token_when_printed():
    assert AUTH_TOKEN not in repr(ACCOUNT)


@pytest.mark.parametrize(
    ("base", "moved"),
    [
        (None, "https://messaging.twilio.com/v1/Services?Page=2"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/v1/Services?Page=2"),
        ("http://127.0.0.1:9/twilio/", "http://127.0.0.1:9/twilio/v1/Services?Page=2"),
    ],
)
def test_every_address_is_moved_onto_the_base_that_is_set(base, moved):
    client = RebasedHttpClient(base)
    assert client.rebased("https://messaging.twilio.com/v1/Services?Page=2") == moved


def test_the_client_gives_up_in_time_never_repeats_and_reads_no_environment(monkeypatch):
    monkeypatch.setenv("TWILIO_REGION", "elsewhere")
    http = RebasedHttpClient(None)
    assert http.timeout == 10
    for scheme in ("http://", "https://"):
        assert http.session.get_adapter(scheme).max_retries.total == 0
    assert twilio_client(ACCOUNT_SID, AUTH_TOKEN, http).region is None


@pytest.mark.parametrize("follows", [None, '"/2010-04-01/Accounts/AC/Messages.json.lost?Page=1"'])
def test_a_list_of_which_the_rest_is_missing_rules_nothing_out(far_side, follows):
    far_side.follows = follows
    found = a_provider(far_side).find_by_body(TEXT.to, TEXT.body, ago(minutes=5))
    assert isinstance(found, CannotTell)


@pytest.mark.parametrize(
    "shown",
    [
        {"to": "+447700900199"},
        {"to": "+447700900199", "body": "Hello: https://answers.example.org/s/bcdefghjkmnp"},
        {"sid": "SM1"},
    ],
)
def test_a_list_that_shows_what_nobody_asked_for_is_no_proof_of_anything(far_side, shown):
    provider = a_provider(far_side)
    provider.send(TEXT)
    far_side.shown = lambda text: text | shown
    found = provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5))
    assert found == CannotTell("unrecognised")


@pytest.mark.parametrize(
    ("listed", "found"), [(LISTED - 1, NotThere()), (LISTED, CannotTell("too-many"))]
)
def test_a_list_that_is_longer_than_is_looked_through_rules_nothing_out(far_side, listed, found):
    provider = a_provider(far_side)
    provider.send(replace(TEXT, body="Hello: https://answers.example.org/s/bcdefghjkmnp"))
    far_side.texts *= listed
    assert provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5)) == found
    assert provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=-5)) == NotThere()


@pytest.mark.parametrize(
    "differs",
    [
        {"to": "+447700900199"},
        {"body": "Hello: https://answers.example.org/s/bcdefghjkmnp"},
        {"body": TEXT.body[:-1]},
        {"account_sid": "AC" + "9" * 32},
    ],
)
def test_an_answer_that_is_not_about_what_was_asked_is_doubt(far_side, monkeypatch, differs):
    answered_with(monkeypatch, differs)
    assert a_provider(far_side).send(TEXT) == Unclear("answer-differs")


@pytest.mark.parametrize("sid", ["", None, "CA" + "1" * 32, "SM1"])
def test_an_answer_without_an_id_of_a_text_is_doubt(far_side, monkeypatch, sid):
    answered_with(monkeypatch, {"sid": sid})
    assert a_provider(far_side).send(TEXT) == Unclear("unreadable-answer")


@pytest.mark.parametrize(
    "said", [{"to": None, "body": None, "account_sid": None}, {"body": "Trial - " + TEXT.body}]
)
def test_an_answer_that_says_less_or_more_of_the_same_text_is_taken(far_side, monkeypatch, said):
    answered_with(monkeypatch, said)
    assert isinstance(a_provider(far_side).send(TEXT), Accepted)


def answered_with(monkeypatch, changes: dict) -> None:
    """Twilio takes every text on, and says this of it."""
    made = fake._message
    monkeypatch.setattr(fake, "_message", lambda number, form: made(number, form) | changes)


@pytest.mark.parametrize(
    ("status", "content", "means"),
    [
        (400, b'{"code": 21211, "message": "x", "status": 400}', Rejected("21211")),
        (
            400,
            b'{"type": "x", "title": "x", "status": 400, "code": 21610}',
            Rejected("21610", is_opt_out=True),
        ),
        (403, b'{"code": "secret", "message": "x"}', Unclear("http-403")),
        (404, b"<h1>Not Found</h1>", Unclear("http-404")),
        (404, b'{"message": "no Route matched"}', Unclear("http-404")),
        (401, b"<h1>Proxy</h1>", Unclear("http-401")),
        (408, b'{"code": 20408, "message": "x", "status": 408}', Unclear("20408")),
        (413, b"", Unclear("http-413")),
        (302, b"", Unclear("http-302")),
        (503, b'{"code": 20503, "message": "x", "status": 503}', Unclear("20503")),
        (429, b"<h1>Slow down</h1>", RetryLater("http-429")),
    ],
)
def test_only_a_refusal_in_twilios_own_form_fails_a_text(
    far_side, monkeypatch, status, content, means
):
    monkeypatch.setattr(TwilioFake, "_create", lambda self, _form: self._say(status, content))
    assert a_provider(far_side).send(TEXT) == means
