"""Builders: `a_service(session)`, `a_case(session, ...)`. Each makes what it needs and flushes."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.cases import NumberKind
from survey_app.domain.requests import RequestState, Wave
from survey_app.store.cases import Case
from survey_app.store.holds import HeldRow, Hold
from survey_app.store.people import Person
from survey_app.store.programmes import shipped_programmes
from survey_app.store.requests import SurveyRequest
from survey_app.store.sealed import lookup_hash, lookup_key_id
from survey_app.store.services import (
    InstrumentSnapshot,
    ProgrammeVersion,
    Service,
    programme_in_force,
)
from tests.world import NOON

_numbers = count(1)
BUILT_NUMBERS = range(400, 900)
"""Last three digits of the numbers made here. Tests that name a number take one outside them."""


def a_service(session: Session, **facts: Any) -> Service:
    """A live service with the simulated provider."""
    n = next(_numbers)
    facts = {"slug": f"service-{n}", "name": f"Service {n}", "created_at": NOON} | facts
    service = Service(**facts)
    session.add(service)
    session.flush()
    return service


def a_programme(session: Session, service: Service, **facts: Any) -> ProgrammeVersion:
    """A programme version of the service: the shipped `standard`, unless the test gives content."""
    facts = {
        "number": next(_numbers),
        "key": "standard",
        "content": shipped_programmes()["standard"].model_dump(mode="json", exclude_defaults=True),
        "content_hash": "0",
        "created_at": NOON,
    } | facts
    programme = ProgrammeVersion(service_id=service.id, **facts)
    session.add(programme)
    session.flush()
    return programme


def a_person(session: Session, service: Service, **facts: Any) -> Person:
    """Someone who may be texted: consent, safe, a UK mobile of their own."""
    n = next(_numbers)
    number = f"+447700900{BUILT_NUMBERS[n % len(BUILT_NUMBERS)]:03d}"
    facts = {
        "mobile": number,
        "number_hash": lookup_hash(number, "number"),
        "number_key_id": lookup_key_id(),
        "number_kind": NumberKind.UK_MOBILE,
        "sms_consent": "yes",
        "sms_safe": "yes",
        "safety_checked_on": NOON.date() - timedelta(days=3),
        "created_at": NOON,
        "changed_at": NOON,
    } | facts
    person = Person(service_id=service.id, **facts)
    session.add(person)
    session.flush()
    return person


def a_case(
    session: Session, service: Service | None = None, person: Person | None = None, **facts: Any
) -> Case:
    """A community case with two deliveries and no flags, opened two months ago."""
    service = service or a_service(session)
    person = person or a_person(session, service)
    n = next(_numbers)
    facts = {
        "case_ref": f"C-{n:05d}",
        "referred_on": date(2026, 9, 18),
        "support_level": "community",
        "deliveries": 2,
        "flags": "none",
        "arrived_on": date(2026, 9, 18),
        "created_at": NOON,
        "changed_at": NOON,
    } | facts
    case = Case(service_id=service.id, person_id=person.id, **facts)
    session.add(case)
    session.flush()
    return case


def a_request(session: Session, case: Case, **facts: Any) -> SurveyRequest:
    """An open closure request, due now, by text."""
    if "programme_version_id" not in facts:
        service = session.get_one(Service, case.service_id)
        programme = programme_in_force(session, service.id) or a_programme(session, service)
        facts["programme_version_id"] = programme.id
    facts = {
        "wave": Wave.CLOSURE,
        "tier": "1",
        "instruments": [["self-assessment", "1"], ["sus-tier-1", "1"]],
        "channels": ["sms"],
        "channel": "sms",
        "reminder_days": [7, 14],
        "state": RequestState.WAITING,
        "created_at": NOON,
        "due_at": NOON,
        "expires_at": NOON + timedelta(days=28),
    } | facts
    request = SurveyRequest(service_id=case.service_id, case_id=case.id, **facts)
    session.add(request)
    session.flush()
    return request


def an_instrument(session: Session, key: str, content: dict[str, Any], **facts: Any) -> Any:
    """A stored snapshot of an instrument."""
    when: datetime = facts.pop("first_used_at", NOON)
    facts = {"version": "1", "kind": content["kind"], "content_hash": "0"} | facts
    snapshot = InstrumentSnapshot(key=key, content=content, first_used_at=when, **facts)
    session.add(snapshot)
    session.flush()
    return snapshot


def a_hold(session: Session, case: Case, cause: str = "several-numbers", **facts: Any) -> Hold:
    """The case's person is held, since an hour ago: two rows gave two numbers, unless the test
    gives other evidence."""
    evidence: dict[str, Any] = {
        "column": "mobile",
        "values": ["+447700900145", "+447700900146"],
        "lines": [2, 3],
        "file": "cases.csv",
    } | facts.pop("evidence", {})
    facts = {
        "case_id": case.id,
        "evidence_hash": lookup_hash(f"{cause} {sorted(evidence['values'])}", "hold"),
        "since": NOON - timedelta(hours=1),
    } | facts
    hold = Hold(
        service_id=case.service_id,
        person_id=case.person_id,
        cause=cause,
        evidence=evidence,
        **facts,
    )
    session.add(hold)
    session.flush()
    return hold


def a_held_row(session: Session, service: Service, **facts: Any) -> HeldRow:
    """A rejected row in force, which asks for no contact and says that texts are not safe."""
    facts = {
        "case_ref": f"R-{next(_numbers):05d}",
        "line": 7,
        "faults": [{"column": "deliveries", "code": "not-a-whole-number"}],
        "words": {"do_not_contact": "yes", "sms_safe": "no"},
        "content": {"mobile": "07700 900147"},
        "arrived_at": NOON - timedelta(hours=1),
    } | facts
    row = HeldRow(service_id=service.id, **facts)
    session.add(row)
    session.flush()
    return row
