"""What is planned for a case as it arrives, changes, closes and reopens?"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.requests import EndReason, RequestState, Wave
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligibleReason
from survey_app.domain.wave_plans import (
    PLANNED_WAVES,
    Action,
    CaseFacts,
    Create,
    End,
    ExistingRequest,
    Leave,
    RequestPlan,
    Revive,
    Update,
    WhyNot,
)
from survey_app.domain.waves import plan_wave, plan_waves
from tests.domain.definitions import REFERRED, a_programme_of, case_facts

PROGRAMME = a_programme_of()
CLOSED = date(2026, 10, 1)
CASEWORKER = SupportLevel.CASEWORKER
CARE_UNIT = SupportLevel.CARE_UNIT


def planned(case: CaseFacts, today: date, wave: Wave, **existing: Any) -> Action:
    request = ExistingRequest(**existing) if existing else None
    return plan_wave(wave, case, PROGRAMME, today, request)


def wanted(case: CaseFacts, wave: Wave, today: date) -> RequestPlan:
    action = planned(case, today, wave)
    assert isinstance(action, Create)
    return action.plan


def closed(**parts: Any) -> CaseFacts:
    return case_facts(**({"closed_on": CLOSED, "closure_reason": ClosureReason.COMPLETED} | parts))


def days(number: int) -> timedelta:
    return timedelta(days=number)


OPEN_BASELINE = wanted(case_facts(), Wave.BASELINE, REFERRED)
OPEN_CLOSURE = wanted(closed(), Wave.CLOSURE, CLOSED)
WAITING, ASKED, STARTED = RequestState.WAITING, RequestState.ASKED, RequestState.STARTED
WITHDRAWN, COMPLETED, EXPIRED = (
    RequestState.WITHDRAWN,
    RequestState.COMPLETED,
    RequestState.EXPIRED,
)


def test_a_new_community_case_is_asked_the_self_assessment_on_the_day() -> None:
    assert wanted(case_facts(), Wave.BASELINE, REFERRED) == RequestPlan(
        tier=None,
        instruments=("self-assessment",),
        reading=None,
        channels=("sms",),
        due_on=REFERRED,
        expires_on=REFERRED + days(28),
        reminders=(7, 14),
    )


def test_a_closed_case_is_asked_by_its_tier_three_days_later() -> None:
    assert wanted(closed(deliveries=3), Wave.CLOSURE, CLOSED) == RequestPlan(
        tier=Tier.TWO,
        instruments=("self-assessment", "sus-tier-2"),
        reading=None,
        channels=("sms", "phone"),
        due_on=CLOSED + days(3),
        expires_on=CLOSED + days(31),
        reminders=(7, 14),
    )


def test_a_review_is_planned_ahead_where_the_programme_says_so() -> None:
    case = case_facts(support_level=CASEWORKER)
    assert wanted(case, Wave.REVIEW, REFERRED).due_on == REFERRED + days(28)
    assert planned(case_facts(), REFERRED, Wave.REVIEW) == Leave(WhyNot.NOT_IN_PROGRAMME)


@pytest.mark.parametrize(
    ("is_young_person", "reading", "instruments"),
    [
        (False, "adult-star", ("self-assessment", "short-satisfaction")),
        (True, "young-person-star", ("self-assessment",)),
    ],
)
def test_tier_three_is_due_the_star_of_its_age_and_one_link(
    is_young_person: bool, reading: str, instruments: tuple[str, ...]
) -> None:
    case = closed(support_level=CASEWORKER, is_young_person=is_young_person)
    plan = wanted(case, Wave.CLOSURE, CLOSED)
    assert (plan.tier, plan.reading, plan.instruments) == (Tier.THREE, reading, instruments)


def test_the_baseline_goes_by_the_support_level_of_the_opening_day() -> None:
    case = replace(case_facts(), support_level=CASEWORKER)
    assert wanted(case, Wave.BASELINE, REFERRED).reading is None
    case = replace(case_facts(), opening_support_level=CARE_UNIT)
    assert planned(case, REFERRED, Wave.BASELINE) == Leave(WhyNot.NOT_IN_PROGRAMME)


@pytest.mark.parametrize(
    ("age", "wave", "case", "is_made"),
    [
        (0, Wave.BASELINE, case_facts(), True),
        (14, Wave.BASELINE, case_facts(), True),
        (15, Wave.BASELINE, case_facts(), False),
        (28, Wave.REVIEW, case_facts(support_level=CASEWORKER), True),
        (29, Wave.REVIEW, case_facts(support_level=CASEWORKER), False),
        (30, Wave.CLOSURE, closed(), True),
        (44, Wave.CLOSURE, closed(), True),
        (45, Wave.CLOSURE, closed(), False),
    ],
)
def test_history_texts_nobody(age: int, wave: Wave, case: CaseFacts, is_made: bool) -> None:
    """`age` counts from the referral; the case closed on day 30."""
    action = planned(case, REFERRED + days(age), wave)
    assert isinstance(action, Create) if is_made else action == Leave(WhyNot.TOO_LATE)


def test_each_wave_is_judged_on_its_own() -> None:
    actions = plan_waves(closed(), PROGRAMME, CLOSED, {})
    assert [plan.wave for plan in actions] == list(PLANNED_WAVES)
    assert [type(plan.action) for plan in actions] == [Leave, Leave, Create]


def test_a_case_already_closed_on_arrival_gets_no_baseline() -> None:
    case = closed(closed_on=REFERRED)
    assert planned(case, REFERRED, Wave.BASELINE) == Leave(WhyNot.CASE_CLOSED)


def test_an_open_case_gets_no_closure_request() -> None:
    assert planned(case_facts(), CLOSED, Wave.CLOSURE) == Leave(WhyNot.CASE_OPEN)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"support_level": CARE_UNIT}, NotEligibleReason.CARE_UNIT),
        ({"deliveries": 0}, NotEligibleReason.NO_DELIVERY),
        ({"closure_reason": ClosureReason.DECLINED}, NotEligibleReason.DECLINED),
        ({"closure_reason": ClosureReason.NO_CONTACT}, NotEligibleReason.NO_CONTACT),
        ({"closure_reason": ClosureReason.TRANSFERRED}, NotEligibleReason.TRANSFERRED),
    ],
)
def test_who_is_not_eligible_is_not_asked_at_closure(
    parts: dict[str, Any], reason: NotEligibleReason
) -> None:
    assert planned(closed(**parts), CLOSED, Wave.CLOSURE) == Leave(reason)
    # History or not: each case is left with one reason, and eligibility comes first.
    assert planned(closed(**parts), CLOSED + days(99), Wave.CLOSURE) == Leave(reason)


def test_a_tier_that_no_closure_names_is_not_in_the_programme() -> None:
    programme = a_programme_of(closure={"1": {"reading": "s", "after_days": 0, **EXPIRES}})
    action = plan_wave(Wave.CLOSURE, closed(deliveries=3), programme, CLOSED, None)
    assert action == Leave(WhyNot.NOT_IN_PROGRAMME)


EXPIRES = {"expires_after_days": 28}


@pytest.mark.parametrize("state", [WAITING, ASKED, STARTED])
def test_closing_ends_an_open_baseline(state: RequestState) -> None:
    action = planned(closed(), CLOSED, Wave.BASELINE, state=state, plan=OPEN_BASELINE)
    assert action == End(EndReason.CASE_CLOSED)


def test_closing_ends_an_open_review() -> None:
    case = case_facts(support_level=CASEWORKER)
    plan = wanted(case, Wave.REVIEW, REFERRED)
    action = planned(replace(case, closed_on=CLOSED), CLOSED, Wave.REVIEW, state=WAITING, plan=plan)
    assert action == End(EndReason.CASE_CLOSED)


def test_a_tier_that_changes_before_anyone_was_asked_changes_the_request() -> None:
    action = planned(
        closed(deliveries=3), CLOSED + days(1), Wave.CLOSURE, state=WAITING, plan=OPEN_CLOSURE
    )
    assert isinstance(action, Update)
    assert (action.plan.tier, action.plan.channels) == (Tier.TWO, ("sms", "phone"))


def test_a_corrected_closing_day_moves_a_waiting_request() -> None:
    action = planned(
        closed(closed_on=CLOSED - days(1)), CLOSED, Wave.CLOSURE, state=WAITING, plan=OPEN_CLOSURE
    )
    assert isinstance(action, Update)
    assert action.plan.due_on == OPEN_CLOSURE.due_on - days(1)


@pytest.mark.parametrize("state", [ASKED, STARTED])
@pytest.mark.parametrize("parts", [{"deliveries": 3}, {"closure_reason": ClosureReason.DECLINED}])
def test_nothing_changes_a_request_once_someone_was_asked(
    state: RequestState, parts: dict[str, Any]
) -> None:
    action = planned(
        closed(**parts), CLOSED, Wave.CLOSURE, state=state, plan=OPEN_CLOSURE, is_fixed=True
    )
    assert action == Leave(WhyNot.ALREADY_THERE)


def test_a_request_that_is_right_is_left_alone() -> None:
    action = planned(closed(), CLOSED, Wave.CLOSURE, state=WAITING, plan=OPEN_CLOSURE)
    assert action == Leave(WhyNot.ALREADY_THERE)


def test_a_waiting_request_grows_old_without_becoming_history() -> None:
    action = planned(closed(), CLOSED + days(27), Wave.CLOSURE, state=WAITING, plan=OPEN_CLOSURE)
    assert action == Leave(WhyNot.ALREADY_THERE)


def test_another_star_alone_does_not_change_the_link() -> None:
    case = closed(support_level=CASEWORKER)
    plan = replace(wanted(case, Wave.CLOSURE, CLOSED), reading=None)
    action = planned(case, CLOSED, Wave.CLOSURE, state=WAITING, plan=plan)
    assert action == Leave(WhyNot.ALREADY_THERE)


@pytest.mark.parametrize(
    "parts", [{"deliveries": 0}, {"closure_reason": ClosureReason.TRANSFERRED}]
)
def test_a_waiting_request_ends_when_the_case_is_no_longer_eligible(parts: dict[str, Any]) -> None:
    action = planned(closed(**parts), CLOSED, Wave.CLOSURE, state=WAITING, plan=OPEN_CLOSURE)
    assert action == End(EndReason.NO_LONGER_ELIGIBLE)


@pytest.mark.parametrize(
    ("state", "is_fixed", "has_answers", "expected"),
    [
        (WAITING, False, False, End(EndReason.CASE_REOPENED)),
        (ASKED, True, False, End(EndReason.CASE_REOPENED)),
        (STARTED, True, False, End(EndReason.CASE_REOPENED)),
        (STARTED, True, True, Leave(WhyNot.ALREADY_THERE)),
    ],
)
def test_reopening_ends_a_closure_request_that_nobody_answered(
    state: RequestState, is_fixed: bool, has_answers: bool, expected: Action
) -> None:
    action = planned(
        case_facts(),
        CLOSED + days(9),
        Wave.CLOSURE,
        state=state,
        plan=OPEN_CLOSURE,
        is_fixed=is_fixed,
        has_answers=has_answers,
    )
    assert action == expected


LATER = CLOSED + days(60)


def reclosed(**existing: Any) -> Action:
    request = {"state": WITHDRAWN, "plan": OPEN_CLOSURE, "end_reason": EndReason.CASE_REOPENED}
    case = closed(closed_on=LATER, deliveries=3)
    return planned(case, LATER, Wave.CLOSURE, **(request | existing))


@pytest.mark.parametrize("reason", [EndReason.CASE_REOPENED, EndReason.NO_LONGER_ELIGIBLE])
def test_closing_again_revives_a_request_that_nobody_was_asked(reason: EndReason) -> None:
    action = reclosed(end_reason=reason)
    assert isinstance(action, Revive)
    assert action.state is WAITING
    assert (action.plan.tier, action.plan.due_on) == (Tier.TWO, LATER + days(3))


def test_who_was_invited_before_the_reopening_is_not_invited_again() -> None:
    action = reclosed(is_fixed=True)
    assert isinstance(action, Revive)
    assert action.state is ASKED
    # What they were asked stays as it was; only the days are new.
    assert action.plan == replace(OPEN_CLOSURE, due_on=LATER + days(3), expires_on=LATER + days(31))


@pytest.mark.parametrize(
    "existing",
    [
        {"state": COMPLETED, "end_reason": EndReason.ANSWERED, "has_answers": True},
        {"state": COMPLETED, "end_reason": EndReason.FINISHED_EARLY, "has_answers": True},
        {"state": COMPLETED, "end_reason": EndReason.IMPORTED},
        {"state": EXPIRED, "end_reason": EndReason.EXPIRED},
        {"end_reason": EndReason.WITHDRAWN_AT_GO_LIVE},
        {"end_reason": EndReason.CASE_REOPENED, "has_answers": True},
    ],
)
def test_a_request_that_ended_otherwise_is_the_only_one_ever(existing: dict[str, Any]) -> None:
    assert reclosed(**existing) == Leave(WhyNot.ALREADY_ENDED)


def test_a_request_is_not_revived_for_a_closing_that_is_history() -> None:
    action = planned(
        closed(),
        CLOSED + days(15),
        Wave.CLOSURE,
        state=WITHDRAWN,
        plan=OPEN_CLOSURE,
        end_reason=EndReason.CASE_REOPENED,
    )
    assert action == Leave(WhyNot.ALREADY_ENDED)


def test_a_baseline_that_closing_ended_stays_ended_when_the_case_reopens() -> None:
    action = planned(
        case_facts(),
        REFERRED + days(2),
        Wave.BASELINE,
        state=WITHDRAWN,
        plan=OPEN_BASELINE,
        end_reason=EndReason.CASE_CLOSED,
    )
    assert action == Leave(WhyNot.ALREADY_ENDED)


def test_a_review_still_to_come_is_revived_when_the_case_reopens() -> None:
    case = case_facts(support_level=CASEWORKER)
    existing = {
        "state": WITHDRAWN,
        "plan": wanted(case, Wave.REVIEW, REFERRED),
        "end_reason": EndReason.CASE_CLOSED,
    }
    action = planned(case, REFERRED + days(5), Wave.REVIEW, **existing)
    assert isinstance(action, Revive)
    assert planned(case, REFERRED + days(29), Wave.REVIEW, **existing) == Leave(
        WhyNot.ALREADY_ENDED
    )


def carried_out(action: Action, before: ExistingRequest | None) -> ExistingRequest | None:
    """What a request is after its plan was carried out."""
    match action:
        case Create(plan):
            return ExistingRequest(WAITING, plan)
        case Update(plan):
            assert before is not None
            return replace(before, plan=plan)
        case End(reason):
            assert before is not None
            return replace(before, state=WITHDRAWN, end_reason=reason)
        case Revive(plan, state):
            assert before is not None
            return replace(before, plan=plan, state=state, end_reason=None)
    return before


@st.composite
def case_histories(draw: st.DrawFn) -> list[tuple[CaseFacts, date, bool, bool]]:
    """One case on several days: how it stands, and whether someone was asked or answered."""
    history = []
    today = REFERRED + days(draw(st.integers(0, 20)))
    level = draw(st.sampled_from(SupportLevel))
    for _ in range(draw(st.integers(1, 6))):
        is_closed = draw(st.booleans())
        back = draw(st.integers(0, 30))
        history.append(
            (
                CaseFacts(
                    referred_on=REFERRED,
                    opening_support_level=level,
                    support_level=draw(st.sampled_from(SupportLevel)),
                    deliveries=draw(st.integers(0, 4)),
                    is_young_person=draw(st.booleans()),
                    closed_on=max(REFERRED, today - days(back)) if is_closed else None,
                    closure_reason=draw(st.sampled_from(ClosureReason)) if is_closed else None,
                ),
                today,
                draw(st.booleans()),
                draw(st.booleans()),
            )
        )
        today += days(draw(st.integers(0, 25)))
    return history


@given(case_histories())
def test_planning_twice_changes_nothing_more_whatever_happened_to_the_case(
    history: list[tuple[CaseFacts, date, bool, bool]],
) -> None:
    requests: dict[Wave, ExistingRequest] = {}
    for case, today, is_asked, is_answered in history:
        for plan in plan_waves(case, PROGRAMME, today, requests):
            after = carried_out(plan.action, requests.get(plan.wave))
            if after is not None:
                requests[plan.wave] = after
        again = plan_waves(case, PROGRAMME, today, requests)
        assert all(isinstance(plan.action, Leave) for plan in again), again
        for wave, request in requests.items():
            if request.state.is_open:
                requests[wave] = replace(
                    request,
                    is_fixed=request.is_fixed or is_asked or is_answered,
                    has_answers=request.has_answers or is_answered,
                )


@given(case_histories())
def test_only_a_wave_without_a_request_ever_gets_one(
    history: list[tuple[CaseFacts, date, bool, bool]],
) -> None:
    made: set[Wave] = set()
    requests: dict[Wave, ExistingRequest] = {}
    for case, today, _, _ in history:
        for plan in plan_waves(case, PROGRAMME, today, requests):
            if isinstance(plan.action, Create):
                assert plan.wave not in made
                made.add(plan.wave)
            after = carried_out(plan.action, requests.get(plan.wave))
            if after is not None:
                requests[plan.wave] = after
    assert made == set(requests)
