"""Which reminder is due: worked examples."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.reminders import TextSoFar, next_reminder
from survey_app.domain.requests import MessageState
from tests.world import NOON

INVITED = TextSoFar("invitation", 0, "delivered", NOON)


def a_reminder(ordinal: int, state: str, day: float | None) -> TextSoFar:
    return TextSoFar(
        "reminder", ordinal, state, None if day is None else NOON + timedelta(days=day)
    )


@pytest.mark.parametrize(
    ("days", "texts", "day", "expected"),
    [
        ([7, 14], [INVITED], 6.99, None),
        ([7, 14], [INVITED], 7, 1),
        ([7, 14], [INVITED, a_reminder(1, "delivered", 7)], 13.9, None),
        ([7, 14], [INVITED, a_reminder(1, "delivered", 7)], 14, 2),
        ([7, 14], [INVITED, a_reminder(1, "delivered", 7), a_reminder(2, "failed", 14)], 20, None),
        ([7, 14], [INVITED], 20, 2),
        ([7, 14], [INVITED, a_reminder(2, "delivered", 20)], 21, None),
        ([7, 14], [INVITED, a_reminder(1, "pending", None)], 14, None),
        ([7, 14], [INVITED, a_reminder(1, "sending", None)], 14, None),
        ([7, 14], [INVITED, a_reminder(1, "unknown", None)], 14, None),
        ([7, 14], [INVITED, a_reminder(1, "cancelled", None)], 8, 1),
        ([7, 14], [INVITED, a_reminder(1, "failed", None)], 8, None),
        ([7, 14], [INVITED, a_reminder(1, "delivered", 13.5)], 14, None),
        ([7, 14], [INVITED, a_reminder(1, "delivered", 13.5)], 14.5, 2),
        ([], [INVITED], 20, None),
    ],
)
def test_the_reminder_that_is_due(days, texts, day, expected):
    assert next_reminder(NOON, days, texts, NOON + timedelta(days=day)) == expected


@given(
    days=st.lists(st.integers(1, 27), unique=True, max_size=4).map(sorted),
    passes=st.lists(st.floats(0, 40), max_size=30).map(sorted),
)
def test_reminders_go_forward_one_at_a_time_and_never_before_their_day(days, passes):
    texts = [INVITED]
    for day in passes:
        ordinal = next_reminder(NOON, days, texts, NOON + timedelta(days=day))
        if ordinal is not None:
            assert day >= days[ordinal - 1]
            assert ordinal > max(text.ordinal for text in texts)
            texts.append(a_reminder(ordinal, MessageState.DELIVERED, day))
    assert len(texts) <= 1 + len(days)
