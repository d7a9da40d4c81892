"""With what does somebody prove, beside their password, that it is they who sign in?"""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base
from survey_app.store.sealed import SealedText


class SecondFactor(Base):
    """A secret shared with one person's authenticator app (TOTP, RFC 6238)."""

    __tablename__ = "second_factors"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    secret: Mapped[str] = mapped_column(SealedText)
    """Base 32, as the app is given it."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When its first code was right; until then it proves nothing."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The 30-second step of the newest code that was taken: no code is taken twice."""


class RecoveryCode(Base):
    """A code that stands in for the app once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    code_hash: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def find_second_factor(session: Session, account_id: int) -> SecondFactor | None:
    """The person's confirmed factor."""
    return session.scalar(
        select(SecondFactor)
        .where(SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None))
        .order_by(SecondFactor.id.desc())
        .limit(1)
    )


def find_set_up(session: Session, account_id: int) -> SecondFactor | None:
    """The factor that the person is about to set up."""
    return session.scalar(
        select(SecondFactor)
        .where(SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_(None))
        .order_by(SecondFactor.id.desc())
        .limit(1)
    )


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many unused recovery codes the person has."""
    unused = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0
