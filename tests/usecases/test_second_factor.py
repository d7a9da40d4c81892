"""Codes of the second factor: right once, counted with passwords, replaced by recovery codes."""

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.audit import AuditRow
from survey_app.store.second_factors import (
    RecoveryCode,
    SecondFactor,
    find_second_factor,
    find_set_up,
    recovery_codes_left,
)
from survey_app.store.staff import StaffAccount
from survey_app.usecases.second_factor import (
    RECOVERY_CODES,
    begin_set_up,
    check_code,
    confirm_set_up,
    new_recovery_codes,
)
from survey_app.usecases.sign_in import (
    GUESSES,
    LOCKED_FOR,
    NextStep,
    SignInRefusal,
    is_right_password,
    next_step,
    open_attempt,
    settle_attempt,
)
from tests.staff import PASSWORD, a_second_factor, an_account
from tests.world import NOON

STEP = timedelta(seconds=30)


@pytest.fixture
def account(session: Session) -> StaffAccount:
    a_second_factor(session, an_account(session))  # noise
    return an_account(session, email="kim@example.org")


@pytest.fixture
def secret(session: Session, account: StaffAccount) -> str:
    return a_second_factor(session, account)


def try_code(session, account, typed: str, now: datetime = NOON) -> SignInRefusal | None:
    return check_code(session, account_id=account.id, typed=typed, now=now)


def code_at(secret: str, when: datetime) -> str:
    return pyotp.TOTP(secret).at(when)


def wrong_code(secret: str, now: datetime = NOON) -> str:
    """Six digits that are no code of the steps around now."""
    near = {code_at(secret, now + n * STEP) for n in range(-2, 3)}
    return next(code for code in (f"{n:06d}" for n in range(10)) if code not in near)


def test_the_present_code_signs_in_however_it_is_spaced(session, account, secret):
    code = code_at(secret, NOON)
    assert try_code(session, account, f" {code[:3]} {code[3:]}") is None


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_phone_may_be_one_step_off(session, account, secret, steps):
    assert try_code(session, account, code_at(secret, NOON + steps * STEP)) is None


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_and_no_more(session, account, secret, steps):
    code = code_at(secret, NOON + steps * STEP)
    assert try_code(session, account, code) is SignInRefusal.WRONG_CODE


def test_no_code_is_taken_twice_nor_one_before_it(session, account, secret):
    assert try_code(session, account, code_at(secret, NOON)) is None
    assert try_code(session, account, code_at(secret, NOON)) is SignInRefusal.CODE_USED
    earlier = code_at(secret, NOON - STEP)
    assert try_code(session, account, earlier) is SignInRefusal.CODE_USED
    assert try_code(session, account, code_at(secret, NOON + STEP), NOON + STEP) is None


def test_the_code_that_confirmed_the_app_does_not_sign_in_as_well(session, account):
    begin_set_up(session, account_id=account.id, now=NOON)
    code = code_at(find_set_up(session, account.id).secret, NOON)
    assert confirm_set_up(session, account_id=account.id, typed=code, now=NOON)
    assert try_code(session, account, code) is SignInRefusal.CODE_USED


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "x" * 10, "-"])
def test_nonsense_is_a_wrong_code(session, account, secret, typed):
    assert try_code(session, account, typed) is SignInRefusal.WRONG_CODE


def test_somebody_elses_code_is_wrong(session, account, secret):
    other = an_account(session)
    theirs = code_at(a_second_factor(session, other), NOON)
    if theirs != code_at(secret, NOON):
        assert try_code(session, account, theirs) is SignInRefusal.WRONG_CODE


def test_codes_are_counted_by_the_same_lock_as_passwords(session, account, secret):
    for _n in range(GUESSES):
        assert try_code(session, account, wrong_code(secret)) is SignInRefusal.WRONG_CODE
    assert try_code(session, account, code_at(secret, NOON)) is SignInRefusal.LOCKED
    attempt = open_attempt(session, email=account.email, now=NOON)
    assert attempt.refusal is SignInRefusal.LOCKED
    after = NOON + LOCKED_FOR
    assert try_code(session, account, code_at(secret, after), after) is None
    assert (account.failed_sign_ins, account.locked_until) == (0, None)


