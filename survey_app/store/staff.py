"""Who works here, and for which services in which role?"""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from survey_app.domain.cases import Role
from survey_app.store.base import Base


class StaffAccount(Base):
    """One person who signs in."""

    __tablename__ = "staff_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    """Case-folded."""
    name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    """None until the person used their invitation: nothing is right then."""
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to sign out everywhere."""
    created_at: Mapped[datetime]
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account",
        order_by="Membership.service_id",
        lazy="selectin",
        cascade="all, delete-orphan",
    )


class Membership(Base):
    """One role in one service."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("account_id", "service_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), index=True)
    role: Mapped[str]
    account: Mapped[StaffAccount] = relationship(back_populates="memberships")


def find_account(session: Session, email: str) -> StaffAccount | None:
    """The account with this address, in whatever case it was typed."""
    return session.scalar(
        select(StaffAccount).where(StaffAccount.email == email.strip().casefold())
    )


def roles_in(account: StaffAccount, service_id: int) -> frozenset[Role]:
    """The roles of an account in a service."""
    return frozenset(Role(m.role) for m in account.memberships if m.service_id == service_id)
