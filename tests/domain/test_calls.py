"""When somebody may be rung again, and which time to ring back can be agreed: worked examples."""

from datetime import datetime, time, timedelta

import pytest

from survey_app.domain.calls import (
    TRY_AGAIN_AFTER,
    CallBackRefusal,
    CallOutcome,
    PastCall,
    are_over,
    next_call_at,
    refuse_call_back,
    tries_in_a_row,
)
from survey_app.domain.safe_hours import LONDON, SafeHours
from tests.domain.contact_cases import facts
from tests.world import NOON

NO_ANSWER = PastCall(NOON, CallOutcome.NO_ANSWER)
LATER = PastCall(NOON, CallOutcome.CALL_BACK, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("calls", "tries", "is_over"),
    [
        ([], 0, False),
        ([NO_ANSWER], 1, False),
        ([NO_ANSWER, NO_ANSWER], 2, True),
        ([NO_ANSWER, LATER], 0, False),
        ([NO_ANSWER, LATER, NO_ANSWER], 1, False),
        ([NO_ANSWER, LATER, NO_ANSWER, NO_ANSWER], 2, True),
        ([PastCall(NOON, CallOutcome.REFUSED)], 0, True),
        ([PastCall(NOON, CallOutcome.WRONG_NUMBER)], 0, True),
        ([PastCall(NOON, CallOutcome.UNSAFE)], 0, True),
        ([PastCall(NOON, CallOutcome.DONE)], 0, True),
    ],
)
def test_two_unanswered_calls_in_a_row_or_a_last_word_end_the_ringing(calls, tries, is_over):
    assert (tries_in_a_row(calls), are_over(calls)) == (tries, is_over)


def test_the_next_call_waits_for_the_time_agreed_or_for_another_hour():
    assert next_call_at([]) is None
    assert next_call_at([NO_ANSWER]) == NOON + TRY_AGAIN_AFTER
    assert next_call_at([NO_ANSWER, LATER]) == LATER.call_back_at


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (None, CallBackRefusal.MISSING),
        (NOON, CallBackRefusal.IN_THE_PAST),
        (datetime(2026, 11, 19, 10, 0, tzinfo=LONDON), None),
        (datetime(2026, 11, 19, 9, 59, tzinfo=LONDON), CallBackRefusal.OUTSIDE_SAFE_HOURS),
        (datetime(2026, 11, 19, 15, 0, tzinfo=LONDON), CallBackRefusal.OUTSIDE_SAFE_HOURS),
        (datetime(2026, 11, 25, 12, 0, tzinfo=LONDON), CallBackRefusal.AFTER_THE_END),
    ],
)
def test_ringing_back_is_agreed_inside_safe_hours_and_the_life_of_the_request(at, refusal):
    hours = SafeHours(opens=time(10), closes=time(15))
    known = facts(person_hours=hours, expires_at=NOON + timedelta(days=7))
    assert refuse_call_back(at, known, NOON) is refusal
