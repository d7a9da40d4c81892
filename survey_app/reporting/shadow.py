"""What has a service in shadow shown: since when, how much, and whom would it have texted?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import Channel
from survey_app.reporting.held_back import count_held_back
from survey_app.reporting.staff_texts import count_refused
from survey_app.store.audit import CHANGE_MODE, AuditRow
from survey_app.store.requests import ContactDecision
from survey_app.store.services import Service, ServiceMode


@dataclass(frozen=True)
class ShadowCounts:
    """How many texts would have left, and how many people are refused one, by reason."""

    texts: int
    refused: dict[str, int]

    def as_stored(self) -> dict[str, Any]:
        """As a confirmation keeps what was seen."""
        return {"texts": self.texts, "refused": self.refused}


def shadow_counts(session: Session, service_id: int, now: datetime) -> ShadowCounts:
    """As they stand at this instant."""
    texts, _leaving = count_held_back(session, service_id, now)
    return ShadowCounts(texts, count_refused(session, service_id))


def shadow_began(session: Session, service: Service) -> datetime:
    """Since when it has been decided what would be sent, before anything was: the last change into
    shadow; a service that never changed into it began with it."""
    changes = session.execute(
        select(AuditRow.at, AuditRow.details)
        .where(
            AuditRow.subject == "service",
            AuditRow.subject_id == service.id,
            AuditRow.action == CHANGE_MODE,
        )
        .order_by(AuditRow.id.desc())
    )
    into = (at for at, details in changes if details.get("to") == ServiceMode.SHADOW)
    return next(into, service.created_at)


def count_decisions(session: Session, service_id: int, since: datetime) -> int:
    """How often it was decided since then whether somebody may be texted."""
    query = select(func.count(ContactDecision.id)).where(
        ContactDecision.service_id == service_id,
        ContactDecision.channel == Channel.SMS,
        ContactDecision.decided_at >= since,
    )
    return session.scalar(query) or 0
