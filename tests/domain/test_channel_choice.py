"""Over which channel a request goes on when the rule refuses one."""

from collections.abc import Sequence

import pytest

from survey_app.domain.cases import Recorded
from survey_app.domain.channel_choice import choose_channel
from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import Channel
from survey_app.domain.safe_contact import Refusal
from tests.domain.contact_cases import ALL_WELL, NOON, facts

SMS, PHONE, IN_PERSON = Channel.SMS, Channel.PHONE, Channel.IN_PERSON
NO_TEXT = facts(sms_consent=Recorded.NO)
NO_NUMBER_SAFE = facts(sms_safe=Recorded.NO)
NOBODY = facts(do_not_contact=Recorded.YES)


@pytest.mark.parametrize(
    ("channels", "said", "chosen"),
    [
        ([SMS, PHONE], ALL_WELL, SMS),
        ([SMS, PHONE], NO_TEXT, PHONE),
        ([SMS], NO_TEXT, None),
        ([SMS, PHONE], NO_NUMBER_SAFE, None),
        ([SMS, PHONE, IN_PERSON], NO_NUMBER_SAFE, IN_PERSON),
        ([SMS, PHONE, IN_PERSON], NOBODY, None),
        ([], ALL_WELL, None),
    ],
)
@pytest.mark.parametrize("in_use", [SMS, PHONE, None])
def test_until_someone_was_asked_every_channel_is_tried_in_order(
    channels: Sequence[Channel], said: ContactFacts, chosen: Channel | None, in_use
):
    choice = choose_channel(channels, in_use, said, NOON, was_asked=False)
    assert choice.channel is chosen
    assert [channel for channel, _ in choice.judged] == channels[: len(choice.judged)]


def test_whoever_was_asked_is_not_moved_back_to_an_earlier_channel():
    choice = choose_channel([SMS, PHONE], PHONE, ALL_WELL, NOON, was_asked=True)
    assert choice.channel is PHONE
    assert [channel for channel, _ in choice.judged] == [PHONE]


def test_whoever_was_asked_may_still_move_on_and_come_back_from_nowhere():
    moved = choose_channel([SMS, PHONE], SMS, NO_TEXT, NOON, was_asked=True)
    assert moved.channel is PHONE
    back = choose_channel([SMS], None, ALL_WELL, NOON, was_asked=True)
    assert back.channel is SMS


def test_each_refusal_on_the_way_is_told():
    choice = choose_channel([SMS, PHONE, IN_PERSON], SMS, NO_NUMBER_SAFE, NOON, was_asked=False)
    assert [verdict.reason for _, verdict in choice.judged] == [
        Refusal.UNSAFE,
        Refusal.UNSAFE,
        None,
    ]
