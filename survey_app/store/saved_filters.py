"""Which lists of cases does somebody come back to?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base, OfService


class SavedFilter(OfService, Base):
    """One person's own name for a way to narrow the list of cases of one service."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("account_id", "service_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    name: Mapped[str]
    narrowing: Mapped[dict[str, Any]]
    """The list's own words: `whose state level flag`."""
    created_at: Mapped[datetime]
