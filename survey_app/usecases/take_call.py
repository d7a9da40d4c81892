"""Somebody is about to ring: they get the number, and the call to themselves for a while."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain.calls import LEASE, are_over, next_call_at
from survey_app.domain.cases import Recorded
from survey_app.domain.requests import Channel, RequestState
from survey_app.domain.safe_contact import Outcome, judge
from survey_app.store.audit import write_audit
from survey_app.store.calls import CallTurn, lock_for_call, past_calls, turns_under_way
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import record_decision
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.unreadable import readable_or_none


class CallRefusal(StrEnum):
    """Why nobody may ring, or write down a call, for this request now."""

    ENDED = "ended"
    """Nobody is to ring for it any more: answered, expired, withdrawn, tried enough."""
    NOT_ALLOWED = "not-allowed"
    """The contact rule says no; why is for those who work on the case."""
    NOT_YET = "not-yet"
    """Outside the safe times, or too soon after the last call."""
    TAKEN = "taken"
    """A colleague is ringing."""
    NOT_MINE = "not-mine"
    """Whoever writes down a call has shown themselves the number before."""


@dataclass(frozen=True)
class Caller:
    """Who rings, in which service, and when."""

    account_id: int
    service_id: int
    now: datetime


def take_call(session: Session, request_id: int, caller: Caller) -> CallRefusal | None:
    """Let the caller have the number of this request for a while, or say why not.

    The contact rule is asked inside this transaction, with the person locked; its word is kept, and
    the audit trail says who was shown the number. Asking again while it lasts begins it anew.
    Raises RequestNotFound.
    """
    _, request, _ = lock_for_call(session, caller.service_id, request_id)
    refusal = _refusal(session, request, caller)
    if refusal is not None:
        return refusal
    turn = _turn(session, request_id)
    if turn is None:
        turn = CallTurn(service_id=caller.service_id, request_id=request_id)
        session.add(turn)
    turn.account_id = caller.account_id
    turn.taken_at, turn.until = caller.now, caller.now + LEASE
    audit_call(session, "show-number", request, caller, {})
    return None


@dataclass(frozen=True)
class Shown:
    """What a caller is shown: the number as recorded, the word agreed with the person (None: none),
    and whether the person agreed that the service is named."""

    number: str
    check_word: str | None
    may_name_service: bool


def find_shown(session: Session, request_id: int, caller: Caller) -> Shown | None:
    """The number of a call that is the caller's, as long as the contact rule allows it now."""
    turn = turns_under_way(session, [request_id], caller.now).get(request_id)
    if turn is None or turn.account_id != caller.account_id:
        return None
    facts = contact_facts(session, [request_id])[request_id]
    if judge(Channel.PHONE, facts, caller.now).outcome is not Outcome.YES:
        return None
    person = session.execute(
        select(Person)
        .join(Case, Case.person_id == Person.id)
        .join(SurveyRequest, SurveyRequest.case_id == Case.id)
        .where(SurveyRequest.id == request_id)
    ).scalar_one()
    return Shown(
        number=person.mobile or "",
        check_word=readable_or_none(person.check_word),
        may_name_service=person.name_service == Recorded.YES,
    )


def put_back(session: Session, request_id: int, caller: Caller) -> None:
    """Let somebody else ring: no call was made. Nothing happens where it is not the caller's."""
    session.execute(
        delete(CallTurn).where(
            CallTurn.request_id == request_id,
            CallTurn.service_id == caller.service_id,
            CallTurn.account_id == caller.account_id,
        )
    )


def refuse_writing(session: Session, request: SurveyRequest, caller: Caller) -> CallRefusal | None:
    """Why this caller cannot write down a call to a (locked) request.

    Their time with it may be over, as long as nobody else has taken it: what was said counts.
    """
    if not is_open(request, caller.now):
        return CallRefusal.ENDED
    turn = _turn(session, request.id)
    if turn is None:
        return CallRefusal.NOT_MINE
    return None if turn.account_id == caller.account_id else CallRefusal.TAKEN


def is_open(request: SurveyRequest, now: datetime) -> bool:
    """Whether answers may still arrive; a request whose time has passed has ended, swept or not."""
    return RequestState(request.state).is_open and request.expires_at > now


def audit_call(
    session: Session,
    action: str,
    request: SurveyRequest,
    caller: Caller,
    details: dict[str, object],
) -> None:
    """Append what a caller did about a request; it stands on the case's timeline."""
    write_audit(
        session,
        at=caller.now,
        actor="staff",
        action=action,
        subject="case",
        subject_id=request.case_id,
        service_id=caller.service_id,
        account_id=caller.account_id,
        details={"request_id": request.id, "wave": request.wave, **details},
    )


def _refusal(session: Session, request: SurveyRequest, caller: Caller) -> CallRefusal | None:
    now = caller.now
    is_due = request.channel == Channel.PHONE and request.due_at <= now
    calls = past_calls(session, [request.id]).get(request.id, [])
    if not is_open(request, now) or not is_due or are_over(calls):
        return CallRefusal.ENDED
    turn = _turn(session, request.id)
    if turn is not None and turn.account_id != caller.account_id and turn.until > now:
        return CallRefusal.TAKEN
    facts = contact_facts(session, [request.id])[request.id]
    verdict = judge(Channel.PHONE, facts, now)
    record_decision(session, request, Channel.PHONE, verdict, facts, now)
    if verdict.outcome is Outcome.NO:
        return CallRefusal.NOT_ALLOWED
    not_before = next_call_at(calls)
    is_early = not_before is not None and not_before > now
    return CallRefusal.NOT_YET if is_early or verdict.outcome is Outcome.LATER else None


def _turn(session: Session, request_id: int) -> CallTurn | None:
    return session.get(CallTurn, request_id, populate_existing=True)
