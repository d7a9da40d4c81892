"""A trial is drafted by one, approved by another, started, and ended by somebody or by its plan.

Each step is refused as a value where it cannot be taken, and leaves an audit row with its reason.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.periods import london_day
from survey_app.domain.requests import MessageState
from survey_app.domain.safe_hours import SafeHours
from survey_app.domain.trial_plans import TrialPlan, TrialRefusal, why_not_plan
from survey_app.domain.trials import TrialEnd, TrialState, why_over
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import write_audit
from survey_app.store.messages import OutboxMessage
from survey_app.store.programmes import ProgrammeMissing, Programmes
from survey_app.store.services import Service, ServiceMode
from survey_app.store.trials import (
    Trial,
    find_unended_trial,
    get_trial,
    people_in_trial,
    running_trials,
)
from survey_app.usecases.decider import Decider

TRIAL_ENDED = "trial-ended"
"""Why queued texts were taken back: they are written anew in the usual wording."""


def draft_trial(
    session: Session, service: Service, plan: TrialPlan, by: Decider
) -> Trial | TrialRefusal:
    """Write down what is to be tried, and why. Nothing changes for anybody by it.

    Two people drafting at once queue at the service's row, so that the second finds the first's.
    """
    assert by.account_id is not None
    session.execute(select(Service.id).where(Service.id == service.id).with_for_update())
    end_trials_by_plan(session, by.now)
    if find_unended_trial(session, service.id) is not None:
        return TrialRefusal.ANOTHER_TRIAL
    if refusal := _why_not_now(session, service.id, plan, by.now):
        return refusal
    trial = Trial(
        service_id=service.id,
        kind=plan.kind,
        first=plan.first,
        second=plan.second,
        size=plan.size,
        last_day=plan.last_day,
        drafted_at=by.now,
        drafted_by_id=by.account_id,
        draft_reason=by.why or "",
        is_kept=True,
    )
    session.add(trial)
    session.flush()
    planned = {"kind": plan.kind, "first": plan.first, "second": plan.second, "size": plan.size}
    details = {**planned, "last_day": plan.last_day.isoformat(), **by.reason}
    _audit(session, trial, "draft-trial", by, details)
    return trial


def approve_trial(session: Session, trial: Trial, by: Decider) -> TrialRefusal | None:
    """Let it be started. Whoever drafted it cannot: two people have looked at what is tried."""
    get_trial(session, trial.service_id, trial.id, lock=True)
    if trial.state is not TrialState.DRAFTED:
        return TrialRefusal.OUT_OF_TURN
    if trial.drafted_by_id == by.account_id:
        return TrialRefusal.OWN_DRAFT
    if refusal := _why_not_now(session, trial.service_id, trial.plan, by.now):
        return refusal
    trial.approved_at, trial.approved_by_id = by.now, by.account_id
    trial.approval_reason = by.why
    session.flush()
    _audit(session, trial, "approve-trial", by, by.reason)
    return None


def start_trial(session: Session, trial: Trial, by: Decider, *, key: str) -> TrialRefusal | None:
    """Let it run from now on. `key` is its randomness, fresh and secret."""
    get_trial(session, trial.service_id, trial.id, lock=True)
    if trial.state is not TrialState.APPROVED:
        return TrialRefusal.OUT_OF_TURN
    if session.get_one(Service, trial.service_id).mode != ServiceMode.LIVE:
        return TrialRefusal.NOT_LIVE
    if refusal := _why_not_now(session, trial.service_id, trial.plan, by.now):
        return refusal
    trial.started_at, trial.started_by_id, trial.start_reason = by.now, by.account_id, by.why
    trial.key = key
    session.flush()
    _audit(session, trial, "start-trial", by, by.reason)
    return None


def end_trial(
    session: Session, trial: Trial, by: Decider, *, is_kept: bool = False
) -> TrialRefusal | None:
    """End it, or drop it before it began. Nobody comes into it any more.

    `is_kept`: people who came while it ran keep the wording that their card showed. Otherwise
    everyone is asked in the usual one, and what waits in another is taken back and written anew.
    """
    get_trial(session, trial.service_id, trial.id, lock=True)
    if trial.state is TrialState.ENDED:
        return TrialRefusal.OUT_OF_TURN
    trial.ended_at, trial.ended_by_id, trial.ended_by = by.now, by.account_id, TrialEnd.SOMEBODY
    trial.end_reason, trial.is_kept = by.why, is_kept
    session.flush()
    taken_back = 0 if is_kept else _take_back(session, trial.service_id, by.now)
    details = {"kept": is_kept, "texts_taken_back": taken_back, **by.reason}
    _audit(session, trial, "end-trial", by, details)
    return None


def end_trials_by_plan(session: Session, now: datetime) -> int:
    """End the running trials that are over by their plan; how many."""
    ended = 0
    for trial in running_trials(session):
        people = len(people_in_trial(session, trial.id))
        if over := why_over(trial.size, trial.last_day, people, london_day(now)):
            get_trial(session, trial.service_id, trial.id, lock=True)
            ended += trial.state is TrialState.RUNNING
            end_by_plan(session, trial, over, now)
    return ended


def end_by_plan(session: Session, trial: Trial, over: TrialEnd, now: datetime) -> None:
    """End a trial that its plan says is over; whoever is in it keeps what they were given."""
    if trial.state is not TrialState.RUNNING:
        return
    trial.ended_at, trial.ended_by = now, over
    session.flush()
    _audit(session, trial, "end-trial", Decider(None, None, now), {"over": over, "kept": True})


def find_service_hours(session: Session, service_id: int) -> SafeHours | None:
    """The hours in which the service contacts people, by its programme in force, if any."""
    try:
        terms = Programmes.of(session, service_id).in_force.contact
    except ProgrammeMissing:
        return None
    return SafeHours(terms.days, terms.hours_from, terms.hours_until, terms.skip_bank_holidays)


def _why_not_now(
    session: Session, service_id: int, plan: TrialPlan, now: datetime
) -> TrialRefusal | None:
    """The plan judged as of now: since it was drafted, hours and days may have moved on."""
    hours = find_service_hours(session, service_id)
    if hours is None:
        return TrialRefusal.NO_PROGRAMME
    return why_not_plan(plan, hours, london_day(now))


def _take_back(session: Session, service_id: int, now: datetime) -> int:
    waiting = session.scalars(
        select(OutboxMessage.request_id).where(
            OutboxMessage.service_id == service_id,
            OutboxMessage.state == MessageState.PENDING,
            OutboxMessage.wording.is_not(None),
        )
    ).all()
    return cancel_queued(session, request_ids=waiting, reason=TRIAL_ENDED, now=now)


def _audit(
    session: Session, trial: Trial, action: str, by: Decider, details: dict[str, Any]
) -> None:
    write_audit(
        session,
        at=by.now,
        actor="command" if by.account_id is None else "staff",
        action=action,
        subject="trial",
        subject_id=trial.id,
        service_id=trial.service_id,
        account_id=by.account_id,
        details=details,
    )
