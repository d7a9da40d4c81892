"""Who changed what, when?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base
from survey_app.store.sealed import SealedJson
from survey_app.store.services import Service

CHANGE_MODE = "change-mode"
REVOKE_LINKS = "revoke-links"
CHANGE_CARRIER = "change-carrier"
"""What is done to the sending of a service."""


class AuditRow(Base):
    """One change that a person (or a file, in a person's name) made. Append-only."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    actor: Mapped[str]
    """`staff`, `command`, `import` or `person`."""
    action: Mapped[str]
    """A verb and its object: `sign-in`, `import-cases`, `publish-quarter` ..."""
    subject: Mapped[str]
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson, default=dict)


def write_audit(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    subject_id: int | None = None,
    service_id: int | None = None,
    account_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append one audit row to the transaction that makes the change."""
    session.add(
        AuditRow(
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            subject_id=subject_id,
            service_id=service_id,
            account_id=account_id,
            details=details or {},
        )
    )


def audit_service(
    session: Session,
    service: Service,
    action: str,
    details: dict[str, Any],
    at: datetime,
    account_id: int | None,
) -> None:
    """Append what was done to a service; without an account it was the command line."""
    write_audit(
        session,
        at=at,
        actor="command" if account_id is None else "staff",
        action=action,
        subject="service",
        subject_id=service.id,
        service_id=service.id,
        account_id=account_id,
        details=details,
    )
