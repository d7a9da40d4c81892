"""May this person sign in? Counts every guess, in the database, before the guess is judged.

A sign-in has two short transactions with the slow password check between them: `open_attempt`
counts the guess (so that guesses sent side by side cannot outrun the lock) and `settle_attempt`
records how it went. The database is never held while a password is hashed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.staff import StaffAccount
from survey_app.usecases.accounts import hash_password

GUESSES = 5
LOCKED_FOR = timedelta(minutes=15)


class SignInRefusal(StrEnum):
    """Why nobody was signed in. For the audit trail: the page says the same for all of them."""

    UNKNOWN_ADDRESS = "unknown-address"
    NOT_ACTIVE = "not-active"
    LOCKED = "locked"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 (a reason, not a password)


@dataclass(frozen=True)
class Attempt:
    """One counted guess: what to check the password against, or why not to bother."""

    account_id: int | None
    password_hash: str
    refusal: SignInRefusal | None


def open_attempt(session: Session, *, email: str, now: datetime) -> Attempt:
    """Count a guess at this address. The row is locked, so guesses side by side queue here."""
    account = session.scalar(
        select(StaffAccount).where(StaffAccount.email == email.strip().casefold()).with_for_update()
    )
    if account is None:
        return Attempt(None, _hash_of_nobody(), SignInRefusal.UNKNOWN_ADDRESS)
    if not account.is_active:
        return Attempt(account.id, _hash_of_nobody(), SignInRefusal.NOT_ACTIVE)
    if account.locked_until is not None:
        if account.locked_until > now:
            return Attempt(account.id, _hash_of_nobody(), SignInRefusal.LOCKED)
        account.locked_until, account.failed_sign_ins = None, 0
    account.failed_sign_ins += 1
    if account.failed_sign_ins >= GUESSES:
        account.locked_until = now + LOCKED_FOR
    return Attempt(account.id, account.password_hash, None)


def is_right_password(attempt: Attempt, password: str) -> bool:
    """Check the guess; takes as long for an address that nobody has. Needs no database."""
    try:
        is_right = PasswordHasher().verify(attempt.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return is_right and attempt.refusal is None


def settle_attempt(
    session: Session, attempt: Attempt, *, is_right: bool, now: datetime
) -> SignInRefusal | None:
    """Record how the guess went; None means signed in. A right password forgets the wrong ones."""
    refusal = attempt.refusal or (None if is_right else SignInRefusal.WRONG_PASSWORD)
    if attempt.account_id is not None and refusal is None:
        account = session.get_one(StaffAccount, attempt.account_id)
        account.failed_sign_ins, account.locked_until = 0, None
    write_audit(
        session,
        at=now,
        actor="staff",
        action="sign-in" if refusal is None else "sign-in-refused",
        subject="staff-account",
        subject_id=attempt.account_id,
        account_id=attempt.account_id,
        details={} if refusal is None else {"reason": refusal.value},
    )
    return refusal


def sign_out(session: Session, *, account_id: int, now: datetime) -> None:
    """Record that somebody signed out."""
    write_audit(
        session,
        at=now,
        actor="staff",
        action="sign-out",
        subject="staff-account",
        subject_id=account_id,
        account_id=account_id,
    )


@cache
def _hash_of_nobody() -> str:
    """Something to check a guess against when there is no account, so that time tells nothing."""
    return hash_password("nobody has this password")
