"""Builders: trials of a service, and people who come while one runs."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.requests import InvitationWording
from survey_app.domain.trial_plans import TrialPlan
from survey_app.domain.trials import Arm, TrialKind, arm_of
from survey_app.store.services import Service
from survey_app.store.trials import Trial
from tests.builders import a_person
from tests.staff import an_account
from tests.texting import a_due_request
from tests.world import NOON

KEY = "a key for tests"
WORDING = TrialPlan(
    TrialKind.WORDING,
    InvitationWording.PERMISSION_FIRST,
    InvitationWording.QUESTION_FIRST,
    400,
    NOON.date() + timedelta(days=90),
)
SEND_TIME = TrialPlan(TrialKind.SEND_TIME, "10:00", "17:00", 400, WORDING.last_day)


def a_trial(session: Session, service: Service, plan: TrialPlan = WORDING, **facts: Any) -> Trial:
    """A running trial that started at noon; with `started_at=None` an approved one."""
    drafter, approver = (an_account(session, (service, Role.MANAGER)) for _ in range(2))
    facts = {
        "kind": plan.kind,
        "first": plan.first,
        "second": plan.second,
        "size": plan.size,
        "last_day": plan.last_day,
        "drafted_at": NOON - timedelta(days=2),
        "drafted_by_id": drafter.id,
        "draft_reason": "Few answer.",
        "approved_at": NOON - timedelta(days=1),
        "approved_by_id": approver.id,
        "approval_reason": "Both are neutral.",
        "started_at": NOON,
        "started_by_id": drafter.id,
        "key": KEY,
        "is_kept": True,
    } | facts
    trial = Trial(service_id=service.id, **facts)
    session.add(trial)
    session.flush()
    return trial


def somebody_in(session: Session, service: Service, arm: Arm, **facts: Any) -> Any:
    """A person whom chance puts into this arm of a trial with `KEY`."""
    while True:
        person = a_person(session, service, **facts)
        if arm_of(KEY, person.id) is arm:
            return person


def one_in_each_arm(
    session: Session, service: Service, *, case: dict[str, Any] | None = None, **request: Any
) -> dict[Arm, int]:
    """Due requests of two people, by arm; their ids."""
    return {
        arm: a_due_request(
            session, service, somebody_in(session, service, arm), case=case, **request
        ).id
        for arm in Arm
    }


def trial_of(session: Session, service_id: int) -> Trial:
    """The service's only trial."""
    return session.scalars(select(Trial).where(Trial.service_id == service_id)).one()


def london(hour: int, *, days: int = 0) -> datetime:
    """An hour of the day of `NOON`, or of another day of that winter."""
    return NOON.replace(hour=hour) + timedelta(days=days)
