"""What may a text appear to come from?

A number in international form, a name that networks carry (3GPP TS 23.040: at most eleven
characters; carriers ask for a letter in it), or the id that GOV.UK Notify gives to a sender.
Whether a name is neutral (safety rule 4) is for people to judge.
"""

import re
from enum import StrEnum

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 &+_-]{0,9}[A-Za-z0-9])?")
_NOTIFY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SenderKind(StrEnum):
    """Which of the three a sender is."""

    NUMBER = "number"
    NAME = "name"
    NOTIFY_ID = "notify-id"


def kind_of_sender(sender: str) -> SenderKind | None:
    """What a sender is; None when a text cannot come from it."""
    if _NUMBER.fullmatch(sender):
        return SenderKind.NUMBER
    if _NOTIFY_ID.fullmatch(sender):
        return SenderKind.NOTIFY_ID
    return SenderKind.NAME if _NAME.fullmatch(sender) else None
