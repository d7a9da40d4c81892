"""Who is supported, how may they be reached, and who asked for no more texts?

One row a person and service. What is known of safety stands here, because it is the person's phone,
whichever case asks.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedDate, SealedText


class Person(OfService, Base):
    """One person within one service. A column that is None was never recorded."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("service_id", "client_ref"),
        Index("ix_people_number", "number_hash", "service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_ref: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    mobile: Mapped[str | None] = mapped_column(SealedText)
    """As typed."""
    number_hash: Mapped[str | None]
    """Keyed hash of the E.164 form; None when it is no number at all."""
    number_key_id: Mapped[str | None]
    number_kind: Mapped[str] = mapped_column(default="none")
    number_changed_at: Mapped[datetime | None]
    """When the number last changed to one that nobody has confirmed since."""
    language: Mapped[str] = mapped_column(default="en")
    """BCP 47."""

    sms_consent: Mapped[str | None]
    sms_safe: Mapped[str | None]
    sms_preferred: Mapped[str | None]
    call_safe: Mapped[str | None]
    do_not_contact: Mapped[str | None]
    name_service: Mapped[str | None]
    safe_days: Mapped[str | None]
    """`;`-separated weekdays; None is every day, `none` is no day at all."""
    safe_from: Mapped[time | None]
    safe_until: Mapped[time | None]
    safety_checked_on: Mapped[date | None]
    check_word: Mapped[str | None] = mapped_column(SealedText)
    opted_out_at: Mapped[datetime | None]
    shared_number_accepted: Mapped[bool] = mapped_column(default=False)
    """A human decided that this number may be used though another person has it too."""
    under_age_decision_at: Mapped[datetime | None]
    """When staff recorded that a child below the age limit may be asked."""

    date_of_birth: Mapped[date | None] = mapped_column(SealedDate)
    birth_not_given: Mapped[str | None]
    """Why there is no birth date, where a reason was recorded."""
    sex: Mapped[str | None]
    gender_identity: Mapped[str | None]
    ethnicity: Mapped[str | None]
    disability: Mapped[str | None]
    sexuality: Mapped[str | None]
    religion: Mapped[str | None]
    told_by: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Characteristic to `self` where the person said it on their phone; else a file or staff."""


class OptOut(Base):
    """A number whose holder asked for no more texts, anywhere in this installation."""

    __tablename__ = "opt_outs"

    number_hash: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[str]
    at: Mapped[datetime]
    source: Mapped[str]
    """`page`, `reply`, `provider` or `staff`."""


SAFETY_FIELDS: tuple[str, ...] = (
    "mobile",
    "sms_consent",
    "sms_safe",
    "sms_preferred",
    "call_safe",
    "do_not_contact",
    "name_service",
    "safe_days",
    "safe_from",
    "safe_until",
)
"""The person's recorded safety details; a change of one cancels what is queued."""

TOLD_BY_SELF = "self"
"""In `Person.told_by`: the person said it, on their own phone."""

CHARACTERISTICS: tuple[str, ...] = (
    "sex",
    "gender_identity",
    "ethnicity",
    "disability",
    "sexuality",
    "religion",
)


def safety_of(person: Person) -> dict[str, Any]:
    """The recorded safety details by field name."""
    return {name: getattr(person, name) for name in SAFETY_FIELDS}
