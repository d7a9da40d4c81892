"""Set up, ask for and replace the second factor: codes of an authenticator app, or a recovery code.

TOTP (RFC 6238): six digits, steps of 30 seconds. The step before and after are taken as well, since
phones' clocks differ; a step that was taken once, and any before it, is never taken again.
"""

import hmac
import re
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.sealed import lookup_hash
from survey_app.store.second_factors import (
    RecoveryCode,
    SecondFactor,
    find_second_factor,
    find_set_up,
)
from survey_app.store.staff import StaffAccount
from survey_app.usecases.sign_in import SignInRefusal, audit_sign_in, count_guess, forget_guesses

STEP_SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_LENGTH = 10
"""About 49 bits; guesses are counted."""


def check_code(
    session: Session, *, account_id: int, typed: str, now: datetime
) -> SignInRefusal | None:
    """Count and judge a code; None: it was right and the person is to be signed in."""
    account = session.get_one(StaffAccount, account_id, with_for_update=True)
    refusal, proof = count_guess(account, now), None
    if refusal is None:
        code = plain_code(typed)
        refusal, proof = _judge(session, account_id, code, now)
    if refusal is None:
        forget_guesses(account)
    audit_sign_in(session, account_id, now, refusal, proof)
    return refusal


def begin_set_up(session: Session, *, account_id: int, now: datetime) -> SecondFactor:
    """Make a fresh secret; the present factor stays good until the new one's first code."""
    session.execute(
        delete(SecondFactor).where(
            SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_(None)
        )
    )
    fresh = SecondFactor(account_id=account_id, secret=pyotp.random_base32(), created_at=now)
    session.add(fresh)
    session.flush()
    return fresh


def confirm_set_up(
    session: Session, *, account_id: int, typed: str, now: datetime, is_signing_in: bool = False
) -> list[str] | None:
    """Take the new secret into use if the code is right; the recovery codes, to be shown once.

    Not counted: the secret stands on the same screen, so there is nothing to be guessed.
    """
    session.get_one(StaffAccount, account_id, with_for_update=True)
    factor = find_set_up(session, account_id)
    step = None if factor is None else _step_of(factor, plain_code(typed), now)
    if factor is None or step is None:
        return None
    session.execute(
        delete(SecondFactor).where(
            SecondFactor.account_id == account_id, SecondFactor.id != factor.id
        )
    )
    factor.confirmed_at, factor.last_step = now, step
    _audit(session, account_id, "set-up-second-factor", now)
    if is_signing_in:
        audit_sign_in(session, account_id, now, proof="app")
    return new_recovery_codes(session, account_id=account_id, now=now)


def new_recovery_codes(session: Session, *, account_id: int, now: datetime) -> list[str]:
    """Ten fresh codes, in clear this once; the former ones are worth nothing from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [
        "".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=_hash(account_id, code), created_at=now)
        for code in codes
    )
    _audit(session, account_id, "make-recovery-codes", now)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def remove_second_factor(session: Session, account_id: int) -> None:
    """Forget the app and the codes; the caller says why in an audit row."""
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def plain_code(typed: str) -> str:
    """A code without the spaces and dashes that people put between its parts."""
    return re.sub(r"[\s-]", "", typed).casefold()


def _judge(
    session: Session, account_id: int, code: str, now: datetime
) -> tuple[SignInRefusal | None, str | None]:
    factor = find_second_factor(session, account_id)
    if factor is None:
        # It was reset meanwhile: the person starts again with their password.
        return SignInRefusal.WRONG_CODE, None
    if len(code) == _RECOVERY_LENGTH:
        return _judge_recovery(session, account_id, code, now)
    step = _step_of(factor, code, now)
    if step is None:
        return SignInRefusal.WRONG_CODE, None
    if step <= factor.last_step:
        return SignInRefusal.CODE_USED, None
    factor.last_step = step
    return None, "app"


def _judge_recovery(
    session: Session, account_id: int, code: str, now: datetime
) -> tuple[SignInRefusal | None, str | None]:
    kept = session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _hash(account_id, code),
        )
    )
    if kept is None:
        return SignInRefusal.WRONG_CODE, None
    if kept.used_at is not None:
        return SignInRefusal.CODE_USED, None
    kept.used_at = now
    return None, "recovery-code"


def _step_of(factor: SecondFactor, code: str, now: datetime) -> int | None:
    """The newest step, within one of now, whose code this is."""
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return None
    totp, present = pyotp.TOTP(factor.secret), int(now.timestamp()) // STEP_SECONDS
    for step in (present + 1, present, present - 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def _hash(account_id: int, code: str) -> str:
    return lookup_hash(code, f"recovery-code-{account_id}")


def _audit(session: Session, account_id: int, action: str, now: datetime) -> None:
    write_audit(
        session,
        at=now,
        actor="staff",
        action=action,
        subject="staff-account",
        subject_id=account_id,
        account_id=account_id,
    )
