"""How do the pure core's cases, plans and existing requests stand in the tables?"""

from datetime import UTC, date, datetime, time

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.requests import Channel, EndReason, RequestState, Wave
from survey_app.domain.safe_hours import LONDON
from survey_app.domain.tier_table import Tier
from survey_app.domain.wave_plans import CaseFacts, ExistingRequest, RequestPlan
from survey_app.store.cases import Case
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.requests import SurveyRequest


def case_facts(case: Case) -> CaseFacts:
    """What planning needs to know of a case.

    The level of the opening day is not kept apart: until the baseline was asked, a changed level
    counts as a correction of it.
    """
    return CaseFacts(
        referred_on=case.referred_on,
        opening_support_level=SupportLevel(case.support_level),
        support_level=SupportLevel(case.support_level),
        deliveries=case.deliveries,
        is_young_person=case.is_young_person,
        closed_on=case.closed_on,
        closure_reason=None if case.closure_reason is None else ClosureReason(case.closure_reason),
    )


def existing_request(request: SurveyRequest, *, has_answers: bool) -> ExistingRequest:
    """A stored request as planning sees it."""
    return ExistingRequest(
        state=RequestState(request.state),
        plan=RequestPlan(
            tier=None if request.tier is None else Tier(request.tier),
            instruments=tuple(key for key, _ in request.instruments),
            reading=None,
            channels=tuple(Channel(channel) for channel in request.channels),
            due_on=request.due_at.astimezone(LONDON).date(),
            expires_on=request.expires_at.astimezone(LONDON).date(),
            reminders=tuple(request.reminder_days),
        ),
        is_fixed=has_answers or request.was_asked,
        has_answers=has_answers,
        end_reason=None if request.end_reason is None else EndReason(request.end_reason),
    )


def new_request(
    case: Case, wave: Wave, plan: RequestPlan, programme_version_id: int, now: datetime
) -> SurveyRequest:
    """A request that waits until it is due."""
    request = SurveyRequest(
        service_id=case.service_id,
        case_id=case.id,
        wave=wave,
        programme_version_id=programme_version_id,
        state=RequestState.WAITING,
        created_at=now,
        instruments=[],
        is_contactable=False,
    )
    change_plan(request, plan)
    return request


def change_plan(request: SurveyRequest, plan: RequestPlan) -> None:
    """Let a request ask this. Instruments that it asked before stay at their version."""
    asked_before: dict[str, str] = dict(request.instruments)
    request.tier = plan.tier
    request.instruments = [
        [key, asked_before.get(key) or newest_instruments()[key].version]
        for key in plan.instruments
    ]
    request.channels = list(plan.channels)
    request.reminder_days = list(plan.reminders)
    request.due_at = start_of_day(plan.due_on)
    request.expires_at = start_of_day(plan.expires_on)
    if request.channel not in plan.channels:
        request.channel = plan.channels[0] if plan.channels else None


def start_of_day(day: date) -> datetime:
    """The instant, in UTC, at which a London day begins."""
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)
