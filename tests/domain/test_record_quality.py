"""Not recorded is never late; what hours would be needed for is said to be unclear."""

from datetime import UTC, date, datetime, timedelta

import pytest

from survey_app.domain.cases import NumberKind
from survey_app.domain.record_quality import (
    CHARACTERISTIC_STATES,
    CHARACTERISTICS,
    CONTACT_DATA,
    CONTACT_STATES,
    NUMBER_STATES,
    NUMBERS,
    ORDER_STATES,
    ORDERS,
    TARGET_STATES,
    TARGETS,
    CaseRecord,
    Moment,
    State,
    Topic,
    states,
)

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = date(2026, 9, 1)
AT = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)


def after(**delta: float) -> Moment:
    """An instant after the referral."""
    return Moment((AT + timedelta(**delta)).date(), AT + timedelta(**delta))


def days(n: int) -> Moment:
    """A day after the referral's, without an hour."""
    return Moment(DAY + timedelta(days=n))


def state_of(topic: Topic, now: datetime = NOW, **facts) -> State:
    return states(CaseRecord(**({"referred": Moment(DAY, AT)} | facts)), now)[topic]


def test_every_topic_has_one_of_the_states_of_its_sheet():
    found = states(CaseRecord(referred=Moment(DAY)), NOW)
    assert set(found) == set(Topic)
    sheets = (
        (CHARACTERISTICS, CHARACTERISTIC_STATES),
        (NUMBERS, NUMBER_STATES),
        (CONTACT_DATA, CONTACT_STATES),
        (TARGETS, TARGET_STATES),
        (ORDERS, ORDER_STATES),
    )
    assert sum(len(topics) for topics, _ in sheets) == len(Topic)
    for topics, known in sheets:
        assert {found[topic] for topic in topics} <= set(known)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (None, State.NOT_RECORDED),
        ("", State.NOT_RECORDED),
        ("declined", State.DECLINED),
        ("not-asked", State.NOT_ASKED),
        ("unknown", State.UNKNOWN),
        ("white british", State.RECORDED),
    ],
)
def test_four_ways_of_not_knowing_are_kept_apart(said, state):
    assert state_of(Topic.ETHNICITY, characteristics={Topic.ETHNICITY: said}) is state


@pytest.mark.parametrize("kind", list(NumberKind))
def test_every_kind_of_number_has_a_state_and_only_a_mobile_is_right(kind):
    state = state_of(Topic.NUMBER, number_kind=kind)
    assert state in NUMBER_STATES
    assert (state is State.RECORDED) is (kind is NumberKind.UK_MOBILE)


@pytest.mark.parametrize(
    ("contact", "state"),
    [
        (after(hours=47), State.MET),
        (after(hours=48), State.MET),
        (after(hours=49), State.LATE),
        (after(hours=-1), State.UNCLEAR),
        (days(0), State.MET),
        (days(1), State.MET),
        (days(2), State.UNCLEAR),
        (days(3), State.LATE),
        (days(-1), State.UNCLEAR),
        (Moment(), State.NOT_RECORDED),
    ],
)
def test_contact_within_two_days_is_judged_as_far_as_hours_are_known(contact, state):
    assert state_of(Topic.FIRST_CONTACT, first_contact=contact) is state


def test_a_target_whose_time_is_not_over_is_not_due():
    soon = AT + timedelta(hours=30)
    assert state_of(Topic.FIRST_CONTACT, now=soon) is State.NOT_DUE
    assert state_of(Topic.FIRST_CONTACT, now=AT + timedelta(days=3)) is State.NOT_RECORDED


@pytest.mark.parametrize(
    ("contact", "second", "state"),
    [
        (after(hours=3), Moment(), State.MET),
        (after(hours=40), after(hours=23), State.MET),
        (after(hours=40), after(hours=25), State.LATE),
        (after(hours=40), Moment(), State.NOT_RECORDED),
        (days(1), after(hours=25), State.UNCLEAR),
        (Moment(), days(1), State.UNCLEAR),
        (Moment(), Moment(), State.NOT_RECORDED),
    ],
)
def test_whoever_was_reached_within_a_day_needs_no_second_attempt(contact, second, state):
    assert state_of(Topic.TWO_ATTEMPTS, first_contact=contact, second_attempt=second) is state


@pytest.mark.parametrize(
    ("plan", "closed", "state"),
    [
        (7, None, State.MET),
        (8, None, State.LATE),
        (None, None, State.NOT_RECORDED),
        (None, 5, State.NOT_DUE),
        (None, 9, State.NOT_RECORDED),
    ],
)
def test_a_plan_is_due_a_week_after_the_needs_assessment(plan, closed, state):
    facts = {
        "needs_assessment_on": DAY,
        "support_plan_on": plan and DAY + timedelta(days=plan),
        "closed_on": closed and DAY + timedelta(days=closed),
    }
    assert state_of(Topic.SUPPORT_PLAN, **facts) is state


def test_without_a_needs_assessment_nothing_can_be_said_of_the_plan():
    assert state_of(Topic.SUPPORT_PLAN, support_plan_on=DAY) is State.NOT_RECORDED


@pytest.mark.parametrize(("n", "state"), [(38, State.MET), (39, State.LATE)])
def test_a_review_is_met_within_a_month_and_a_week(n, state):
    review = DAY + timedelta(days=n)
    assert state_of(Topic.REVIEW, support_plan_on=DAY, review_on=review) is state


@pytest.mark.parametrize(
    ("topic", "facts"),
    [
        (Topic.ATTEMPT_ORDER, {"first_attempt": days(2), "second_attempt": days(1)}),
        (Topic.CONTACT_ORDER, {"first_contact": days(-1)}),
        (Topic.PLAN_ORDER, {"needs_assessment_on": DAY, "support_plan_on": date(2026, 8, 1)}),
        (Topic.REVIEW_ORDER, {"support_plan_on": DAY, "review_on": date(2026, 8, 1)}),
        (Topic.CLOSING_ORDER, {"first_contact": days(9), "closed_on": DAY}),
    ],
)
def test_dates_out_of_order_are_found_and_missing_ones_are_not_taken_for_order(topic, facts):
    assert state_of(topic, **facts) is State.OUT_OF_ORDER
    found = states(CaseRecord(referred=Moment(DAY), **facts), NOW)
    assert {found[other] for other in ORDERS if other is not topic} <= {
        State.CANNOT_TELL,
        State.IN_ORDER,
    }
    assert state_of(topic) is State.CANNOT_TELL
