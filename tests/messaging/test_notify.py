"""What a text becomes at GOV.UK Notify."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    NotThere,
    OutgoingText,
    Rejected,
    RetryLater,
)
from survey_app.messaging.providers.notify import MOST_PAGES, NotifyAccount, NotifyProvider
from tests.fakes.loopback import Act, FarSide, served
from tests.fakes.notify import API_KEY, SECRET, TEMPLATE_ID, NotifyFake

TEXT = OutgoingText(17, "+447700900123", "", "Hello: https://answers.example.org/s/23456789abcd")
SENDER = "44444444-4444-4444-8444-444444444444"


@pytest.fixture
def far_side():
    with served(NotifyFake, FarSide()) as state:
        yield state


def a_provider(far_side: FarSide, **facts) -> NotifyProvider:
    account = NotifyAccount(API_KEY, TEMPLATE_ID, base_url=far_side.address)
    return NotifyProvider(replace(account, **facts), timeout=1)


def ago(**delta) -> datetime:
    return datetime.now(UTC) - timedelta(**delta)


def test_a_text_is_our_template_with_our_words_and_our_id_as_reference(far_side):
    a_provider(far_side).send(TEXT)
    assert far_side.texts[0]["asked"] == {
        "phone_number": TEXT.to,
        "template_id": TEMPLATE_ID,
        "personalisation": {"text": TEXT.body},
        "reference": "17",
    }


def test_without_a_template_id_ours_is_looked_for_once(far_side):
    provider = a_provider(far_side, template_id="")
    for _ in range(2):
        assert isinstance(provider.send(TEXT), Accepted)
    assert {text["asked"]["template_id"] for text in far_side.texts} == {TEMPLATE_ID}
    assert [r for r in far_side.requests if r.startswith("GET")] == ["GET /v2/templates?type=sms"]


def test_without_a_template_of_ours_the_text_waits(far_side):
    far_side.templates = 1
    assert a_provider(far_side, template_id="").send(TEXT) == RetryLater("no-template")
    assert far_side.texts == []


def test_looking_for_the_template_in_vain_sends_nothing_and_waits(far_side):
    stranger = API_KEY.replace(SECRET, SENDER)
    by_stranger = a_provider(far_side, template_id="", api_key=stranger)
    assert by_stranger.send(TEXT) == RetryLater("AuthError")
    nowhere = a_provider(far_side, template_id="", base_url="http://127.0.0.1:1")
    assert nowhere.send(TEXT) == RetryLater("no-connection")
    assert far_side.texts == []


@pytest.mark.parametrize(
    ("installed", "of_service", "used"),
    [("", "", None), (SENDER, "", SENDER), (SENDER, "Info", SENDER), ("", SENDER, SENDER)],
)
def test_a_sender_is_named_by_its_id_at_notify(far_side, installed, of_service, used):
    a_provider(far_side, sender_id=installed).send(replace(TEXT, sender=of_service))
    assert far_side.texts[0]["asked"].get("sms_sender_id") == used


def test_a_refusal_is_named_by_notifys_own_name(far_side):
    refused = a_provider(far_side).send(replace(TEXT, to="+447700900989"))
    assert refused == Rejected("BadRequestError")


def test_a_key_that_notify_does_not_know_leaves_the_text_waiting(far_side):
    stranger = API_KEY.replace(SECRET, SENDER)
    assert a_provider(far_side, api_key=stranger).send(TEXT) == RetryLater("AuthError")
    assert far_side.texts == []


def test_being_over_the_rate_is_a_wait(far_side):
    far_side.script.append(Act.BUSY)
    asked = RetryLater("RateLimitError", after=timedelta(seconds=7))
    assert a_provider(far_side).send(TEXT) == asked


def test_a_text_is_found_behind_the_first_page(far_side):
    provider = a_provider(far_side)
    provider.send(TEXT)
    for number in range(300):
        far_side.texts.append(far_side.texts[0] | {"id": f"id-{number}", "body": "another"})
    assert isinstance(provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5)), Found)


def test_what_is_older_than_we_tried_is_not_read(far_side):
    provider = a_provider(far_side)
    provider.send(TEXT)
    assert provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=-5)) == NotThere()
    assert len([r for r in far_side.requests if r.startswith("GET")]) == 1


def test_a_list_without_end_tells_nothing(far_side):
    provider = a_provider(far_side)
    provider.send(TEXT)
    one = far_side.texts[0]
    far_side.texts = [one | {"id": f"id-{n}", "body": "x"} for n in range(MOST_PAGES * 250 + 1)]
    found = provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5))
    assert found == CannotTell("too-many")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"NOTIFY_TEMPLATE_ID": TEMPLATE_ID}, ["NOTIFY_API_KEY"]),
        ({"NOTIFY_API_KEY": "short", "NOTIFY_TEMPLATE_ID": TEMPLATE_ID}, ["NOTIFY_API_KEY"]),
        ({"NOTIFY_API_KEY": API_KEY}, []),
        ({"NOTIFY_API_KEY": API_KEY, "NOTIFY_TEMPLATE_ID": TEMPLATE_ID}, []),
    ],
)
def test_what_is_missing_is_said_by_the_name_of_its_setting(options, named):
    account = NotifyAccount.from_options(options)
    assert account.missing() == named
    assert API_KEY not in repr(account)
