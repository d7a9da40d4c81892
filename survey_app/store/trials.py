"""Which trials of wordings and send times did a service draft, run and end?"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.trial_plans import TrialPlan
from survey_app.domain.trials import TrialKind, TrialState
from survey_app.store.base import Base, OfService
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.sealed import SealedText
from survey_app.store.unreadable import is_unreadable


class Trial(OfService, Base):
    """One trial: what was planned is never edited, and each step says by whom and why."""

    __tablename__ = "trials"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    first: Mapped[str]
    second: Mapped[str]
    """What each arm gets: see `domain.trial_plans.TrialPlan`."""
    size: Mapped[int]
    """People in both arms together, at which it ends."""
    last_day: Mapped[date]
    """In London; it ends after it."""

    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    draft_reason: Mapped[str] = mapped_column(SealedText)
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    approval_reason: Mapped[str | None] = mapped_column(SealedText)
    started_at: Mapped[datetime | None]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    start_reason: Mapped[str | None] = mapped_column(SealedText)
    key: Mapped[str | None] = mapped_column(SealedText)
    """The randomness: whoever holds it can tell everybody's arm, so no page shows it."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    ended_by: Mapped[str | None]
    """`TrialEnd`: somebody, or its plan."""
    end_reason: Mapped[str | None] = mapped_column(SealedText)
    is_kept: Mapped[bool] = mapped_column(default=True)
    """Whether, after its end, people who came while it ran keep what their arm gave them: their
    card may have shown them that text, word for word."""

    @property
    def state(self) -> TrialState:
        """Where it is on its way."""
        if self.ended_at is not None:
            return TrialState.ENDED
        if self.started_at is not None:
            return TrialState.RUNNING
        return TrialState.DRAFTED if self.approved_at is None else TrialState.APPROVED

    @property
    def plan(self) -> TrialPlan:
        """What was planned."""
        return TrialPlan(TrialKind(self.kind), self.first, self.second, self.size, self.last_day)

    @property
    def is_trying_words(self) -> bool:
        """Whether people are being asked in two wordings now."""
        return self.kind == TrialKind.WORDING and self.state is TrialState.RUNNING

    def ran_at(self, at: datetime) -> bool:
        """Whether it ran at this instant, its first and its last included."""
        if self.started_at is None or at < self.started_at:
            return False
        return self.ended_at is None or at <= self.ended_at


class TrialNotFound(Exception):
    """No trial that this session may see has this id."""


def get_trial(session: Session, service_id: int, trial_id: int, *, lock: bool = False) -> Trial:
    """The service's trial with this id, with `lock` held and read afresh, or `TrialNotFound`."""
    query = select(Trial).where(Trial.service_id == service_id, Trial.id == trial_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    trial = session.scalar(query)
    if trial is None:
        raise TrialNotFound(trial_id)
    return trial


def find_unended_trial(session: Session, service_id: int) -> Trial | None:
    """The one trial of a service that is drafted, approved or running."""
    return session.scalar(
        select(Trial).where(Trial.service_id == service_id, Trial.ended_at.is_(None))
    )


def trials_in_effect(session: Session, service_ids: Collection[int]) -> list[Trial]:
    """Trials that run, and ended ones whose people keep what they were given; newest first.

    Without those whose key cannot be read: nobody's arm can be told, and all are asked as usual.
    """
    found = session.scalars(
        select(Trial)
        .where(
            Trial.service_id.in_(service_ids),
            Trial.started_at.is_not(None),
            or_(Trial.ended_at.is_(None), Trial.is_kept.is_(True)),
        )
        .order_by(Trial.id.desc())
    )
    return [trial for trial in found if not is_unreadable(trial.key)]


def running_trials(session: Session) -> list[Trial]:
    """The running trials of every service in scope."""
    return list(
        session.scalars(
            select(Trial)
            .where(Trial.started_at.is_not(None), Trial.ended_at.is_(None))
            .order_by(Trial.id)
        )
    )


def people_in_trial(session: Session, trial_id: int) -> set[int]:
    """The ids of everybody who has an arm of a trial."""
    return set(
        session.scalars(
            select(Case.person_id)
            .join(SurveyRequest, SurveyRequest.case_id == Case.id)
            .where(SurveyRequest.trial_id == trial_id, SurveyRequest.trial_arm.is_not(None))
            .distinct()
        )
    )
