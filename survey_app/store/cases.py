"""Which episodes of support are there?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from survey_app.store.base import Base, OfService
from survey_app.store.people import Person
from survey_app.store.sealed import SealedJson, SealedText


class Case(OfService, Base):
    """One episode of support, from referral to closure. A column that is None was not recorded."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("service_id", "case_ref"),
        Index("ix_cases_closed", "service_id", "closed_on"),
        Index("ix_cases_referred", "service_id", "referred_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    case_ref: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    arrived_on: Mapped[date]
    """The day on which this case was first known here; history is judged against it."""

    referred_on: Mapped[date]
    referred_at: Mapped[datetime | None]
    referral_source: Mapped[str | None]
    referring_agency: Mapped[str | None]
    crime_category: Mapped[str | None]
    local_authority: Mapped[str | None]
    relationship_to_perpetrator: Mapped[str | None]
    flags: Mapped[str | None]
    """`none`, or `;`-separated flags in sorted order; None = not recorded = no text."""
    support_level: Mapped[str]
    deliveries: Mapped[int] = mapped_column(default=0)
    """The total, by file and by hand: it decides the tier."""
    deliveries_here: Mapped[int] = mapped_column(default=0)
    """Of these, so many were written down on the desk: the sum of the rows that stand."""
    caseworker_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    caseworker_text: Mapped[str | None]

    age_band: Mapped[str | None]
    """At the referral: `under-13 13-15 16-17 18-24 25-34 35-44 45-54 55-64 65-74 75-and-over`."""
    is_young_person: Mapped[bool] = mapped_column(default=False)
    """Under 18 on the referral day; holds for the life of the case."""
    age_at_referral: Mapped[int | None]

    first_attempt_on: Mapped[date | None]
    first_attempt_at: Mapped[datetime | None]
    second_attempt_on: Mapped[date | None]
    second_attempt_at: Mapped[datetime | None]
    first_contact_on: Mapped[date | None]
    first_contact_at: Mapped[datetime | None]
    needs_assessment_on: Mapped[date | None]
    support_plan_on: Mapped[date | None]
    review_on: Mapped[date | None]

    closed_on: Mapped[date | None]
    closure_reason: Mapped[str | None]
    closure_code: Mapped[str | None]
    closure_detail: Mapped[str | None] = mapped_column(SealedText)
    released_at: Mapped[datetime | None]
    """When a caseworker released a bereaved or homicide case for contact."""

    held: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    """What stood in a field before staff changed it: see `domain.hand_changes`."""

    person: Mapped[Person] = relationship(lazy="raise")


class CaseNotFound(Exception):
    """No case that this session may see has this reference or id."""


def find_case(session: Session, service_id: int, case_ref: str) -> Case | None:
    """The service's case with this reference."""
    return session.scalar(
        select(Case).where(Case.service_id == service_id, Case.case_ref == case_ref)
    )


def get_case(session: Session, case_id: int) -> Case:
    """The case with this id within the session's scope, or `CaseNotFound`."""
    case = session.scalar(select(Case).where(Case.id == case_id))
    if case is None:
        raise CaseNotFound(case_id)
    return case


def lock_case(session: Session, service_id: int, case_ref: str) -> Case:
    """The same, held until the transaction ends and read afresh, or `CaseNotFound`."""
    case = session.scalar(
        select(Case)
        .where(Case.service_id == service_id, Case.case_ref == case_ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise CaseNotFound(case_ref)
    return case
