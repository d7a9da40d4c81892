"""Who let a service send, stopped it, revoked its links or changed its sender: when, and why?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.store.audit import CHANGE_CARRIER, CHANGE_MODE, REVOKE_LINKS, AuditRow
from survey_app.store.staff import StaffAccount


@dataclass(frozen=True)
class SendingChange:
    """One change. `who` is None where it was made on the command line."""

    at: datetime
    who: str | None
    action: str
    details: Mapping[str, Any]
    """`from`, `to` and what was withdrawn, or `links`, or `sender` and `provider`; and `reason`."""


def sending_history(session: Session, service_id: int, limit: int = 20) -> list[SendingChange]:
    """The latest changes of one service, newest first."""
    rows = session.execute(
        select(
            AuditRow.at,
            func.coalesce(func.nullif(StaffAccount.name, ""), StaffAccount.email),
            AuditRow.action,
            AuditRow.details,
        )
        .outerjoin(StaffAccount, StaffAccount.id == AuditRow.account_id)
        .where(
            AuditRow.subject == "service",
            AuditRow.subject_id == service_id,
            AuditRow.action.in_((CHANGE_MODE, REVOKE_LINKS, CHANGE_CARRIER)),
        )
        .order_by(AuditRow.id.desc())
        .limit(limit)
    )
    return [SendingChange(*row) for row in rows]
