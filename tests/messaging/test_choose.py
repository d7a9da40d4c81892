"""Each service's texts leave through the provider that it chose, where that one is set up."""

from dataclasses import replace

import pytest

from survey_app.domain.requests import MessageState
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.providers.choose import ProviderNotAvailable, Providers
from survey_app.store.messages import OutboxMessage
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from tests.fakes import notify, twilio
from tests.fakes.loopback import FarSide, served
from tests.messaging.far_end import takes
from tests.messaging.queued import message_of, queued

TWILIO = {
    "TWILIO_ACCOUNT_SID": twilio.ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": twilio.AUTH_TOKEN,
    "TWILIO_FROM": twilio.OWN_NUMBER,
}
NOTIFY = {"NOTIFY_API_KEY": notify.API_KEY, "NOTIFY_TEMPLATE_ID": notify.TEMPLATE_ID}


def installed(process: Runtime, **facts) -> Runtime:
    return replace(process, settings=replace(process.settings, **facts))


def test_two_services_send_each_through_their_own_provider(process):
    with (
        served(twilio.TwilioFake, FarSide()) as by_twilio,
        served(notify.NotifyFake, FarSide()) as by_notify,
    ):
        [first] = queued(process, sms_provider="twilio", sender="Info")
        [second] = queued(process, sms_provider="notify")
        addresses = {
            "TWILIO_BASE_URL": by_twilio.address,
            "NOTIFY_BASE_URL": by_notify.address,
        }
        both = installed(process, provider_options=TWILIO | NOTIFY | addresses)
        assert dispatch_due(both, Providers.of(both)).answered == {"accepted": 2}
    form = by_twilio.texts[0]["form"]
    assert form["From"] == "Info"
    assert form["StatusCallback"].endswith(f"/webhooks/twilio/status/{first}")
    assert by_notify.texts[0]["reference"] == str(second)
    for message_id, provider in ((first, "twilio"), (second, "notify")):
        message = message_of(process, message_id)
        assert (message.state, message.provider) == (MessageState.ACCEPTED, provider)
        assert (message.to, message.body) == (None, None)


def test_a_text_may_wait_at_the_provider_only_while_it_is_safe(process):
    """Queued at noon London time, inside hours that close at 20:00."""
    with served(twilio.TwilioFake, FarSide()) as far_side:
        queued(process, sms_provider="twilio")
        options = TWILIO | {"TWILIO_BASE_URL": far_side.address}
        there = installed(process, provider_options=options)
        dispatch_due(there, Providers.of(there))
    assert far_side.texts[0]["form"]["ValidityPeriod"] == str(8 * 3600)


@pytest.mark.parametrize(
    ("facts", "usable"),
    [
        ({}, {"simulated"}),
        ({"provider_options": TWILIO}, {"simulated", "twilio"}),
        ({"provider_options": TWILIO | NOTIFY}, {"simulated", "twilio", "notify"}),
        ({"provider_options": NOTIFY, "is_production": True}, {"notify"}),
        ({"is_production": True}, set()),
    ],
)
def test_what_is_set_up_can_be_used_and_the_simulated_one_never_in_production(
    process, facts, usable
):
    providers = Providers.of(installed(process, **facts))
    assert providers.carriers().usable == usable
    assert (providers.simulated is None) == ("simulated" not in usable)


@pytest.mark.parametrize(
    ("name", "options", "named"),
    [
        ("twilio", {}, "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_MESSAGING_SERVICE_SID or"),
        ("twilio", TWILIO | {"TWILIO_AUTH_TOKEN": ""}, "set TWILIO_AUTH_TOKEN."),
        ("notify", {}, "set NOTIFY_API_KEY."),
        ("pigeon", {}, "set SMS_PROVIDER to one"),
    ],
)
def test_a_provider_that_is_not_set_up_says_what_is_missing(process, name, options, named):
    providers = Providers.of(installed(process, provider_options=options))
    with pytest.raises(ProviderNotAvailable, match=named):
        providers.get_provider(name)


def test_safe_time_that_ends_between_the_yes_and_the_call_leaves_the_text_unsent(
    process, far_end, providers, clock
):
    late = clock.now.replace(hour=19, minute=59, second=58)
    clock.now = late
    ids = queued(process, 2)
    with process.database.write(Scope.worker()) as session:
        # Due a moment ago: of an old backlog nothing would start so late at all.
        for message_id in ids:
            session.get_one(OutboxMessage, message_id).due_at = late

    def takes_long(far_side, text):
        clock.move(seconds=3)
        return takes(far_side, text)

    far_end.script.append(takes_long)
    dispatch_due(process, providers)
    states = [message_of(process, i) for i in ids]
    assert len(far_end.phones) == 1
    assert far_end.phones[0].valid_for is not None
    assert states[0].state == MessageState.ACCEPTED
    assert states[1].state == MessageState.PENDING
