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
    Unclear,
)
from survey_app.messaging.providers.notify import MOST_PAGES, NotifyAccount, NotifyProvider
from tests.fakes import notify as fake
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


def test_a_wait_that_is_asked_for_while_the_template_is_looked_for_is_kept_to(
    far_side, monkeypatch
):
    monkeypatch.setattr(
        NotifyFake, "_read", lambda self, *_asked: self._refuse(429, "RateLimitError", "Slow down")
    )
    asked = RetryLater("RateLimitError", after=timedelta(seconds=7))
    assert a_provider(far_side, template_id="").send(TEXT) == asked
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


@pytest.mark.parametrize(
    "differs",
    [
        {"reference": "18"},
        {"phone_number": "+447700900199"},
        {"content": {"body": "Hello: https://answers.example.org/s/bcdefghjkmnp"}},
        {"content": {"body": TEXT.body[:-1]}},
    ],
)
def test_an_answer_that_is_not_about_what_was_asked_is_doubt(far_side, monkeypatch, differs):
    answered_with(monkeypatch, differs)
    assert a_provider(far_side).send(TEXT) == Unclear("answer-differs")


@pytest.mark.parametrize("notification_id", ["", None, 7, "SM1"])
def test_an_answer_without_an_id_of_a_text_is_doubt(far_side, monkeypatch, notification_id):
    answered_with(monkeypatch, {"id": notification_id})
    assert a_provider(far_side).send(TEXT) == Unclear("unreadable-answer")


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ({"reference": "18"}, CannotTell),
        ({"body": "Hello: https://answers.example.org/s/bcdefghjkmnp"}, CannotTell),
        ({"body": "Hello"}, CannotTell),
        ({"reference": None}, Found),
        ({"reference": "18", "body": "https://answers.example.org/s/bcdefghjkmnp"}, NotThere),
        ({"phone_number": "by post"}, CannotTell),
        ({"id": "SM1"}, CannotTell),
        ({"created_at": None}, Found),
        ({"phone_number": "+447700900199"}, NotThere),
    ],
)
def test_number_words_and_reference_of_a_listed_text_have_to_agree(far_side, listed, expected):
    provider = a_provider(far_side)
    provider.send(TEXT)
    far_side.texts[0] |= listed
    found = provider.find_by_body(TEXT.to, TEXT.body, ago(minutes=5), message_id=17)
    assert isinstance(found, expected)


def answered_with(monkeypatch, changes: dict) -> None:
    """Notify takes every text on, and says this of it."""
    made = fake._notification
    monkeypatch.setattr(fake, "_notification", lambda number, asked: made(number, asked) | changes)


@pytest.mark.parametrize(
    ("status", "content", "means"),
    [
        (400, b'{"status_code": 400, "errors": [{"error": "BadRequestError"}]}', "BadRequestError"),
        (404, b"<h1>Not Found</h1>", None),
        (400, b'{"message": "Bad gateway"}', None),
        (403, b'{"errors": []}', None),
        (403, b'{"errors": [{"error": "Access denied by policy"}]}', None),
        (403, b'{"errors": [{"message": "no name"}]}', None),
    ],
)
def test_only_a_refusal_in_notifys_own_form_fails_a_text(
    far_side, monkeypatch, status, content, means
):
    monkeypatch.setattr(NotifyFake, "_create", lambda self, _asked: self._say(status, content))
    expected = Rejected(means) if means else Unclear(f"http-{status}")
    assert a_provider(far_side).send(TEXT) == expected
