"""Which responses and replies ask for a person's attention, until when, and who took them?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedJson, SealedText


class Alert(OfService, Base):
    """One thing to look at; at most one per response, kind and item, and one per text received."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("response_id", "kind", "item"),
        Index("ix_alerts_open", "service_id", "closed_at", "is_urgent", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("responses.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    """Whose text was replied to, where one had been sent."""
    received_text_id: Mapped[int | None] = mapped_column(
        ForeignKey("received_texts.id"), unique=True
    )
    """The reply that it is about; then there is no response."""
    kind: Mapped[str]
    item: Mapped[str]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    """To be looked at before the others, whatever is due when."""
    safe_times: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    """When and how the person would like to be contacted, as they said it."""
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    claimed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """What came of it: `domain.alerts.AlertOutcome`; None while open, and where none was asked."""
    note: Mapped[str | None] = mapped_column(SealedText)


class AlertNotFound(Exception):
    """No alert that this session may see has this id."""


def get_alert(session: Session, alert_id: int) -> Alert:
    """The alert with this id within the session's scope, or `AlertNotFound`."""
    alert = session.scalar(select(Alert).where(Alert.id == alert_id))
    if alert is None:
        raise AlertNotFound(alert_id)
    return alert


def lock_alert(session: Session, alert_id: int) -> Alert:
    """The same, held until the transaction ends, so that two people cannot both take it."""
    alert = session.scalar(
        select(Alert)
        .where(Alert.id == alert_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if alert is None:
        raise AlertNotFound(alert_id)
    return alert
