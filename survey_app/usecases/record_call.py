"""A call has ended without answers to the questions: how, and what follows from it?

What follows for the ladder (FORMATS.md, "Asked", "Reached"): somebody who asked to be rung later or
refused was asked and reached. Nobody answering counts as asked from the second call in a row on. A
wrong number asked nobody. After an unsafe call the person was asked; whether it was they who
answered is not known, so they do not count as reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.domain.calls import (
    TRIES,
    CallBackRefusal,
    CallOutcome,
    refuse_call_back,
    tries_in_a_row,
)
from survey_app.domain.cases import Recorded
from survey_app.domain.requests import AlertKind, RequestState
from survey_app.domain.safety_details import SafetyDetails
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.calls import Call, CallTurn, lock_for_call, past_calls
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.safety_details import safety_details_of
from survey_app.store.services import Service
from survey_app.usecases.change_safety import change_safety
from survey_app.usecases.raise_alerts import raise_call_alert
from survey_app.usecases.take_call import Caller, CallRefusal, audit_call, refuse_writing

CALL_ENDED = "call-ended"
"""Why queued texts were taken back: somebody said on the phone that they do not want this."""
_REACHED = frozenset({CallOutcome.CALL_BACK, CallOutcome.REFUSED, CallOutcome.DONE})
_ASKED = _REACHED | {CallOutcome.UNSAFE}


@dataclass(frozen=True)
class Ended:
    """How a call ended, as the caller codes it; `call_back_at` for `call-back` alone."""

    outcome: CallOutcome
    call_back_at: datetime | None = None


def record_call(
    session: Session, request_id: int, ended: Ended, caller: Caller
) -> CallRefusal | CallBackRefusal | None:
    """Write a call down and do what follows from it, or say why not. Raises RequestNotFound.

    For `done` see `answer_by_phone`.
    """
    person, request, case = lock_for_call(session, caller.service_id, request_id)
    refusal = refuse_writing(session, request, caller)
    if refusal is not None:
        return refusal
    if ended.outcome is CallOutcome.CALL_BACK:
        facts = contact_facts(session, [request.id])[request.id]
        wrong_time = refuse_call_back(ended.call_back_at, facts, caller.now)
        if wrong_time is not None:
            return wrong_time
    keep_call(session, request, ended, caller)
    _follow_up(session, person, request, case, ended.outcome, caller)
    return None


def keep_call(session: Session, request: SurveyRequest, ended: Ended, caller: Caller) -> None:
    """Append the call, set what the ladder counts by, and let the request go."""
    session.add(
        Call(
            service_id=caller.service_id,
            request_id=request.id,
            account_id=caller.account_id,
            at=caller.now,
            outcome=ended.outcome,
            call_back_at=ended.call_back_at,
        )
    )
    session.flush()
    calls = past_calls(session, [request.id])[request.id]
    if ended.outcome in _ASKED or tries_in_a_row(calls) >= TRIES:
        request.call_made_at = request.call_made_at or caller.now
        request.is_contactable = True
        if request.state == RequestState.WAITING:
            request.state = RequestState.ASKED
    if ended.outcome in _REACHED:
        request.reached_at = request.reached_at or caller.now
    session.execute(delete(CallTurn).where(CallTurn.request_id == request.id))
    at = ended.call_back_at
    details = {"outcome": ended.outcome, "call_back_at": None if at is None else at.isoformat()}
    audit_call(session, "record-call", request, caller, dict(details))
    session.flush()


def _follow_up(
    session: Session,
    person: Person,
    request: SurveyRequest,
    case: Case,
    outcome: CallOutcome,
    caller: Caller,
) -> None:
    if outcome in (CallOutcome.REFUSED, CallOutcome.UNSAFE):
        # Their link stays good until it expires; nobody comes back to them about it.
        request.reminder_days = []
        cancel_queued(session, request_ids=[request.id], reason=CALL_ENDED, now=caller.now)
    if outcome is CallOutcome.WRONG_NUMBER:
        _doubt_number(session, person, caller)
    if outcome is CallOutcome.UNSAFE:
        _stop_calls(session, person, caller)
        service = session.get_one(Service, case.service_id)
        raise_call_alert(
            session,
            AlertKind.UNSAFE_CALL,
            request,
            hours=service.alert_hours,
            now=caller.now,
        )


def _doubt_number(session: Session, person: Person, caller: Caller) -> None:
    """A stranger answers there: nothing goes to it until somebody has confirmed a number."""
    person.number_changed_at = person.number_changed_at or caller.now
    before = safety_details_of(person)
    stated = replace(
        before, sms_safe=_doubted(before.sms_safe), call_safe=_doubted(before.call_safe)
    )
    _change(session, person, stated, "a stranger answered this number", caller)


def _doubted(before: Recorded | None) -> Recorded:
    return Recorded.NO if before is Recorded.NO else Recorded.UNKNOWN


def _stop_calls(session: Session, person: Person, caller: Caller) -> None:
    stated = replace(safety_details_of(person), call_safe=Recorded.NO)
    _change(session, person, stated, "a call was not safe", caller)


def _change(
    session: Session, person: Person, stated: SafetyDetails, how: str, caller: Caller
) -> None:
    change_safety(session, person.id, stated, how=how, account_id=caller.account_id, now=caller.now)
