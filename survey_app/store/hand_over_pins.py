"""With which number does a member of staff take a tablet back?"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base


class HandOverPin(Base):
    """One account's PIN, as a keyed hash: so few digits could be tried out against a plain one."""

    __tablename__ = "hand_over_pins"

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), primary_key=True)
    pin_hash: Mapped[str]
    key_id: Mapped[str]
    set_at: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    """Since the tablet was last handed over; at five the PIN no longer opens it."""
