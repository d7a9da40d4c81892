"""A service begins to send, or sends again: what becomes of those who waited meanwhile?

Either each is asked after a fresh decision of the contact rule, or those who fell due before a day
are withdrawn unasked: after weeks in shadow a question about the end of support comes too late. The
choice, the withdrawing and the change of mode are one transaction, so no text leaves in between.

With a real provider the gate is asked first, in the same transaction (`usecases.ask_gate`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.gate import WAIVABLE, ConditionId, Unmet
from survey_app.domain.periods import london_day
from survey_app.domain.requests import EndReason, RequestState
from survey_app.domain.safe_hours import LONDON
from survey_app.messaging.outbox import cancel_queued
from survey_app.reporting.backlog import backlog, waits_for_first_text
from survey_app.settings import Settings
from survey_app.store.audit import audit_service
from survey_app.store.gate import GateWaiver
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.ask_gate import ask_gate
from survey_app.usecases.change_sending import change_mode
from survey_app.usecases.decider import Decider

BATCH = 500


class GoLiveRefusal(StrEnum):
    """Why a service did not go live. Nothing was changed."""

    ALREADY_LIVE = "already-live"
    DAY_AHEAD = "day-ahead"
    """What is due only after tomorrow has not waited: it cannot be withdrawn as if it had."""
    WAIVER_WITHOUT_REASON = "waiver-without-reason"


@dataclass(frozen=True)
class GateClosed:
    """Nothing was changed: these conditions are not met, and these waivers are refused."""

    unmet: tuple[Unmet, ...]
    not_waivable: tuple[ConditionId, ...] = ()


class WentLive(NamedTuple):
    """How many waited, and how many of them were withdrawn unasked."""

    waited: int
    withdrawn: int


def go_live(
    session: Session,
    service: Service,
    by: Decider,
    settings: Settings,
    *,
    withdraw_before: date | None = None,
    waive: Collection[ConditionId] = (),
) -> WentLive | GoLiveRefusal | GateClosed:
    """Let a service send. `withdraw_before`: requests that waited for their first text and fell due
    before this London day (at the latest tomorrow, which is all of them) end unasked.

    Whoever the contact rule refuses meanwhile keeps that reason; reminders to people who were
    asked before are decided anew, like everything else that leaves.

    `waive`: conditions of the gate that are waived for this one going live, each for the reason
    that `by` gives; a waiver of what is met is none, and is not kept.
    """
    session.refresh(service, with_for_update=True)
    if service.mode == ServiceMode.LIVE:
        return GoLiveRefusal.ALREADY_LIVE
    if withdraw_before is not None and withdraw_before > latest_day(by.now):
        return GoLiveRefusal.DAY_AHEAD
    if waive and not by.why:
        return GoLiveRefusal.WAIVER_WITHOUT_REASON
    waived = _pass_gate(ask_gate(session, service, settings, by.now), waive)
    if isinstance(waived, GateClosed):
        return waived
    waited = backlog(session, service.id, by.now).total
    also: dict[str, object] = {"waited": waited}
    if waived:
        also |= {"waived": list(waived)}
        _keep_waivers(session, service, waived, by)
    withdrawn = 0
    if withdraw_before is not None:
        withdrawn = _withdraw(session, service, withdraw_before, by.now)
        also |= {"withdrawn": withdrawn, "withdrawn_before": withdraw_before.isoformat()}
    change_mode(session, service, ServiceMode.LIVE, by, also=also)
    return WentLive(waited, withdrawn)


def _pass_gate(
    unmet: tuple[Unmet, ...], waive: Collection[ConditionId]
) -> tuple[ConditionId, ...] | GateClosed:
    """Which conditions are passed by a waiver alone, or why the gate stays closed."""
    not_waivable = tuple(sorted(set(waive) - WAIVABLE))
    left = tuple(each for each in unmet if each.id not in WAIVABLE.intersection(waive))
    if left or not_waivable:
        return GateClosed(left, not_waivable)
    return tuple(each.id for each in unmet)


def _keep_waivers(
    session: Session, service: Service, waived: Collection[ConditionId], by: Decider
) -> None:
    for condition in waived:
        session.add(
            GateWaiver(
                service_id=service.id,
                condition=condition,
                account_id=by.account_id,
                at=by.now,
                reason=by.why or "",
            )
        )
        details: dict[str, Any] = {"condition": condition, **by.reason}
        audit_service(session, service, "waive-condition", details, by.now, by.account_id)


def latest_day(now: datetime) -> date:
    """The latest day before which what waited may be withdrawn."""
    return london_day(now) + timedelta(days=1)


def _withdraw(session: Session, service: Service, before: date, now: datetime) -> int:
    """End the requests that waited; how many. Their texts are taken back with them."""
    withdrawn = 0
    while requests := _waiting(session, service.id, before, now):
        for request in requests:
            request.state = RequestState.WITHDRAWN
            request.end_reason, request.ended_at = EndReason.WITHDRAWN_AT_GO_LIVE, now
            request.deferred_until = None
        session.flush()
        ids = [request.id for request in requests]
        reason = EndReason.WITHDRAWN_AT_GO_LIVE
        cancel_queued(session, request_ids=ids, reason=reason, now=now)
        withdrawn += len(ids)
    return withdrawn


def _waiting(session: Session, service_id: int, before: date, now: datetime) -> list[SurveyRequest]:
    """Some that wait, locked as a text's claim locks them; those withdrawn no longer wait."""
    return list(
        session.scalars(
            select(SurveyRequest)
            .where(
                *waits_for_first_text(service_id, now),
                SurveyRequest.due_at < datetime.combine(before, time(0), LONDON),
            )
            .order_by(SurveyRequest.id)
            .limit(BATCH)
            .with_for_update(key_share=True)
        )
    )
