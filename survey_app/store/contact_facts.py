"""What is known today of the people whom some requests would ask? Gathered in bulk.

A constant number of queries, however many requests. The terms (hours, ages, cap, limit) are those
of the programme in force today: hours and limits are the service's, not the request's.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import ClosureReason, Flag, NumberKind, Recorded
from survey_app.domain.contact_facts import BIRTH_DATE, MOBILE, ContactFacts, flags_meant
from survey_app.domain.programmes import ContactTerms
from survey_app.domain.requests import MessageKind, MessageState, RequestState
from survey_app.domain.safe_hours import SafeHours
from survey_app.store.cases import Case
from survey_app.store.holds_in_force import Held, held_of
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import OptOut, Person
from survey_app.store.programmes import ProgrammeMissing
from survey_app.store.requests import SurveyRequest
from survey_app.store.safety_details import days_of, flags_of
from survey_app.store.services import ProgrammeVersion, Service
from survey_app.store.unreadable import is_unreadable, readable_or_none

PERHAPS_SENT = (
    MessageState.SENDING,
    MessageState.ACCEPTED,
    MessageState.DELIVERED,
    MessageState.UNKNOWN,
)
"""States of a text that the person has, or may have: for the cap, doubt counts as sent."""


def contact_facts(session: Session, request_ids: Collection[int]) -> dict[int, ContactFacts]:
    """The contact rule's facts by request id, for those that the session's scope shows."""
    rows = session.execute(_ASKED.where(SurveyRequest.id.in_(request_ids))).all()
    if not rows:
        return {}
    known = _known_about(session, rows)
    return {row.id: _facts(row, known) for row in rows}


_ASKED = (
    select(
        SurveyRequest.id,
        SurveyRequest.service_id,
        SurveyRequest.state,
        SurveyRequest.expires_at,
        SurveyRequest.first_text_accepted_at,
        Case.case_ref,
        Case.closure_reason,
        Case.released_at,
        Case.person_id,
        Person.client_ref,
        Person.mobile,
        Person.number_hash,
        Person.number_kind,
        Person.number_changed_at,
        Person.sms_consent,
        Person.sms_safe,
        Person.sms_preferred,
        Person.call_safe,
        Person.do_not_contact,
        Person.safe_days,
        Person.safe_from,
        Person.safe_until,
        Person.safety_checked_on,
        Person.opted_out_at,
        Person.shared_number_accepted,
        Person.under_age_decision_at,
        Person.date_of_birth,
    )
    .join(Case, Case.id == SurveyRequest.case_id)
    .join(Person, Person.id == Case.person_id)
)


@dataclass(frozen=True)
class _Known:
    """What several requests share, by the id or hash it belongs to."""

    terms: dict[int, ContactTerms]
    cases: "_Cases"
    held: Held
    shared: frozenset[tuple[int, str]]
    opted_out: frozenset[str]
    first_texts: dict[int, list[tuple[int, datetime]]]


def _known_about(session: Session, rows: Collection[Row[Any]]) -> _Known:
    service_ids = {row.service_id for row in rows}
    person_ids = {row.person_id for row in rows}
    hashes = {row.number_hash for row in rows if row.number_hash}
    cases = _cases(session, person_ids, service_ids)
    return _Known(
        terms=_terms(session, service_ids),
        cases=cases,
        held=held_of(session, person_ids, hashes, {row.case_ref for row in rows}),
        shared=_shared(session, hashes),
        opted_out=frozenset(
            session.scalars(select(OptOut.number_hash).where(OptOut.number_hash.in_(hashes)))
        ),
        first_texts=_first_texts(session, person_ids),
    )


def _facts(row: Row[Any], known: _Known) -> ContactFacts:
    terms = known.terms.get(row.service_id)
    if terms is None:
        raise ProgrammeMissing(row.service_id)
    held = known.held
    return ContactFacts(
        number_kind=NumberKind(row.number_kind),
        is_number_shared=(row.service_id, row.number_hash) in known.shared
        or held.is_shared(row, known.cases.refs.get(row.person_id, ())),
        is_shared_number_accepted=row.shared_number_accepted,
        is_number_unconfirmed=row.number_changed_at is not None,
        sms_consent=_recorded(row.sms_consent),
        sms_safe=held.word(row, "sms_safe", _recorded(row.sms_safe)),
        sms_preferred=_recorded(row.sms_preferred),
        call_safe=held.word(row, "call_safe", _recorded(row.call_safe)),
        do_not_contact=held.word(row, "do_not_contact", _recorded(row.do_not_contact)),
        safety_checked_on=row.safety_checked_on,
        has_opted_out=row.opted_out_at is not None or row.number_hash in known.opted_out,
        born_on=readable_or_none(row.date_of_birth),
        has_age_decision=row.under_age_decision_at is not None,
        is_held=row.person_id in held.people,
        is_held_in_person=held.people.get(row.person_id, False),
        person_hours=SafeHours(days_of(row.safe_days), row.safe_from, row.safe_until),
        flags=known.cases.flags.get(row.person_id, frozenset()) | held.flags(row.person_id),
        are_flags_recorded=row.person_id not in known.cases.unrecorded,
        is_released=row.released_at is not None,
        is_case_transferred=row.closure_reason == ClosureReason.TRANSFERRED
        or held.is_transferred(row.service_id, row.case_ref),
        request_state=RequestState(row.state),
        expires_at=row.expires_at,
        is_first_text=row.first_text_accepted_at is None,
        last_first_text_at=max(
            (at for other, at in known.first_texts.get(row.person_id, ()) if other != row.id),
            default=None,
        ),
        service_hours=SafeHours(
            terms.days, terms.hours_from, terms.hours_until, terms.skip_bank_holidays
        ),
        cap_days=terms.cap_days,
        youngest_age=terms.youngest_age,
        decision_under_age=terms.decision_under_age,
        stale_after_days=terms.stale_after_days,
        unreadable=frozenset(n for n in (BIRTH_DATE, MOBILE) if is_unreadable(getattr(row, n))),
    )


def _recorded(value: str | None) -> Recorded | None:
    return None if value is None else Recorded(value)


def _terms(session: Session, service_ids: Collection[int]) -> dict[int, ContactTerms]:
    newest = (
        select(ProgrammeVersion.service_id, func.max(ProgrammeVersion.number).label("number"))
        .where(ProgrammeVersion.service_id.in_(service_ids))
        .group_by(ProgrammeVersion.service_id)
        .subquery()
    )
    rows = session.execute(
        select(ProgrammeVersion.service_id, ProgrammeVersion.content).join(
            newest,
            (newest.c.service_id == ProgrammeVersion.service_id)
            & (newest.c.number == ProgrammeVersion.number),
        )
    )
    return {
        service_id: ContactTerms.model_validate(content["contact"]) for service_id, content in rows
    }


@dataclass(frozen=True)
class _Cases:
    """By person: the flags and references of all their cases; whose flags are unrecorded."""

    flags: dict[int, frozenset[Flag]]
    refs: dict[int, set[str]]
    unrecorded: frozenset[int]


def _cases(session: Session, person_ids: Collection[int], service_ids: Collection[int]) -> _Cases:
    services = session.execute(
        select(Service.id, Service.sensitive_crimes).where(Service.id.in_(service_ids))
    )
    sensitive: dict[int, dict[str, Any]] = {row.id: row.sensitive_crimes for row in services}
    cases = session.execute(
        select(
            Case.person_id, Case.service_id, Case.flags, Case.crime_category, Case.case_ref
        ).where(Case.person_id.in_(person_ids))
    )
    flags: defaultdict[int, frozenset[Flag]] = defaultdict(frozenset)
    refs: defaultdict[int, set[str]] = defaultdict(set)
    unrecorded: set[int] = set()
    for person_id, service_id, stored, crime, case_ref in cases:
        refs[person_id].add(case_ref)
        recorded = flags_of(stored)
        if recorded is None:
            unrecorded.add(person_id)
        flags[person_id] |= flags_meant(
            recorded or frozenset(), crime, sensitive.get(service_id, {})
        )
    return _Cases(dict(flags), dict(refs), frozenset(unrecorded))


def _shared(session: Session, hashes: Collection[str]) -> frozenset[tuple[int, str]]:
    """Service and hash of the numbers that more than one person of the service has."""
    rows = session.execute(
        select(Person.service_id, Person.number_hash)
        .where(Person.number_hash.in_(hashes))
        .group_by(Person.service_id, Person.number_hash)
        .having(func.count(Person.id) > 1)
    )
    return frozenset((service_id, number) for service_id, number in rows if number is not None)


def _first_texts(
    session: Session, person_ids: Collection[int]
) -> dict[int, list[tuple[int, datetime]]]:
    """Request and instant of every first text that each person was, or may have been, sent."""
    perhaps = session.execute(
        select(
            OutboxMessage.person_id,
            OutboxMessage.request_id,
            func.coalesce(
                OutboxMessage.sent_at, OutboxMessage.claimed_at, OutboxMessage.created_at
            ),
        ).where(
            OutboxMessage.person_id.in_(person_ids),
            OutboxMessage.kind == MessageKind.INVITATION,
            OutboxMessage.state.in_(PERHAPS_SENT),
        )
    )
    accepted = session.execute(
        select(Case.person_id, SurveyRequest.id, SurveyRequest.first_text_accepted_at)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(
            Case.person_id.in_(person_ids),
            SurveyRequest.first_text_accepted_at.is_not(None),
        )
    )
    found: defaultdict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for rows in (perhaps, accepted):
        for person_id, request_id, at in rows:
            if at is not None:
                found[person_id].append((request_id, at))
    return dict(found)
