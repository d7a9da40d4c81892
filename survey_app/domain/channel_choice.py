"""Over which of its channels may a request go on, and what did the contact rule say on the way?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import Channel
from survey_app.domain.safe_contact import Outcome, Verdict, judge


@dataclass(frozen=True)
class ChannelChoice:
    """`channel` is the first that the rule does not refuse; None when nobody may ask.

    `judged` holds every channel that was tried, in the programme's order, with its verdict.
    """

    channel: Channel | None
    judged: tuple[tuple[Channel, Verdict], ...]


def choose_channel(
    channels: Sequence[Channel],
    in_use: Channel | None,
    facts: ContactFacts,
    now: datetime,
    *,
    was_asked: bool,
) -> ChannelChoice:
    """Walk the programme's channels in order and take the first that is not refused.

    Once someone was asked (a text accepted, a call made, a form handed over) there is no way back
    from the channel in use to an earlier one; until then every channel is tried anew.
    """
    judged: list[tuple[Channel, Verdict]] = []
    for channel in _still_open(channels, in_use, was_asked=was_asked):
        verdict = judge(channel, facts, now)
        judged.append((channel, verdict))
        if verdict.outcome is not Outcome.NO:
            return ChannelChoice(channel, tuple(judged))
    return ChannelChoice(None, tuple(judged))


def _still_open(
    channels: Sequence[Channel], in_use: Channel | None, *, was_asked: bool
) -> Sequence[Channel]:
    if not was_asked or in_use not in channels:
        return channels
    return channels[channels.index(in_use) :]
