"""Help somebody back in from the command line, when nobody is left who could do it on the page."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.staff import StaffAccount, find_account
from survey_app.store.staff_links import LinkKind
from survey_app.usecases.second_factor import remove_second_factor
from survey_app.usecases.sign_in import forget_guesses
from survey_app.usecases.staff_passwords import GOOD_FOR, make_link


class ResetRefusal(StrEnum):
    """Why nothing was reset."""

    UNKNOWN_ADDRESS = "unknown-address"
    NOT_ACTIVE = "not-active"


class ResetRefused(Exception):
    """Nothing was reset; `reason` says why."""

    def __init__(self, reason: ResetRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reset:
    """The one-time link's token, in clear this once, and when it ends."""

    email: str
    token: str
    expires_at: datetime


def reset_account(
    session: Session, *, email: str, second_factor: bool, activate: bool, now: datetime
) -> Reset:
    """Make a link to choose a password; on request forget the factor, or switch the account on.

    Every service of the account gets an audit row, so that its managers see what happened. Raises
    ResetRefused.
    """
    account = find_account(session, email)
    if account is None:
        raise ResetRefused(ResetRefusal.UNKNOWN_ADDRESS)
    if not account.is_active and not activate:
        raise ResetRefused(ResetRefusal.NOT_ACTIVE)
    if not account.is_active:
        account.is_active = True
        _audit(session, account, "activate-user", now)
    if second_factor:
        remove_second_factor(session, account.id)
        account.session_epoch += 1
        _audit(session, account, "reset-second-factor", now)
    forget_guesses(account)
    kind = LinkKind.INVITATION if account.password_hash is None else LinkKind.RESET
    token = make_link(session, account, kind, now)
    _audit(session, account, "make-link", now)
    return Reset(account.email, token, now + GOOD_FOR[kind])


def _audit(session: Session, account: StaffAccount, action: str, now: datetime) -> None:
    for service_id in sorted({m.service_id for m in account.memberships}) or [None]:
        write_audit(
            session,
            at=now,
            actor="command",
            action=action,
            subject="staff-account",
            subject_id=account.id,
            service_id=service_id,
        )
