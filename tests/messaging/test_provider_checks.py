"""Before a service goes live, a person learns what works and what does not; no text is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from survey_app.messaging.providers.checks import (
    Checked,
    Finding,
    Point,
    call_webhook,
    check_webhook,
)
from survey_app.messaging.providers.notify import NotifyAccount
from survey_app.messaging.providers.notify_check import check_notify
from survey_app.messaging.providers.twilio import TwilioAccount
from survey_app.messaging.providers.twilio_check import check_twilio
from tests.fakes import notify, twilio
from tests.fakes.loopback import FarSide, served

BASE = "https://answers.example.org"
TWILIO = TwilioAccount.from_options(
    {
        "TWILIO_ACCOUNT_SID": twilio.ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": twilio.AUTH_TOKEN,
        "TWILIO_FROM": twilio.OWN_NUMBER,
    },
    BASE,
)
NOTIFY = NotifyAccount(notify.API_KEY, notify.TEMPLATE_ID, callback_token="a token of 22 signs")


def fine(address, headers):
    """The address works; tests of the call itself stand below."""
    assert address.startswith(BASE)
    assert headers
    return Checked(Point.WEBHOOK, Finding.FINE, address)


@pytest.fixture
def twilio_end() -> Iterator[FarSide]:
    with served(twilio.TwilioFake, FarSide()) as state:
        yield state


@pytest.fixture
def notify_end() -> Iterator[FarSide]:
    with served(notify.NotifyFake, FarSide()) as state:
        yield state


def checked_twilio(far_side: FarSide, of_service: str = "", **facts) -> dict[Point, Finding]:
    account = replace(TWILIO, **({"base_url": far_side.address} | facts))
    return {c.point: c.finding for c in check_twilio(account, of_service, fine)}


def test_a_whole_twilio_account_works_and_nothing_is_sent(twilio_end):
    assert checked_twilio(twilio_end) == {
        Point.CREDENTIALS: Finding.FINE,
        Point.SENDER: Finding.FINE,
        Point.REPLIES: Finding.REPLIES_GO_ELSEWHERE,
        Point.WEBHOOK: Finding.FINE,
        Point.RETENTION: Finding.WORDS_KEPT,
    }
    assert twilio_end.texts == []


@pytest.mark.parametrize(
    ("facts", "sender", "point", "finding"),
    [
        ({"auth_token": "wrong"}, "", Point.CREDENTIALS, Finding.REFUSED),
        ({"base_url": "http://127.0.0.1:1"}, "", Point.CREDENTIALS, Finding.UNREACHABLE),
        ({"auth_token": ""}, "", Point.SETTINGS, Finding.MISSING),
        ({"sender": "+447700900002"}, "", Point.SENDER, Finding.SENDER_UNKNOWN),
        ({"sender": "Info"}, "", Point.SENDER, Finding.NAME_AS_SENDER),
        ({"sender": "much too long a name"}, "", Point.SENDER, Finding.SENDER_MALFORMED),
        ({}, "12345", Point.SENDER, Finding.SENDER_MALFORMED),
        ({}, "Info", Point.SENDER, Finding.NAME_AS_SENDER),
        ({"messaging_service_sid": twilio.SERVICE_SID}, "", Point.SENDER, Finding.FINE),
        ({"messaging_service_sid": "MG9"}, "", Point.SENDER, Finding.SENDER_UNKNOWN),
        ({"has_redaction": True}, "", Point.RETENTION, Finding.FINE),
    ],
)
def test_what_is_wrong_at_twilio_is_found(twilio_end, facts, sender, point, finding):
    assert checked_twilio(twilio_end, sender, **facts)[point] is finding


def checked_notify(far_side: FarSide, **facts) -> dict[Point, Finding]:
    account = replace(NOTIFY, **({"base_url": far_side.address} | facts))
    return {c.point: c.finding for c in check_notify(account, BASE, fine)}


def test_a_whole_notify_service_works_and_nothing_is_sent(notify_end):
    points = (Point.CREDENTIALS, Point.TEMPLATE, Point.WEBHOOK)
    assert checked_notify(notify_end) == dict.fromkeys(points, Finding.FINE)
    assert notify_end.texts == []


@pytest.mark.parametrize(
    ("facts", "point", "finding"),
    [
        (
            {"api_key": notify.API_KEY.replace(notify.SECRET, notify.TEMPLATE_ID)},
            Point.CREDENTIALS,
            Finding.REFUSED,
        ),
        ({"base_url": "http://127.0.0.1:1"}, Point.CREDENTIALS, Finding.UNREACHABLE),
        ({"api_key": "short"}, Point.SETTINGS, Finding.MISSING),
        ({"template_id": notify.SERVICE_ID}, Point.TEMPLATE, Finding.TEMPLATE_UNKNOWN),
        ({"template_id": ""}, Point.TEMPLATE, Finding.FINE),
        ({"callback_token": "short"}, Point.WEBHOOK, Finding.TOKEN_TOO_SHORT),
    ],
)
def test_what_is_wrong_at_notify_is_found(notify_end, facts, point, finding):
    assert checked_notify(notify_end, **facts)[point] is finding


def test_a_notify_service_without_our_template_is_told_to_make_it(notify_end):
    notify_end.templates = 1
    assert checked_notify(notify_end, template_id="")[Point.TEMPLATE] is Finding.TEMPLATE_WRONG


@contextmanager
def answering(status: int) -> Iterator[str]:
    """An address on loopback that answers every POST with this status."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with served(Answering, FarSide()) as state:
        yield state.address


@pytest.mark.parametrize(
    ("status", "finding"),
    [
        (204, Finding.FINE),
        (403, Finding.SIGNATURE_LOST),
        (404, Finding.ANSWERS_ODDLY),
        (302, Finding.ANSWERS_ODDLY),
    ],
)
def test_our_own_address_is_called_as_the_provider_would(status, finding):
    with answering(status) as address:
        assert call_webhook(address, {"X": "y"}).finding is finding


def test_an_address_where_nobody_answers_is_unreachable():
    assert call_webhook("http://127.0.0.1:1/x", {}).finding is Finding.UNREACHABLE


@pytest.mark.parametrize("address", ["http://answers.example.org/x", "https://127.0.0.1/x"])
def test_an_address_that_no_provider_can_call_is_not_called(address):
    assert check_webhook(address, {}).finding is Finding.ADDRESS_NOT_PUBLIC
