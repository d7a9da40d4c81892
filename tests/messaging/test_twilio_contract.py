"""Every request of ours is valid by Twilio's own OpenAPI description, as Prism reads it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from survey_app.messaging.providers.interface import (
    Accepted,
    Found,
    NotThere,
    OutgoingText,
    Rejected,
)
from survey_app.messaging.providers.twilio import TwilioAccount, TwilioProvider
from survey_app.messaging.providers.twilio_http import RebasedHttpClient, twilio_client
from tests.fakes.loopback import FarSide, served
from tests.fakes.prism import prism_before, what_is_missing
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER, SERVICE_SID, TwilioFake

TEXT = OutgoingText(
    17,
    "+447700900123",
    "",
    "Hello. https://answers.example.org/s/23456789abcd",
    timedelta(hours=3),
)


@dataclass
class Checked:
    """A far end that only valid requests reach, and the address at which they are checked."""

    address: str
    far_side: FarSide


@pytest.fixture(scope="module")
def checked(tmp_path_factory) -> Iterator[Checked]:
    if missing := what_is_missing():
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("prism")
    with (
        served(TwilioFake, FarSide()) as far_side,
        prism_before(far_side.address, folder) as address,
    ):
        yield Checked(address, far_side)


def a_provider(checked: Checked, **facts) -> TwilioProvider:
    account = TwilioAccount(
        sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        sender=OWN_NUMBER,
        base_url=checked.address,
        callback_root="https://answers.example.org/webhooks/twilio",
    )
    return TwilioProvider(replace(account, **facts), timeout=30)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"messaging_service_sid": SERVICE_SID},
        {"messaging_service_sid": SERVICE_SID, "has_redaction": True},
    ],
    ids=["sender", "messaging service", "retention"],
)
@pytest.mark.parametrize("sender", ["", "Info"])
def test_a_text_of_ours_is_a_valid_twilio_message(checked, facts, sender):
    before = len(checked.far_side.texts)
    taken = a_provider(checked, **facts).send(replace(TEXT, sender=sender))
    assert isinstance(taken, Accepted)
    assert len(checked.far_side.texts) == before + 1


def test_asking_for_the_texts_to_a_number_is_valid(checked):
    checked.far_side.texts.clear()
    provider = a_provider(checked)
    provider.send(TEXT)
    since = datetime.now(UTC) - timedelta(minutes=5)
    assert isinstance(provider.find_by_body(TEXT.to, TEXT.body, since), Found)
    assert provider.find_by_body("+447700900125", TEXT.body, since) == NotThere()


def test_a_refusal_comes_through_with_its_code(checked):
    refused = a_provider(checked).send(replace(TEXT, to="+447700900991"))
    assert refused == Rejected("21614")


@pytest.mark.parametrize(
    "wrong",
    [
        {"content_retention": "forget"},
        {"messaging_service_sid": "MG1"},
        {"validity_period": "a while"},
        {"status_callback": "no address"},
    ],
)
def test_what_twilio_does_not_describe_does_not_pass(checked, wrong):
    """So that this test can fail."""
    before = len(checked.far_side.texts)
    client = twilio_client(ACCOUNT_SID, AUTH_TOKEN, RebasedHttpClient(checked.address, 30))
    with pytest.raises(TwilioRestException) as fault:
        client.messages.create(**({"to": TEXT.to, "from_": OWN_NUMBER, "body": "Hello"} | wrong))
    assert fault.value.status == 422
    assert len(checked.far_side.texts) == before
