"""What came of a trial: who was asked, began and completed in each arm, and who was left out?

On the basis of intention to treat: everybody counts in the arm that chance gave them, whatever
became of their text, and each person once, by the first request with which they came in. For the
service's own staff alone, so nothing is suppressed; no file and no publication holds any of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from survey_app.domain.differences import Difference, difference
from survey_app.domain.requests import OPEN_STATES, RequestState
from survey_app.domain.statistics import Rate, rate
from survey_app.domain.trials import Arm
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.staff import StaffAccount
from survey_app.store.trials import Trial


@dataclass(frozen=True)
class ArmResult:
    """What became of the people of one arm; each count is out of all of them."""

    people: int = 0
    asked: int = 0
    """A text to them was accepted."""
    started: int = 0
    completed: int = 0
    """They answered to the end or finished, in whatever way: over the link, by phone, on paper."""
    can_still_answer: int = 0

    def share(self, count: int) -> Rate:
        """A count of this arm as a share of its people."""
        return rate(count, self.people)


@dataclass(frozen=True)
class TrialResult:
    """Both arms, and who was invited meanwhile but left out, by reason (people)."""

    arms: Mapping[Arm, ArmResult]
    left_out: Mapping[str, int]

    @property
    def people(self) -> int:
        """Everybody in the trial."""
        return sum(arm.people for arm in self.arms.values())

    @property
    def can_still_answer(self) -> int:
        """How many of them may yet complete."""
        return sum(arm.can_still_answer for arm in self.arms.values())

    @property
    def difference(self) -> Difference | None:
        """By how much the second arm's share of completed lies above the first's."""
        first, second = self.arms[Arm.FIRST], self.arms[Arm.SECOND]
        return difference(second.share(second.completed), first.share(first.completed))


def trial_result(session: Session, trial: Trial) -> TrialResult:
    """The result as it stands; two queries."""
    first = (
        select(func.min(SurveyRequest.id).label("id"))
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(SurveyRequest.trial_id == trial.id, SurveyRequest.trial_arm.is_not(None))
        .group_by(Case.person_id)
        .subquery()
    )
    rows = session.execute(
        select(
            SurveyRequest.trial_arm,
            func.count(),
            _count(SurveyRequest.first_text_accepted_at.is_not(None)),
            _count(SurveyRequest.started_at.is_not(None)),
            _count(SurveyRequest.state == RequestState.COMPLETED),
            _count(SurveyRequest.state.in_(OPEN_STATES)),
        )
        .join(first, first.c.id == SurveyRequest.id)
        .group_by(SurveyRequest.trial_arm)
    )
    found = {Arm(arm): ArmResult(*map(int, counts)) for arm, *counts in rows if arm is not None}
    return TrialResult(
        arms={arm: found.get(arm, ArmResult()) for arm in Arm},
        left_out=_left_out(session, trial.id),
    )


def completed_of_texted(session: Session, service_id: int, since: datetime) -> Rate:
    """Of the requests whose first text left since then and whose time is over, how many were
    completed: what a new trial starts from."""
    completed, ended = session.execute(
        select(_count(SurveyRequest.state == RequestState.COMPLETED), func.count()).where(
            SurveyRequest.service_id == service_id,
            SurveyRequest.first_text_accepted_at >= since,
            SurveyRequest.state.not_in(OPEN_STATES),
        )
    ).one()
    return rate(int(completed or 0), ended)


def list_trials(session: Session, service_id: int) -> list[Trial]:
    """Every trial of a service, newest first."""
    return list(
        session.scalars(
            select(Trial).where(Trial.service_id == service_id).order_by(Trial.id.desc())
        )
    )


def names_of(session: Session, trials: Collection[Trial]) -> dict[int, str]:
    """Who drafted, approved, started and ended these trials, by account id."""
    ids = {
        account_id
        for trial in trials
        for account_id in (
            trial.drafted_by_id,
            trial.approved_by_id,
            trial.started_by_id,
            trial.ended_by_id,
        )
        if account_id is not None
    }
    name = func.coalesce(func.nullif(StaffAccount.name, ""), StaffAccount.email)
    rows = session.execute(select(StaffAccount.id, name).where(StaffAccount.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _left_out(session: Session, trial_id: int) -> dict[str, int]:
    rows = session.execute(
        select(SurveyRequest.trial_left_out, func.count(Case.person_id.distinct()))
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(SurveyRequest.trial_id == trial_id, SurveyRequest.trial_left_out.is_not(None))
        .group_by(SurveyRequest.trial_left_out)
        .order_by(SurveyRequest.trial_left_out)
    )
    return {reason: number for reason, number in rows if reason is not None}


def _count(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))
