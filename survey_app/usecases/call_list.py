"""Who is to be rung? A row says how and until when, and nothing else of the case.

Every request whose channel in use is a call and which nobody has tried enough, as far as the
contact rule allows a call: it is asked anew for each row whenever the list is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session

from survey_app.domain.calls import are_over, next_call_at
from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import OPEN_STATES, Channel
from survey_app.domain.safe_contact import Outcome, judge
from survey_app.domain.safe_hours import SafeHours
from survey_app.domain.safe_window import safe_until
from survey_app.store.calls import past_calls, turns_under_way
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest

BATCH = 200
MOST_BATCHES = 10
"""So many requests are looked at for one page of the list, however many are refused."""


@dataclass(frozen=True)
class CallRow:
    """One person to be rung. `from_when` None: now; else the first instant that is safe and, where
    a time was agreed or a call was not answered, not too early."""

    request_id: int
    case_ref: str
    language: str
    """As recorded, or as they chose on a page of ours; BCP 47."""
    hours: SafeHours
    """The person's own; they hold inside those of the service."""
    service_hours: SafeHours
    from_when: datetime | None
    safe_until: datetime | None
    """Until when it stays safe to ring, where it is now and ends within a day."""
    is_agreed: bool
    """Whether they asked to be rung at `from_when`, or at the time that has come."""
    calls: int
    """How many were made."""
    until: datetime
    is_mine: bool
    is_taken: bool
    """Whether a colleague is ringing now."""


@dataclass(frozen=True)
class CallList:
    """The rows: those to ring now first, then by when they may be. `has_more`: others wait too."""

    rows: tuple[CallRow, ...]
    has_more: bool


def call_list(
    session: Session, service_id: int, account_id: int, now: datetime, *, limit: int = 50
) -> CallList:
    """The people of this service to be rung now or later; of many, those whose time ends first."""
    rows: list[CallRow] = []
    after: tuple[datetime, int] | None = None
    has_more = False
    for _batch in range(MOST_BATCHES):
        found = _batch_of(session, service_id, now, after)
        rows += _rows(session, found, account_id, now)
        has_more = len(rows) > limit
        if has_more or len(found) < BATCH:
            break
        after = (found[-1].expires_at, found[-1].id)
    return CallList(tuple(sorted(rows[:limit], key=_order)), has_more)


def find_call_row(
    session: Session, service_id: int, request_id: int, account_id: int, now: datetime
) -> CallRow | None:
    """One row of the list, or None where nobody is to ring for this request (any more)."""
    query = _due(service_id, now).where(SurveyRequest.id == request_id)
    return next(iter(_rows(session, session.execute(query).all(), account_id, now)), None)


def _order(row: CallRow) -> tuple[bool, bool, float, bool, datetime, int]:
    """Mine first, then what may be rung now (agreed times before others), then by time."""
    at = 0.0 if row.from_when is None else row.from_when.timestamp()
    return (not row.is_mine, row.is_taken, at, not row.is_agreed, row.until, row.request_id)


def _due(service_id: int, now: datetime) -> Select[Any]:
    return (
        select(
            SurveyRequest.id,
            SurveyRequest.expires_at,
            SurveyRequest.language,
            Case.case_ref,
            Person.language.label("recorded_language"),
        )
        .join(Case, Case.id == SurveyRequest.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(
            SurveyRequest.service_id == service_id,
            SurveyRequest.channel == Channel.PHONE,
            SurveyRequest.state.in_(OPEN_STATES),
            SurveyRequest.due_at <= now,
            SurveyRequest.expires_at > now,
        )
        .order_by(SurveyRequest.expires_at, SurveyRequest.id)
    )


def _batch_of(
    session: Session, service_id: int, now: datetime, after: tuple[datetime, int] | None
) -> Sequence[Row[Any]]:
    query = _due(service_id, now).limit(BATCH)
    if after is not None:
        query = query.where(tuple_(SurveyRequest.expires_at, SurveyRequest.id) > tuple_(*after))
    return session.execute(query).all()


def _rows(
    session: Session,
    found: Sequence[Row[Any]],
    account_id: int,
    now: datetime,
) -> list[CallRow]:
    ids = [row.id for row in found]
    facts = contact_facts(session, ids)
    calls = past_calls(session, ids)
    turns = turns_under_way(session, ids, now)
    rows = []
    for row in found:
        earlier = calls.get(row.id, [])
        may_call, from_when = may_call_from(facts[row.id], next_call_at(earlier), now)
        if not may_call or are_over(earlier):
            continue
        turn = turns.get(row.id)
        is_mine = turn is not None and turn.account_id == account_id
        rows.append(
            CallRow(
                request_id=row.id,
                case_ref=row.case_ref,
                language=row.language or row.recorded_language,
                hours=facts[row.id].person_hours,
                service_hours=facts[row.id].service_hours,
                from_when=from_when,
                safe_until=safe_until(facts[row.id], now) if from_when is None else None,
                is_agreed=bool(earlier) and earlier[-1].call_back_at is not None,
                calls=len(earlier),
                until=row.expires_at,
                is_mine=is_mine,
                is_taken=turn is not None and not is_mine,
            )
        )
    return rows


def may_call_from(
    facts: ContactFacts, not_before: datetime | None, now: datetime
) -> tuple[bool, datetime | None]:
    """Whether a call is allowed at all, and from when on; None is now.

    The rule is asked for now, and for the time agreed where that is still to come.
    """
    at = now if not_before is None or not_before <= now else not_before
    verdict = judge(Channel.PHONE, facts, at)
    if verdict.outcome is Outcome.NO or judge(Channel.PHONE, facts, now).outcome is Outcome.NO:
        return False, None
    if verdict.outcome is Outcome.LATER:
        return True, verdict.until
    return True, None if at == now else at
