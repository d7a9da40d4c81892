"""A callback comes again, word for word: does its provider try again, or does somebody replay it?

Twilio gives each callback a token of its own and repeats it when it tries again because no answer
came in time (`I-Twilio-Idempotency-Token`); it gives up after 15 seconds in all. Neither its
signature nor Notify's token tells one from the other (docs/decisions/repeated-callbacks.md).
"""

from datetime import datetime, timedelta
from enum import StrEnum

RETRIED_WITHIN = timedelta(minutes=2)


class Heard(StrEnum):
    """What a callback is. The last two change nothing."""

    NEW = "new"
    RETRIED = "retried"
    """By its provider, which did not get our answer; it is told again that all is well."""
    REPLAYED = "replayed"


def heard_again(
    kept_token: str | None, kept_at: datetime, token: str | None, now: datetime
) -> Heard:
    """What the repetition of a callback is that was kept with this token at that instant."""
    is_same = token is not None and token == kept_token
    return Heard.RETRIED if is_same and now <= kept_at + RETRIED_WITHIN else Heard.REPLAYED
