"""Which one-time links let somebody set a password: an invitation, or a reset?"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base
from survey_app.store.sealed import lookup_hash

_PURPOSE = "staff-link"


class LinkKind(StrEnum):
    """What the link is for."""

    INVITATION = "invitation"
    RESET = "reset"


class StaffLink(Base):
    """One link, of which only the keyed hash is kept. It works once, until it expires."""

    __tablename__ = "staff_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    kind: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When it was used, or taken back by a newer one."""


def hash_of_link(token: str) -> str:
    """What is kept of a link's token."""
    return lookup_hash(token, _PURPOSE)


def find_staff_link(session: Session, token: str, now: datetime) -> StaffLink | None:
    """The link that this token opens now, locked for whoever is about to use it."""
    return session.scalar(
        select(StaffLink)
        .where(
            StaffLink.token_hash == hash_of_link(token),
            StaffLink.used_at.is_(None),
            StaffLink.expires_at > now,
        )
        .with_for_update()
    )
