"""What is recorded of a case, and were the contact targets kept, as far as the record says?

"Not recorded" is never read as "not done" (DOMAIN.md, "What services complain of"): a gap in the
record has a state of its own beside "late", and where only days were written down, what depends on
the hour cannot be told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from survey_app.domain.cases import NotGiven, NumberKind, Recorded
from survey_app.domain.periods import LONDON


class Topic(StrEnum):
    """One thing that should be known of every case."""

    DATE_OF_BIRTH = "date-of-birth"
    SEX = "sex"
    GENDER_IDENTITY = "gender-identity"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    SEXUALITY = "sexuality"
    RELIGION = "religion"

    NUMBER = "number"
    FLAGS = "flags"
    TEXT_CONSENT = "text-consent"
    TEXT_SAFE = "text-safe"
    CALL_SAFE = "call-safe"
    SAFETY_CHECK = "safety-check"

    TWO_ATTEMPTS = "two-attempts"
    FIRST_CONTACT = "first-contact"
    SUPPORT_PLAN = "support-plan"
    REVIEW = "review"

    ATTEMPT_ORDER = "attempt-order"
    CONTACT_ORDER = "contact-order"
    PLAN_ORDER = "plan-order"
    REVIEW_ORDER = "review-order"
    CLOSING_ORDER = "closing-order"


class State(StrEnum):
    """How it stands with a topic."""

    RECORDED = "recorded"
    DECLINED = "declined"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"
    NOT_RECORDED = "not-recorded"

    WRONG = "wrong"
    FOREIGN = "foreign"
    LANDLINE = "landline"

    MET = "met"
    LATE = "late"
    UNCLEAR = "unclear"
    NOT_DUE = "not-due"

    IN_ORDER = "in-order"
    OUT_OF_ORDER = "out-of-order"
    CANNOT_TELL = "cannot-tell"


CHARACTERISTICS = (
    Topic.DATE_OF_BIRTH,
    Topic.SEX,
    Topic.GENDER_IDENTITY,
    Topic.ETHNICITY,
    Topic.DISABILITY,
    Topic.SEXUALITY,
    Topic.RELIGION,
)
CHARACTERISTIC_STATES = (
    State.RECORDED,
    State.DECLINED,
    State.NOT_ASKED,
    State.UNKNOWN,
    State.NOT_RECORDED,
)
NUMBERS = (Topic.NUMBER,)
NUMBER_STATES = (
    State.RECORDED,
    State.WRONG,
    State.FOREIGN,
    State.LANDLINE,
    State.NOT_RECORDED,
)
CONTACT_DATA = (
    Topic.FLAGS,
    Topic.TEXT_CONSENT,
    Topic.TEXT_SAFE,
    Topic.CALL_SAFE,
    Topic.SAFETY_CHECK,
)
CONTACT_STATES = (State.RECORDED, State.UNKNOWN, State.NOT_RECORDED)
TARGETS = (Topic.TWO_ATTEMPTS, Topic.FIRST_CONTACT, Topic.SUPPORT_PLAN, Topic.REVIEW)
TARGET_STATES = (State.MET, State.LATE, State.UNCLEAR, State.NOT_RECORDED, State.NOT_DUE)
ORDERS = (
    Topic.ATTEMPT_ORDER,
    Topic.CONTACT_ORDER,
    Topic.PLAN_ORDER,
    Topic.REVIEW_ORDER,
    Topic.CLOSING_ORDER,
)
ORDER_STATES = (State.IN_ORDER, State.OUT_OF_ORDER, State.CANNOT_TELL)

NOT_GIVEN_STATES = tuple(state for state in CHARACTERISTIC_STATES if state is not State.RECORDED)
"""Why a characteristic has no value, in the order in which it is shown."""
TOPIC_OF_FACT: Mapping[str, Topic] = {
    "usable-number": Topic.NUMBER,
    "text-consent": Topic.TEXT_CONSENT,
    "text-safe": Topic.TEXT_SAFE,
    "safety-checked": Topic.SAFETY_CHECK,
    "flags": Topic.FLAGS,
}
"""The facts of a report's `recording` that are topics too: the fact is known of a case where the
topic is RECORDED. The other facts ask whether a day or a reason was written down at all."""

ATTEMPTS_WITHIN = timedelta(hours=24)
"""Contact target: two attempts, unless the first reached the person (DOMAIN.md)."""
CONTACT_WITHIN = timedelta(hours=48)
"""Contact target: spoken to."""
PLAN_WITHIN = timedelta(days=7)
"""From the needs assessment to the support plan."""
REVIEW_WITHIN = timedelta(days=31 + 7)
"""From the support plan to its review: a month, and a week in which to meet."""

_NUMBERS = {
    NumberKind.UK_MOBILE: State.RECORDED,
    NumberKind.UK_LANDLINE: State.LANDLINE,
    NumberKind.UK_PREMIUM: State.WRONG,
    NumberKind.INVALID: State.WRONG,
    NumberKind.FOREIGN: State.FOREIGN,
    NumberKind.NONE: State.NOT_RECORDED,
}
USABLE_NUMBERS = tuple(kind for kind, state in _NUMBERS.items() if state is State.RECORDED)
SAID = (Recorded.YES, Recorded.NO)
"""What is known of a yes/no fact; `unknown` was written down, but tells nothing."""


@dataclass(frozen=True)
class Moment:
    """A day, and the instant where one was written down. None: nothing was."""

    on: date | None = None
    at: datetime | None = None

    @property
    def day(self) -> date | None:
        """The London day, from whichever is known."""
        return self.at.astimezone(LONDON).date() if self.at is not None else self.on


@dataclass(frozen=True)
class CaseRecord:
    """What is recorded of a case and its person. None is "not recorded" throughout."""

    referred: Moment
    characteristics: Mapping[Topic, str | None] = field(default_factory=dict)
    number_kind: NumberKind = NumberKind.NONE
    flags: str | None = None
    sms_consent: str | None = None
    sms_safe: str | None = None
    call_safe: str | None = None
    safety_checked_on: date | None = None
    first_attempt: Moment = Moment()
    second_attempt: Moment = Moment()
    first_contact: Moment = Moment()
    needs_assessment_on: date | None = None
    support_plan_on: date | None = None
    review_on: date | None = None
    closed_on: date | None = None


def states(record: CaseRecord, now: datetime) -> dict[Topic, State]:
    """How it stands with every topic of a case at an instant; each has exactly one state."""
    today = now.astimezone(LONDON).date()
    found = {topic: given(record.characteristics.get(topic)) for topic in CHARACTERISTICS}
    return found | _contact_data(record) | _targets(record, today) | _orders(record)


def given(said: str | None) -> State:
    """How it stands with a characteristic: its value, why there is none, or nothing."""
    if not said:
        return State.NOT_RECORDED
    return State(said) if said in set(NotGiven) else State.RECORDED


def _contact_data(record: CaseRecord) -> dict[Topic, State]:
    return {
        Topic.NUMBER: _NUMBERS[record.number_kind],
        Topic.FLAGS: State.RECORDED if record.flags else State.NOT_RECORDED,
        Topic.TEXT_CONSENT: _answered(record.sms_consent),
        Topic.TEXT_SAFE: _answered(record.sms_safe),
        Topic.CALL_SAFE: _answered(record.call_safe),
        Topic.SAFETY_CHECK: State.RECORDED if record.safety_checked_on else State.NOT_RECORDED,
    }


def _answered(said: str | None) -> State:
    if not said:
        return State.NOT_RECORDED
    return State.RECORDED if said in SAID else State.UNKNOWN


def _targets(record: CaseRecord, today: date) -> dict[Topic, State]:
    contact = _within(record.referred, record.first_contact, CONTACT_WITHIN, today)
    return {
        Topic.TWO_ATTEMPTS: _attempts(record, today),
        Topic.FIRST_CONTACT: contact,
        Topic.SUPPORT_PLAN: _days_after(
            record.needs_assessment_on, record.support_plan_on, PLAN_WITHIN, record, today
        ),
        Topic.REVIEW: _days_after(
            record.support_plan_on, record.review_on, REVIEW_WITHIN, record, today
        ),
    }


def _attempts(record: CaseRecord, today: date) -> State:
    """Whoever was reached within the time needs no second attempt."""
    reached = _within(record.referred, record.first_contact, ATTEMPTS_WITHIN, today)
    if reached is State.MET:
        return State.MET
    tried = _within(record.referred, record.second_attempt, ATTEMPTS_WITHIN, today)
    if State.UNCLEAR in (reached, tried) and tried is not State.MET:
        return State.UNCLEAR
    return tried


def _within(start: Moment, end: Moment, limit: timedelta, today: date) -> State:
    """Whether `end` came within `limit` of `start`, as far as hours are known.

    Where one of the two is only a day, the time between lies within a day of the days' distance.
    """
    began, ended = start.day, end.day
    if began is None:
        return State.NOT_RECORDED
    if ended is None:
        return State.NOT_DUE if today <= began + limit else State.NOT_RECORDED
    if ended < began or (start.at is not None and end.at is not None and end.at < start.at):
        return State.UNCLEAR  # One of the two is wrong; the order of dates is told on its own.
    if start.at is not None and end.at is not None:
        return State.MET if end.at - start.at <= limit else State.LATE
    days = ended - began
    if days + timedelta(days=1) <= limit:
        return State.MET
    return State.LATE if days - timedelta(days=1) >= limit else State.UNCLEAR


def _days_after(
    start: date | None, end: date | None, limit: timedelta, record: CaseRecord, today: date
) -> State:
    if start is None:
        return State.NOT_RECORDED
    last = start + limit
    if end is not None:
        return State.MET if end <= last else State.LATE
    is_over = record.closed_on is not None and record.closed_on <= last
    return State.NOT_DUE if is_over or today <= last else State.NOT_RECORDED


def _orders(record: CaseRecord) -> dict[Topic, State]:
    """Pairs of days of which the second cannot come before the first."""
    referred = record.referred.day
    first, second = record.first_attempt.day, record.second_attempt.day
    ends = (first, second, record.first_contact.day, record.support_plan_on, record.review_on)
    latest = max((day for day in ends if day is not None), default=None)
    return {
        Topic.ATTEMPT_ORDER: _order(first, second),
        Topic.CONTACT_ORDER: _order(referred, record.first_contact.day),
        Topic.PLAN_ORDER: _order(record.needs_assessment_on, record.support_plan_on),
        Topic.REVIEW_ORDER: _order(record.support_plan_on, record.review_on),
        Topic.CLOSING_ORDER: _order(latest, record.closed_on),
    }


def _order(earlier: date | None, later: date | None) -> State:
    if earlier is None or later is None:
        return State.CANNOT_TELL
    return State.OUT_OF_ORDER if later < earlier else State.IN_ORDER
