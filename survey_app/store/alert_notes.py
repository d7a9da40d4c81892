"""What did staff write down about an alert while it was open? Notes are added, never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base, OfService
from survey_app.store.sealed import SealedText
from survey_app.store.staff import StaffAccount


class AlertNote(OfService, Base):
    """One note of one person. Append-only."""

    __tablename__ = "alert_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(SealedText)


def notes_of(session: Session, alert_id: int) -> list[tuple[AlertNote, StaffAccount]]:
    """The notes of an alert with who wrote them, oldest first."""
    found = session.execute(
        select(AlertNote, StaffAccount)
        .join(StaffAccount, StaffAccount.id == AlertNote.account_id)
        .where(AlertNote.alert_id == alert_id)
        .order_by(AlertNote.id)
    )
    return [(note, author) for note, author in found]
