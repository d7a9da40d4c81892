"""With which PIN does the worker take the tablet back, and how often may it be wrong?

Every try is counted in the database before it is judged, so that neither several tries at once nor
an old cookie gets more than five.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.hand_over_pins import HandOverPin
from survey_app.store.sealed import lookup_hash, lookup_key_id

TRIES = 5
SHORTEST, LONGEST = 4, 8


class PinRefusal(StrEnum):
    """Why a PIN cannot be used, or does not open."""

    NOT_DIGITS = "not-digits"
    TOO_EASY = "too-easy"
    WRONG = "wrong"
    LOCKED = "locked"


def has_pin(session: Session, account_id: int) -> bool:
    """Whether the account has a PIN that this installation's key can still check."""
    pin = session.get(HandOverPin, account_id)
    return pin is not None and pin.key_id == lookup_key_id()


def set_pin(session: Session, account_id: int, typed: str, now: datetime) -> PinRefusal | None:
    """Keep a new PIN, or say why it cannot be one: 4 to 8 digits that are not the first guess."""
    digits = typed.strip()
    if not (digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST):
        return PinRefusal.NOT_DIGITS
    if _is_easy(digits):
        return PinRefusal.TOO_EASY
    pin = session.get(HandOverPin, account_id) or HandOverPin(account_id=account_id)
    pin.pin_hash, pin.key_id = _hash(account_id, digits), lookup_key_id()
    pin.set_at, pin.wrong_tries = now, 0
    session.add(pin)
    write_audit(
        session,
        at=now,
        actor="staff",
        action="set-hand-over-pin",
        subject="staff-account",
        subject_id=account_id,
        account_id=account_id,
    )
    session.flush()
    return None


def start_tries(session: Session, account_id: int) -> None:
    """A tablet is handed over by somebody signed in: five tries from here on."""
    pin = session.get(HandOverPin, account_id)
    if pin is not None:
        pin.wrong_tries = 0


def try_pin(session: Session, account_id: int, typed: str, now: datetime) -> PinRefusal | None:
    """Judge one try; None: it is right. The fifth wrong one locks, and no later one opens."""
    pin = session.scalar(
        select(HandOverPin).where(HandOverPin.account_id == account_id).with_for_update()
    )
    if pin is None or pin.wrong_tries >= TRIES:
        return PinRefusal.LOCKED
    if hmac.compare_digest(pin.pin_hash, _hash(account_id, typed.strip())):
        pin.wrong_tries = 0
        return None
    pin.wrong_tries += 1
    is_last = pin.wrong_tries >= TRIES
    if is_last:
        write_audit(
            session,
            at=now,
            actor="staff",
            action="lock-hand-over-pin",
            subject="staff-account",
            subject_id=account_id,
            account_id=account_id,
        )
    return PinRefusal.LOCKED if is_last else PinRefusal.WRONG


def tries_left(session: Session, account_id: int) -> int:
    """How often the PIN may still be wrong."""
    pin = session.get(HandOverPin, account_id)
    return 0 if pin is None else max(0, TRIES - pin.wrong_tries)


def _is_easy(digits: str) -> bool:
    """One digit over and over, or a run up or down."""
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    return len(steps) == 1 and steps <= {0, 1, -1}


def _hash(account_id: int, digits: str) -> str:
    return lookup_hash(f"{account_id}:{digits}", "hand-over-pin")
