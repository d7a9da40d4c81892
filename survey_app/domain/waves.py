"""What should happen now to a case's requests: which are made, changed, ended or revived?

Asked whenever a case arrives or changes. A case has one request per wave, ever: what ended is never
made again, and only a request that ended unanswered because the case changed may be revived.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from survey_app.domain.asks import Ask
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import Channel, EndReason, RequestState, Wave
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligible, NotEligibleReason, eligibility
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
    WavePlan,
    WhyNot,
)


def plan_waves(
    case: CaseFacts,
    programme: Programme,
    today: date,
    existing: Mapping[Wave, ExistingRequest],
) -> tuple[WavePlan, ...]:
    """Say what to do for each planned wave of a case.

    `today` (Europe/London) is the day on which the case arrived or changed: what was over by then
    is history, and texts nobody. `existing` holds the request of each wave that has one.
    Carrying the plans out and planning again on the same day changes nothing more.
    """
    return tuple(
        WavePlan(wave, plan_wave(wave, case, programme, today, existing.get(wave)))
        for wave in PLANNED_WAVES
    )


def plan_wave(
    wave: Wave,
    case: CaseFacts,
    programme: Programme,
    today: date,
    existing: ExistingRequest | None,
) -> Action:
    """Say what to do for one wave. A request is planned under the programme it was made under."""
    wanted = _WANTED[wave](case, programme, today)
    if existing is None:
        if isinstance(wanted, _Wanted):
            return Leave(WhyNot.TOO_LATE) if wanted.is_too_late else Create(wanted.plan)
        return Leave(wanted)
    if existing.state.is_open:
        return _for_open(wanted, existing)
    return _for_ended(wave, wanted, existing)


def closure_in_person(case: CaseFacts, programme: Programme, today: date) -> RequestPlan | None:
    """What the programme asks this closed case at its end, asked face to face today.

    Also where it closed too long ago to be asked from afar: that rule keeps texts from people who
    left long ago, not questions from somebody who sits here. None where it is not to be asked.
    """
    wanted = _wanted_closure(case, programme, today)
    if not isinstance(wanted, _Wanted):
        return None
    lasts = wanted.plan.expires_on - wanted.plan.due_on
    return replace(
        wanted.plan,
        channels=(Channel.IN_PERSON,),
        due_on=today,
        expires_on=today + lasts,
        reminders=(),
    )


@dataclass(frozen=True)
class _Wanted:
    """The case is to be asked this, unless its moment had passed before it could be."""

    plan: RequestPlan
    is_too_late: bool


_Answer: TypeAlias = _Wanted | WhyNot | NotEligibleReason


def _wanted_baseline(case: CaseFacts, programme: Programme, today: date) -> _Answer:
    """By the support level of the opening day; history when opened longer ago than the limit."""
    if case.closed_on is not None:
        return WhyNot.CASE_CLOSED
    ask = programme.baseline.get(case.opening_support_level)
    if ask is None:
        return WhyNot.NOT_IN_PROGRAMME
    age = (today - case.referred_on).days
    plan = _plan(ask, case, case.referred_on, tier=None)
    return _Wanted(plan, is_too_late=age > programme.history_after_days)


def _wanted_review(case: CaseFacts, programme: Programme, today: date) -> _Answer:
    """By the support level of today; history when its day had passed before the case was known."""
    if case.closed_on is not None:
        return WhyNot.CASE_CLOSED
    ask = programme.review.get(case.support_level)
    if ask is None:
        return WhyNot.NOT_IN_PROGRAMME
    plan = _plan(ask, case, case.referred_on, tier=None)
    return _Wanted(plan, is_too_late=plan.due_on < today)


def _wanted_closure(case: CaseFacts, programme: Programme, today: date) -> _Answer:
    """By the tier of today; history when closed longer ago than the limit."""
    if case.closed_on is None:
        return WhyNot.CASE_OPEN
    verdict = eligibility(
        programme,
        support_level=case.support_level,
        deliveries=case.deliveries,
        closure_reason=case.closure_reason,
    )
    if isinstance(verdict, NotEligible):
        return verdict.reason
    ask = programme.closure.get(verdict.tier)
    if ask is None:
        return WhyNot.NOT_IN_PROGRAMME
    age = (today - case.closed_on).days
    plan = _plan(ask, case, case.closed_on, tier=verdict.tier)
    return _Wanted(plan, is_too_late=age > programme.history_after_days)


_WANTED = {
    Wave.BASELINE: _wanted_baseline,
    Wave.REVIEW: _wanted_review,
    Wave.CLOSURE: _wanted_closure,
}


def _plan(ask: Ask, case: CaseFacts, counted_from: date, *, tier: Tier | None) -> RequestPlan:
    due_on = counted_from + timedelta(days=ask.after_days)
    return RequestPlan(
        tier=tier,
        instruments=ask.instruments_for(is_young_person=case.is_young_person),
        reading=ask.reading_for(is_young_person=case.is_young_person),
        channels=ask.channels,
        due_on=due_on,
        expires_on=due_on + timedelta(days=ask.expires_after_days),
        reminders=ask.reminders,
    )


def _for_open(wanted: _Answer, existing: ExistingRequest) -> Action:
    if isinstance(wanted, _Wanted):
        if existing.is_fixed or wanted.plan == existing.plan:
            return Leave(WhyNot.ALREADY_THERE)
        return Update(wanted.plan)
    if wanted is WhyNot.CASE_CLOSED:
        return End(EndReason.CASE_CLOSED)
    if wanted is WhyNot.CASE_OPEN:
        # What someone has begun to say about their support is theirs to finish.
        if existing.has_answers:
            return Leave(WhyNot.ALREADY_THERE)
        return End(EndReason.CASE_REOPENED)
    if existing.is_fixed:
        return Leave(WhyNot.ALREADY_THERE)
    return End(EndReason.NO_LONGER_ELIGIBLE)


_REVIVABLE: Mapping[Wave, frozenset[EndReason]] = {
    Wave.BASELINE: frozenset({EndReason.NO_LONGER_ELIGIBLE}),
    Wave.REVIEW: frozenset({EndReason.NO_LONGER_ELIGIBLE, EndReason.CASE_CLOSED}),
    Wave.CLOSURE: frozenset({EndReason.NO_LONGER_ELIGIBLE, EndReason.CASE_REOPENED}),
}


def _for_ended(wave: Wave, wanted: _Answer, existing: ExistingRequest) -> Action:
    may_revive = existing.end_reason in _REVIVABLE[wave] and not existing.has_answers
    if not may_revive or not isinstance(wanted, _Wanted) or wanted.is_too_late:
        return Leave(WhyNot.ALREADY_ENDED)
    if existing.is_fixed:
        as_asked = replace(
            existing.plan, due_on=wanted.plan.due_on, expires_on=wanted.plan.expires_on
        )
        return Revive(as_asked, RequestState.ASKED)
    return Revive(wanted.plan, RequestState.WAITING)
