"""When may somebody be rung again, when has a request been tried enough, and which time to call
back can be agreed?

Whether a call is allowed at all is the contact rule's word (`domain.safe_contact`); what stands
here is only about the calls that were made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.safe_hours import are_all_open_at

TRIES = 2
"""Unanswered calls, one after the other, that make a request tried: it is not rung any more."""
TRY_AGAIN_AFTER = timedelta(hours=1)
"""Between two unanswered calls, so that both are never in the same hour."""
LEASE = timedelta(minutes=45)
"""How long one interviewer has a call to themselves; the longest survey takes about twenty."""
AFTER_LAST_TEXT = timedelta(days=3)
"""How long somebody has to answer their last reminder before they are rung."""


class CallOutcome(StrEnum):
    """How a call ended."""

    NO_ANSWER = "no-answer"
    CALL_BACK = "call-back"
    REFUSED = "refused"
    WRONG_NUMBER = "wrong-number"
    UNSAFE = "unsafe"
    DONE = "done"


LAST_OUTCOMES = frozenset(
    {CallOutcome.REFUSED, CallOutcome.WRONG_NUMBER, CallOutcome.UNSAFE, CallOutcome.DONE}
)
"""After one of these nobody rings for this request again."""


class CallBackRefusal(StrEnum):
    """Why a time to call back cannot be agreed."""

    MISSING = "missing"
    IN_THE_PAST = "in-the-past"
    AFTER_THE_END = "after-the-end"
    OUTSIDE_SAFE_HOURS = "outside-safe-hours"


@dataclass(frozen=True)
class PastCall:
    """One call that was made: when it ended, how, and for when another one was agreed."""

    at: datetime
    outcome: CallOutcome
    call_back_at: datetime | None = None


def tries_in_a_row(calls: Sequence[PastCall]) -> int:
    """How many of the last calls, given oldest first, nobody answered."""
    tries = 0
    for call in reversed(calls):
        if call.outcome is not CallOutcome.NO_ANSWER:
            break
        tries += 1
    return tries


def are_over(calls: Sequence[PastCall]) -> bool:
    """Whether nobody is to ring again after these calls, oldest first."""
    if tries_in_a_row(calls) >= TRIES:
        return True
    return bool(calls) and calls[-1].outcome in LAST_OUTCOMES


def next_call_at(calls: Sequence[PastCall]) -> datetime | None:
    """The instant before which nobody rings again; None where there has been no call."""
    if not calls:
        return None
    last = calls[-1]
    return last.call_back_at or last.at + TRY_AGAIN_AFTER


def refuse_call_back(
    at: datetime | None, facts: ContactFacts, now: datetime
) -> CallBackRefusal | None:
    """Why nobody can promise to ring at `at`: it has to come, inside the request's life and inside
    the person's and the service's hours."""
    if at is None:
        return CallBackRefusal.MISSING
    if at <= now:
        return CallBackRefusal.IN_THE_PAST
    if at >= facts.expires_at:
        return CallBackRefusal.AFTER_THE_END
    if not are_all_open_at((facts.person_hours, facts.service_hours), at):
        return CallBackRefusal.OUTSIDE_SAFE_HOURS
    return None
