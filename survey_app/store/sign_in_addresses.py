"""How many sign-ins from one network address failed lately?

Gentle, since a whole office shares one address: it slows somebody who tries many accounts with few
guesses each, which the lock of a single account never sees.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base
from survey_app.store.sealed import lookup_hash

WINDOW = timedelta(minutes=15)
MOST_FAILURES = 50
"""Failed sign-ins from one address in a window; then it waits for the window's end."""
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class SignInAddress(Base):
    """The failures of one address since `since`. The address itself is not kept."""

    __tablename__ = "sign_in_addresses"

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)


def hash_of_address(address: str) -> str:
    """What is kept of a network address."""
    return lookup_hash(address, "sign-in-address")


def is_address_busy(session: Session, address: str, now: datetime) -> bool:
    """Whether too many sign-ins from this address failed lately."""
    row = session.get(SignInAddress, hash_of_address(address))
    return row is not None and row.since > now - WINDOW and row.failures >= MOST_FAILURES


def count_failure(session: Session, address: str, now: datetime) -> None:
    """Count one failure; a window that has passed begins anew, and old rows go."""
    session.execute(delete(SignInAddress).where(SignInAddress.since <= now - 2 * WINDOW))
    insert = _INSERTS[session.get_bind().dialect.name](SignInAddress).values(
        address_hash=hash_of_address(address), since=now, failures=1
    )
    is_over = SignInAddress.since <= now - WINDOW
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[SignInAddress.address_hash],
            set_={
                "since": case((is_over, insert.excluded.since), else_=SignInAddress.since),
                "failures": case((is_over, 1), else_=SignInAddress.failures + 1),
            },
        )
    )
