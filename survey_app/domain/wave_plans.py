"""With which words is a case's asking planned: what is known, what stands, what is to happen?"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.requests import Channel, EndReason, RequestState, Wave
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligibleReason

PLANNED_WAVES = (Wave.BASELINE, Wave.REVIEW, Wave.CLOSURE)
"""The waves that a programme plans, in their order in time."""


@dataclass(frozen=True)
class CaseFacts:
    """What planning needs to know of a case.

    `opening_support_level` is the level on the referral day, which decides the baseline.
    """

    referred_on: date
    opening_support_level: SupportLevel
    support_level: SupportLevel
    deliveries: int
    is_young_person: bool = False
    closed_on: date | None = None
    closure_reason: ClosureReason | None = None


@dataclass(frozen=True)
class RequestPlan:
    """What a request asks, and when. `tier` belongs to the closure request alone.

    `reading` is the star instrument that the caseworker scores: due beside the link, and no part of
    it, so that a change of it alone does not change a request. `reminders` are days after the first
    text; `expires_on` is the first day on which the link no longer works.
    """

    tier: Tier | None
    instruments: tuple[str, ...]
    reading: str | None = field(compare=False)
    channels: tuple[Channel, ...]
    due_on: date
    expires_on: date
    reminders: tuple[int, ...]


@dataclass(frozen=True)
class ExistingRequest:
    """A request as it stands. `is_fixed`: a text was accepted, a call made, or an answer given."""

    state: RequestState
    plan: RequestPlan
    is_fixed: bool = False
    has_answers: bool = False
    end_reason: EndReason | None = None


class WhyNot(StrEnum):
    """Why nothing is to be done for a wave, where it is not a matter of eligibility."""

    ALREADY_THERE = "already-there"
    ALREADY_ENDED = "already-ended"
    NOT_IN_PROGRAMME = "not-in-programme"
    CASE_OPEN = "case-open"
    CASE_CLOSED = "case-closed"
    TOO_LATE = "too-late"


@dataclass(frozen=True)
class Create:
    """Make the request, waiting until `plan.due_on`."""

    plan: RequestPlan


@dataclass(frozen=True)
class Update:
    """Nobody has been asked yet and the case changed: the request now asks this."""

    plan: RequestPlan


@dataclass(frozen=True)
class End:
    """End the open request for this reason: EXPIRED is not among them, time alone brings that."""

    reason: EndReason


@dataclass(frozen=True)
class Revive:
    """Open the ended request again in `state`: waiting, or asked where its first text was accepted.

    So a person is never invited twice to one wave: of the latter only reminders may follow.
    """

    plan: RequestPlan
    state: RequestState


@dataclass(frozen=True)
class Leave:
    """Do nothing, for this reason."""

    reason: WhyNot | NotEligibleReason


Action: TypeAlias = Create | Update | End | Revive | Leave


@dataclass(frozen=True)
class WavePlan:
    """What to do for one wave."""

    wave: Wave
    action: Action
