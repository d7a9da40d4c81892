"""What happened to one case, newest first?

Answers show that they came, never what they say: free text is read through its alert, and audited.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.alert_answers import alert_answers
from survey_app.reporting.desk_case import case_requests, list_deliveries, name_of
from survey_app.reporting.staff_texts import staff_text, text_rows
from survey_app.store.alerts import Alert
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot
from survey_app.store.staff import StaffAccount
from survey_app.store.transfers import Transfer

PAGE = 40


class EventKind(StrEnum):
    """What can happen to a case; on one instant the later here stands on top."""

    REFERRED = "referred"
    OPENED_HERE = "opened-here"
    TRANSFER = "transfer"
    MILESTONE = "milestone"
    DELIVERY = "delivery"
    CLOSED = "closed"
    REQUEST = "request"
    REQUEST_ENDED = "request-ended"
    DECISION = "decision"
    TEXT = "text"
    RESPONSE = "response"
    READING = "reading"
    ALERT = "alert"
    CHANGE = "change"


_ORDER = {kind: place for place, kind in enumerate(EventKind)}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `at` None: only the day is known. `about` is for the words."""

    kind: EventKind
    on: date
    at: datetime | None
    id: int
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> tuple[datetime, int, int]:
        """What the timeline is ordered by, oldest first; a day alone counts as its start."""
        at = self.at or datetime.combine(self.on, time(0), LONDON)
        return at, _ORDER[self.kind], self.id


def case_events(session: Session, case: Case) -> list[Event]:
    """Everything that happened to a case, newest first; nine queries, however long it is."""
    sources = (
        _of_the_case(case),
        _transfers(session, case),
        _deliveries(session, case),
        _requests(session, case),
        _decisions(session, case),
        _texts(session, case),
        _responses(session, case),
        _alerts(session, case),
        _changes(session, case),
    )
    found = [event for source in sources for event in source]
    return sorted(found, key=lambda event: event.order, reverse=True)


def is_open_alert(event: Event) -> bool:
    """Whether an event is an alert that nobody has closed."""
    return event.kind is EventKind.ALERT and event.about["closed_at"] is None


_MILESTONES = (
    ("first_attempt", True),
    ("second_attempt", True),
    ("first_contact", True),
    ("needs_assessment", False),
    ("support_plan", False),
    ("review", False),
)
"""Facts of a case with a day, and whether an instant may stand beside it."""


def _of_the_case(case: Case) -> Iterator[Event]:
    about = {"source": case.referral_source, "agency": case.referring_agency}
    yield Event(EventKind.REFERRED, case.referred_on, case.referred_at, case.id, about)
    if case.arrived_on != case.referred_on:
        yield Event(EventKind.OPENED_HERE, case.arrived_on, None, case.id)
    for place, (name, has_instant) in enumerate(_MILESTONES):
        on = getattr(case, f"{name}_on")
        if on is not None:
            at = getattr(case, f"{name}_at") if has_instant else None
            yield Event(EventKind.MILESTONE, on, at, place, {"name": name})
    if case.closed_on is not None:
        about = {
            "reason": case.closure_reason,
            "code": case.closure_code,
            "detail": case.closure_detail,
        }
        yield Event(EventKind.CLOSED, case.closed_on, None, case.id, about)


def _transfers(session: Session, case: Case) -> Iterator[Event]:
    other = aliased(Case)
    rows = session.execute(
        select(Transfer, other.case_ref)
        .outerjoin(other, other.id == Transfer.other_case_id)
        .where(or_(Transfer.case_id == case.id, Transfer.other_case_id == case.id))
    )
    for row, other_ref in rows:
        if row.case_id == case.id:
            about = {"direction": row.direction, "place": row.place, "ref": row.other_ref}
            about["case_ref"] = other_ref
        else:
            about = {"direction": "on", "place": None, "ref": None}
            about["case_ref"] = session.get_one(Case, row.case_id).case_ref
        yield Event(EventKind.TRANSFER, row.on, None, row.id, about)


def _deliveries(session: Session, case: Case) -> Iterator[Event]:
    for row in list_deliveries(session, case.id):
        about = {"kind": row.kind, "count": row.count, "by": row.by}
        yield Event(EventKind.DELIVERY, row.on, None, row.id, about)


