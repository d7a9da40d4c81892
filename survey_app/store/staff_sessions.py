"""In which browsers is somebody signed in, and what did a browser have to leave unsaved?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base
from survey_app.store.sealed import SealedJson


class StaffSession(Base):
    """One signed-in browser. Ending the row ends it there, whatever its cookie says."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Random; also in the browser's signed cookie."""
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(default="")
    """As people name it: `Firefox on Windows`."""


class KeptEntry(Base):
    """What somebody had entered when their session ended, until they sign in again."""

    __tablename__ = "kept_entries"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    page: Mapped[str]
    """The address of the page that showed the form."""
    target: Mapped[str]
    """The address that the form is sent to."""
    fields: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    """Name to the list of its values; never a password."""
    kept_at: Mapped[datetime]


def open_sessions(session: Session, account_id: int, since: datetime) -> list[StaffSession]:
    """The person's browsers that signed in after `since` and did not sign out, newest first."""
    found = session.scalars(
        select(StaffSession)
        .where(
            StaffSession.account_id == account_id,
            StaffSession.ended_at.is_(None),
            StaffSession.began_at > since,
        )
        .order_by(StaffSession.began_at.desc(), StaffSession.id)
    )
    return list(found)
