"""Guesses are counted in the database before they are judged."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.staff import StaffAccount
from survey_app.usecases.sign_in import (
    GUESSES,
    LOCKED_FOR,
    SignInRefusal,
    is_right_password,
    open_attempt,
    settle_attempt,
)
from tests.builders import a_service
from tests.staff import PASSWORD, an_account
from tests.world import NOON


def guess(session: Session, email: str, password: str, now=NOON) -> SignInRefusal | None:
    attempt = open_attempt(session, email=email, now=now)
    is_right = is_right_password(attempt, password)
    return settle_attempt(session, attempt, is_right=is_right, now=now)


@pytest.fixture
def account(session: Session) -> StaffAccount:
    an_account(session)  # noise
    return an_account(session, (a_service(session), Role.MANAGER), email="kim@example.org")


@pytest.mark.parametrize("typed", ["kim@example.org", " Kim@Example.ORG "])
def test_the_right_password_signs_in_however_the_address_is_typed(session, account, typed):
    assert guess(session, typed, PASSWORD) is None


@pytest.mark.parametrize("typed", ["", "correct horse", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_does_not(session, account, typed):
    assert guess(session, account.email, typed) is SignInRefusal.WRONG_PASSWORD


def test_an_unknown_address_is_checked_like_any_other_and_refused(session):
    attempt = open_attempt(session, email="nobody@example.org", now=NOON)
    assert attempt.password_hash.startswith("$argon2id$")
    assert not is_right_password(attempt, "nobody has this password")
    assert guess(session, "nobody@example.org", "x") is SignInRefusal.UNKNOWN_ADDRESS


def test_an_account_that_was_switched_off_cannot_sign_in(session, account):
    account.is_active = False
    assert guess(session, account.email, PASSWORD) is SignInRefusal.NOT_ACTIVE


def test_the_account_locks_after_the_last_guess_and_the_right_password_waits_too(session, account):
    for _n in range(GUESSES):
        assert guess(session, account.email, "wrong") is SignInRefusal.WRONG_PASSWORD
    assert guess(session, account.email, PASSWORD) is SignInRefusal.LOCKED
    just_before = NOON + LOCKED_FOR - timedelta(seconds=1)
    assert guess(session, account.email, PASSWORD, just_before) is SignInRefusal.LOCKED


def test_the_lock_ends_and_gives_all_guesses_back(session, account):
    for _n in range(GUESSES):
        guess(session, account.email, "wrong")
    after = NOON + LOCKED_FOR
    for _n in range(GUESSES - 1):
        assert guess(session, account.email, "wrong", after) is SignInRefusal.WRONG_PASSWORD
    assert guess(session, account.email, PASSWORD, after) is None
    assert (account.failed_sign_ins, account.locked_until) == (0, None)


def test_guesses_sent_side_by_side_cannot_outrun_the_lock(session, account):
    opened = [open_attempt(session, email=account.email, now=NOON) for _n in range(GUESSES + 3)]
    assert [a.refusal for a in opened] == [None] * GUESSES + [SignInRefusal.LOCKED] * 3


def test_every_attempt_leaves_a_row_without_the_address_or_the_password(session, account):
    guess(session, account.email, "wrong")
    guess(session, "nobody@example.org", "wrong")
    guess(session, account.email, PASSWORD)
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [(r.action, r.account_id, r.details) for r in rows] == [
        ("sign-in-refused", account.id, {"reason": "wrong-password"}),
        ("sign-in-refused", None, {"reason": "unknown-address"}),
        ("sign-in", account.id, {}),
    ]