def _requests(session: Session, case: Case) -> Iterator[Event]:
    for row in case_requests(session, case.id):
        about = {
            "wave": row.wave,
            "state": row.state,
            "channel": row.channel,
            "due_at": row.due_at,
            "end_reason": row.end_reason,
            "request_id": row.id,
        }
        yield _at(EventKind.REQUEST, row.created_at, row.id, about)
        if row.ended_at is not None:
            yield _at(EventKind.REQUEST_ENDED, row.ended_at, row.id, about)


def _decisions(session: Session, case: Case) -> Iterator[Event]:
    """Where the rule's word on a channel changed; the facts stand on the request's own page."""
    rows = session.execute(
        select(
            ContactDecision.id,
            ContactDecision.request_id,
            ContactDecision.channel,
            ContactDecision.outcome,
            ContactDecision.reason,
            ContactDecision.until,
            ContactDecision.decided_at,
            SurveyRequest.wave,
        )
        .outerjoin(SurveyRequest, SurveyRequest.id == ContactDecision.request_id)
        .where(ContactDecision.case_id == case.id)
        .order_by(ContactDecision.id)
    ).mappings()
    last: dict[tuple[int | None, str], tuple[str, str | None]] = {}
    for row in rows:
        place, said = (row["request_id"], row["channel"]), (row["outcome"], row["reason"])
        if last.get(place) != said:
            last[place] = said
            yield _at(EventKind.DECISION, row["decided_at"], row["id"], row)


def _texts(session: Session, case: Case) -> Iterator[Event]:
    rows = session.execute(text_rows().where(Case.id == case.id).order_by(OutboxMessage.id.desc()))
    for row in rows:
        text = staff_text(row)
        at = text.sent_at or text.settled_at or text.created_at
        yield _at(EventKind.TEXT, at, text.id, {"text": text, "request_id": text.request_id})


def _responses(session: Session, case: Case) -> Iterator[Event]:
    rows = session.execute(
        select(
            Response.id,
            Response.wave,
            Response.mode,
            Response.language,
            Response.started_at,
            Response.completed_at,
            Response.counts_on,
            Response.is_complete,
            Response.scored_by,
            Response.is_retrospective,
            Response.superseded_by_id,
            InstrumentSnapshot.key,
            InstrumentSnapshot.kind,
        )
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(Response.case_id == case.id)
    ).mappings()
    for row in rows:
        kind = EventKind.READING if row["kind"] == "star" else EventKind.RESPONSE
        at = row["completed_at"] or row["started_at"]
        yield _at(kind, at, row["id"], {**row, "case_ref": case.case_ref})


def _alerts(session: Session, case: Case) -> Iterator[Event]:
    rows = session.execute(
        select(Alert.id, Alert.kind, Alert.raised_at, Alert.due_at, Alert.closed_at).where(
            Alert.case_id == case.id
        )
    ).mappings()
    found = rows.all()
    said = alert_answers(session, [row["id"] for row in found])
    for row in found:
        answer = said[row["id"]].in_words if row["id"] in said else ""
        yield _at(EventKind.ALERT, row["raised_at"], row["id"], {**row, "answer": answer})


def _changes(session: Session, case: Case) -> Iterator[Event]:
    """What people did to the case and to its person's details, with who."""
    rows = session.execute(
        select(AuditRow, name_of(StaffAccount))
        .outerjoin(StaffAccount, StaffAccount.id == AuditRow.account_id)
        .where(
            AuditRow.service_id == case.service_id,
            or_(
                (AuditRow.subject == "case") & (AuditRow.subject_id == case.id),
                (AuditRow.subject == "person") & (AuditRow.subject_id == case.person_id),
            ),
        )
    )
    for row, by in rows:
        about = {"action": row.action, "details": row.details, "by": by}
        yield _at(EventKind.CHANGE, row.at, row.id, about)


def _at(kind: EventKind, at: datetime, event_id: int, about: Mapping[str, Any]) -> Event:
    return Event(kind, at.astimezone(LONDON).date(), at, event_id, about)
