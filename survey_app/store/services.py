"""Which services are there, how do they run, and what do they tell the people they ask?"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.alerts import LOW_SAFETY_DUE_HOURS, USUAL_DUE_HOURS, AlertHours
from survey_app.store.base import Base


class ServiceMode(StrEnum):
    """Whether a service sends. `shadow`: everything is decided, nothing sent."""

    LIVE = "live"
    SHADOW = "shadow"
    PAUSED = "paused"


class Service(Base):
    """One commissioned contract."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    police_area: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    mode: Mapped[str] = mapped_column(default="live")
    """`live`, `shadow` (everything decided, nothing sent) or `paused`."""
    sms_provider: Mapped[str | None]
    """Overrides the installation's provider."""
    sender: Mapped[str] = mapped_column(default="")
    """What a text appears to come from; neutral."""
    quick_exit_url: Mapped[str] = mapped_column(default="https://www.bbc.co.uk/weather")
    small_number_threshold: Mapped[int] = mapped_column(default=5)
    """Counts from 1 to one less than this are suppressed outside the service."""
    alert_due_hours: Mapped[int] = mapped_column(default=USUAL_DUE_HOURS)
    low_safety_due_hours: Mapped[int] = mapped_column(
        default=LOW_SAFETY_DUE_HOURS, server_default=str(LOW_SAFETY_DUE_HOURS)
    )
    """In working hours: see `domain.alerts.AlertHours`."""
    sensitive_crimes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Crime category (case-folded) to the flag it counts as."""
    draft_languages: Mapped[list[str]] = mapped_column(default=list)
    """Tags of languages that it offers though no speaker has reviewed them yet."""
    licences: Mapped[list[str]] = mapped_column(default=list)
    """Keys of licensed instruments whose licence this service recorded."""
    privacy: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What UK GDPR Article 13 asks to be said, by key; in another language than English under
    that language's code. See `domain/privacy_words`."""
    help_lines: Mapped[list[Any]] = mapped_column(default=list)
    """`{name, number, url, hours, areas, languages, opens, is_name, words}` in the order shown; see
    `domain/help_lines`."""
    accessibility_contact: Mapped[str] = mapped_column(default="")
    """Whom to tell that a page cannot be used, as shown in English."""
    accessibility_contacts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The same in other languages, under their codes."""
    asks_agreed_word: Mapped[bool] = mapped_column(default=False)
    """Whether a link that was begun goes on only with the word agreed with the person."""
    urgent_words: Mapped[list[str]] = mapped_column(default=list)
    """The service's own words beside the shipped ones: see `domain/urgency`."""

    @property
    def alert_hours(self) -> AlertHours:
        """Within how long its alerts are due."""
        return AlertHours(self.alert_due_hours, self.low_safety_due_hours)


class ProgrammeVersion(Base):
    """An immutable copy of a programme, as one service uses it. The newest is in force."""

    __tablename__ = "programme_versions"
    __table_args__ = (UniqueConstraint("service_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), index=True)
    number: Mapped[int]
    key: Mapped[str]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    created_at: Mapped[datetime]


class InstrumentSnapshot(Base):
    """An instrument as it was when first used; never edited."""

    __tablename__ = "instruments"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    version: Mapped[str]
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    first_used_at: Mapped[datetime]


class ServiceNotFound(Exception):
    """No service has this slug."""


def find_service(session: Session, slug: str) -> Service | None:
    """The service with this slug."""
    return session.scalar(select(Service).where(Service.slug == slug))


def get_service(session: Session, slug: str) -> Service:
    """The service with this slug, or `ServiceNotFound`."""
    service = find_service(session, slug)
    if service is None:
        raise ServiceNotFound(slug)
    return service


def programme_in_force(session: Session, service_id: int) -> ProgrammeVersion | None:
    """The service's newest programme version."""
    return session.scalar(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.service_id == service_id)
        .order_by(ProgrammeVersion.number.desc())
        .limit(1)
    )


def other_providers(session: Session) -> set[str]:
    """The providers that services chose instead of the installation's."""
    chosen = select(Service.sms_provider).where(Service.sms_provider.is_not(None)).distinct()
    return {name for name in session.scalars(chosen) if name is not None}


def services_named(slugs: Sequence[str] | None) -> Select[tuple[Service]]:
    """The services with these slugs, or all, by their id."""
    query = select(Service).order_by(Service.id)
    return query if slugs is None else query.where(Service.slug.in_(slugs))
