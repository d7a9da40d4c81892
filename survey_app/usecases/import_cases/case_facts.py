"""What becomes of a case when a row says something of it?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_ages import age_band, is_young_person
from survey_app.domain.case_file import CaseRow
from survey_app.domain.cases import Flag
from survey_app.domain.contact_facts import age_on
from survey_app.domain.hand_changes import hear, total_deliveries
from survey_app.domain.safety_changes import FlagsMerge, merge_flags
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.safety_details import flags_of, stored_flags
from survey_app.store.services import Service
from survey_app.store.staff import Membership, StaffAccount
from survey_app.store.unreadable import is_unreadable

_MERGED = frozenset({"flags", "caseworker"})


@dataclass(frozen=True)
class CaseTerms:
    """What the service says about its cases: staff ids by e-mail, flags by sensitive crime."""

    staff: Mapping[str, int]
    sensitive_crimes: Mapping[str, str]


@dataclass(frozen=True)
class CaseChange:
    """Whether the case changed, its closing did, its flags did; whether a loosening was refused."""

    is_changed: bool
    is_closing_changed: bool
    are_flags_changed: bool
    is_loosening_refused: bool


def state_case(
    case: Case, row: CaseRow, terms: CaseTerms, now: datetime, *, is_new: bool, is_newer: bool
) -> CaseChange:
    """Let a row speak of its case: an empty cell clears a fact, but never a flag.

    `is_newer`: the row carries a later check of safety than was stored, so it may remove flags.
    """
    row = _heard(case, row)
    before_closing = (case.closed_on, case.closure_reason)
    flags = _merged_flags(case, row, terms, is_newer=is_new or is_newer)
    facts = {name: value for name, value in row.case.items() if name not in _MERGED}
    facts["flags"] = stored_flags(flags.result)
    if "deliveries" in facts:
        facts["deliveries"] = total_deliveries(facts["deliveries"], case.deliveries_here or 0)
    if "caseworker" in row.case:
        facts |= _caseworker(row.case["caseworker"], terms.staff)
    is_changed = _assign(case, facts)
    if is_changed and not is_new:
        case.changed_at = now
    return CaseChange(
        is_changed=is_changed,
        is_closing_changed=before_closing != (case.closed_on, case.closure_reason),
        are_flags_changed=flags.is_changed,
        is_loosening_refused=flags.is_loosening_refused,
    )


def _heard(case: Case, row: CaseRow) -> CaseRow:
    """The row without what it only repeats since staff changed it by hand."""
    if not case.held:
        return row
    counts, held = hear(case.held, row.case)
    case.held = held or None
    return replace(row, case=counts)


def case_terms(session: Session, service: Service) -> CaseTerms:
    """What this service says about its cases, in one query."""
    accounts = session.execute(
        select(StaffAccount.email, StaffAccount.id)
        .join(Membership, Membership.account_id == StaffAccount.id)
        .where(Membership.service_id == service.id)
    )
    return CaseTerms({row.email: row.id for row in accounts}, service.sensitive_crimes)


def state_age(case: Case, person: Person, now: datetime) -> bool:
    """Keep how old the person was on the referral day; whether that changed. Where the birth date
    cannot be read, what was worked out from it before stands."""
    born = person.date_of_birth
    if is_unreadable(born):
        return False
    age = age_on(case.referred_on, born) if born and born <= case.referred_on else None
    is_changed = _assign(
        case,
        {
            "age_at_referral": age,
            "age_band": None if age is None else age_band(age),
            "is_young_person": is_young_person(age, has_child_flag=has_child_flag(case)),
        },
    )
    if is_changed:
        case.changed_at = now
    return is_changed


def has_child_flag(case: Case) -> bool:
    """Whether the case is recorded as a child's."""
    return Flag.CHILD in (flags_of(case.flags) or ())


def _merged_flags(case: Case, row: CaseRow, terms: CaseTerms, *, is_newer: bool) -> FlagsMerge:
    said = row.case.get("flags")
    return merge_flags(
        flags_of(case.flags),
        flags_of(said),
        is_newer=is_newer,
        meant=_meant_before(case, row, terms),
    )


def _meant_before(case: Case, row: CaseRow, terms: CaseTerms) -> Flag | None:
    """The flag that the case's category counted as, where the row's category no longer does."""
    if "crime_category" not in row.case:
        return None
    before = _meant(case.crime_category, terms)
    return before if before != _meant(row.case["crime_category"], terms) else None


def _meant(crime_category: str | None, terms: CaseTerms) -> Flag | None:
    meant = terms.sensitive_crimes.get((crime_category or "").strip().casefold())
    return None if meant is None else Flag(meant)


def _caseworker(written: str | None, staff: Mapping[str, int]) -> dict[str, Any]:
    account_id = staff.get((written or "").casefold())
    return {
        "caseworker_id": account_id,
        "caseworker_text": None if account_id is not None else written,
    }


def _assign(case: Case, facts: Mapping[str, Any]) -> bool:
    is_changed = False
    for name, value in facts.items():
        if getattr(case, name) != value:
            setattr(case, name, value)
            is_changed = True
    return is_changed