def test_the_right_password_in_between_gives_no_guesses_back(session, account, secret):
    """Who knows the password gets five codes, not five after each password."""
    for n in range(1, GUESSES):
        attempt = open_attempt(session, email=account.email, now=NOON)
        is_right = is_right_password(attempt, PASSWORD)
        assert settle_attempt(session, attempt, is_right=is_right, now=NOON) is None
        assert try_code(session, account, wrong_code(secret)) is SignInRefusal.WRONG_CODE
        assert account.failed_sign_ins == n
    # The fourth wrong code leaves one guess, and the password's own is given back.
    attempt = open_attempt(session, email=account.email, now=NOON)
    assert settle_attempt(session, attempt, is_right=True, now=NOON) is None
    assert try_code(session, account, wrong_code(secret)) is SignInRefusal.WRONG_CODE
    assert try_code(session, account, code_at(secret, NOON)) is SignInRefusal.LOCKED


def test_a_switched_off_account_has_no_right_code(session, account, secret):
    account.is_active = False
    assert try_code(session, account, code_at(secret, NOON)) is SignInRefusal.NOT_ACTIVE


def test_each_recovery_code_works_once_and_only_its_hash_is_kept(session, account, secret):
    codes = new_recovery_codes(session, account_id=account.id, now=NOON)
    assert len(set(codes)) == RECOVERY_CODES
    kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not {code.replace("-", "") for code in codes} & set(kept)
    assert try_code(session, account, codes[0].upper()) is None
    assert try_code(session, account, codes[0]) is SignInRefusal.CODE_USED
    assert recovery_codes_left(session, account.id) == RECOVERY_CODES - 1
    assert try_code(session, account, codes[1].replace("-", " ")) is None


def test_new_recovery_codes_end_the_old_ones(session, account, secret):
    old = new_recovery_codes(session, account_id=account.id, now=NOON)
    new_recovery_codes(session, account_id=account.id, now=NOON)
    assert try_code(session, account, old[0]) is SignInRefusal.WRONG_CODE


def test_a_new_phone_counts_from_its_first_right_code_on(session, account, secret):
    begin_set_up(session, account_id=account.id, now=NOON)
    fresh = find_set_up(session, account.id).secret
    assert find_second_factor(session, account.id).secret == secret
    assert confirm_set_up(session, account_id=account.id, typed="000", now=NOON) is None
    assert find_second_factor(session, account.id).secret == secret
    codes = confirm_set_up(session, account_id=account.id, typed=code_at(fresh, NOON), now=NOON)
    assert len(codes) == RECOVERY_CODES
    assert find_second_factor(session, account.id).secret == fresh
    assert try_code(session, account, code_at(secret, NOON)) in {
        SignInRefusal.WRONG_CODE,
        SignInRefusal.CODE_USED,
    }


def test_an_abandoned_set_up_proves_nothing_and_its_secret_is_not_used_again(session, account):
    first = begin_set_up(session, account_id=account.id, now=NOON).secret
    assert next_step(session, account.id, needs_second_factor=False) is NextStep.NOTHING
    assert next_step(session, account.id, needs_second_factor=True) is NextStep.SET_UP
    assert begin_set_up(session, account_id=account.id, now=NOON).secret != first


def test_the_secret_is_sealed_in_the_database(session, account, secret):
    session.flush()
    raw = session.connection().exec_driver_sql("SELECT secret FROM second_factors").fetchall()
    assert raw
    assert all(secret.encode() not in bytes(row[0]) for row in raw)
    assert session.scalar(select(SecondFactor).where(SecondFactor.account_id == account.id))


def test_a_sign_in_says_in_its_row_with_what(session, account, secret):
    codes = new_recovery_codes(session, account_id=account.id, now=NOON)
    try_code(session, account, code_at(secret, NOON))
    try_code(session, account, codes[0])
    try_code(session, account, "nonsense")
    rows = session.scalars(
        select(AuditRow).where(AuditRow.action.like("sign-in%")).order_by(AuditRow.id)
    ).all()
    assert [(row.action, row.details) for row in rows] == [
        ("sign-in", {"with": "app"}),
        ("sign-in", {"with": "recovery-code"}),
        ("sign-in-refused", {"reason": "wrong-code"}),
    ]
