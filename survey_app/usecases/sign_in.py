"""May this person sign in? Counts every guess, in the database, before the guess is judged.

A sign-in has two short transactions with the slow password check between them: `open_attempt`
counts the guess (so that guesses sent side by side cannot outrun the lock) and `settle_attempt`
records how it went. The database is never held while a password is hashed. Codes of the second
factor are counted by the same lock (`usecases.second_factor`); so a right password gives its own
guess back but forgets the others only where no code is asked after it.
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
from survey_app.store.second_factors import find_second_factor
from survey_app.store.sign_in_addresses import count_failure, is_address_busy
from survey_app.store.staff import StaffAccount
from survey_app.usecases.accounts import hash_password

GUESSES = 5
LOCKED_FOR = timedelta(minutes=15)


class SignInRefusal(StrEnum):
    """Why nobody was signed in. For the audit trail: the page says the same for nearly all."""

    UNKNOWN_ADDRESS = "unknown-address"
    NOT_ACTIVE = "not-active"
    LOCKED = "locked"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 (a reason, not a password)
    WRONG_CODE = "wrong-code"
    CODE_USED = "code-used"
    TOO_MANY_FROM_ADDRESS = "too-many-from-address"


class NextStep(StrEnum):
    """What is left to do after a right password."""

    NOTHING = "nothing"
    CODE = "code"
    SET_UP = "set-up"


@dataclass(frozen=True)
class Attempt:
    """One counted guess: what to check the password against, or why not to bother."""

    account_id: int | None
    password_hash: str
    refusal: SignInRefusal | None
    network_address: str = ""


def open_attempt(
    session: Session, *, email: str, now: datetime, network_address: str = ""
) -> Attempt:
    """Count a guess at this address. The row is locked, so guesses side by side queue here."""
    if network_address and is_address_busy(session, network_address, now):
        return Attempt(None, _hash_of_nobody(), SignInRefusal.TOO_MANY_FROM_ADDRESS)
    account = session.scalar(
        select(StaffAccount).where(StaffAccount.email == email.strip().casefold()).with_for_update()
    )
    if account is None:
        refusal: SignInRefusal | None = SignInRefusal.UNKNOWN_ADDRESS
        return Attempt(None, _hash_of_nobody(), refusal, network_address)
    refusal = count_guess(account, now)
    is_checked = refusal is None and account.password_hash is not None
    against = account.password_hash if is_checked and account.password_hash else _hash_of_nobody()
    return Attempt(account.id, against, refusal, network_address)


def count_guess(account: StaffAccount, now: datetime) -> SignInRefusal | None:
    """Count one guess at a locked row's account; says why it need not be judged at all."""
    if not account.is_active:
        return SignInRefusal.NOT_ACTIVE
    if account.locked_until is not None:
        if account.locked_until > now:
            return SignInRefusal.LOCKED
        account.locked_until, account.failed_sign_ins = None, 0
    account.failed_sign_ins += 1
    if account.failed_sign_ins >= GUESSES:
        account.locked_until = now + LOCKED_FOR
    return None


def is_right_password(attempt: Attempt, password: str) -> bool:
    """Check the guess; takes as long for an address that nobody has. Needs no database."""
    try:
        is_right = PasswordHasher().verify(attempt.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return is_right and attempt.refusal is None and attempt.password_hash != _hash_of_nobody()


def settle_attempt(
    session: Session,
    attempt: Attempt,
    *,
    is_right: bool,
    now: datetime,
    needs_second_factor: bool = False,
) -> SignInRefusal | None:
    """Record how the guess went; None: the password was right. Then ask for the `next_step`."""
    refusal = attempt.refusal or (None if is_right else SignInRefusal.WRONG_PASSWORD)
    if refusal is not None and attempt.network_address:
        count_failure(session, attempt.network_address, now)
    if attempt.account_id is None or refusal is not None:
        audit_sign_in(session, attempt.account_id, now, refusal)
        return refusal
    account = session.get_one(StaffAccount, attempt.account_id, with_for_update=True)
    if next_step(session, account.id, needs_second_factor=needs_second_factor) is NextStep.NOTHING:
        forget_guesses(account)
        audit_sign_in(session, account.id, now)
    else:
        give_guess_back(account)
    return None


def next_step(session: Session, account_id: int, *, needs_second_factor: bool) -> NextStep:
    """What somebody whose password was right has to do next."""
    if find_second_factor(session, account_id) is not None:
        return NextStep.CODE
    return NextStep.SET_UP if needs_second_factor else NextStep.NOTHING


def forget_guesses(account: StaffAccount) -> None:
    """Whoever has signed in starts over with all guesses."""
    account.failed_sign_ins, account.locked_until = 0, None


def give_guess_back(account: StaffAccount) -> None:
    """A right password was no wrong guess; those before it stay counted until the code is right."""
    account.failed_sign_ins = max(0, account.failed_sign_ins - 1)
    if account.failed_sign_ins < GUESSES:
        account.locked_until = None


def audit_sign_in(
    session: Session,
    account_id: int | None,
    now: datetime,
    refusal: SignInRefusal | None = None,
    proof: str | None = None,
) -> None:
    """Leave a row about a sign-in or its refusal; neither address nor password is in it."""
    details = {"reason": refusal.value} if refusal else {"with": proof} if proof else {}
    write_audit(
        session,
        at=now,
        actor="staff",
        action="sign-in" if refusal is None else "sign-in-refused",
        subject="staff-account",
        subject_id=account_id,
        account_id=account_id,
        details=details,
    )


@cache
def _hash_of_nobody() -> str:
    """Something to check a guess against when there is no account, so that time tells nothing."""
    return hash_password("nobody has this password")
