"""Which reminder of a request is due, and since when?"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from survey_app.domain.requests import MessageState

SHORTEST_GAP = timedelta(days=1)
"""Between two texts of one request, should one have been deferred for long."""

_UNDER_WAY = frozenset({MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN})


class TextSoFar(NamedTuple):
    """What is known of one text of a request."""

    kind: str
    ordinal: int
    state: str
    sent_at: datetime | None


def next_reminder(
    first_text_at: datetime, days: Sequence[int], texts: Collection[TextSoFar], now: datetime
) -> int | None:
    """The ordinal (1 is the first) of the reminder that is due now; None when none is.

    At most one text of a request is under way at a time. A cancelled reminder does not count as
    used: what stood against it may be over.
    """
    if any(text.state in _UNDER_WAY for text in texts):
        return None
    last_sent_at = max((text.sent_at for text in texts if text.sent_at), default=first_text_at)
    if now < last_sent_at + SHORTEST_GAP:
        return None
    used = max((text.ordinal for text in texts if text.state != MessageState.CANCELLED), default=0)
    due = [n for n, day in enumerate(days, 1) if first_text_at + timedelta(days=day) <= now]
    return due[-1] if due and due[-1] > used else None
