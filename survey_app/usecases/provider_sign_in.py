"""Whom does an identity provider's word sign in? A known account, by its verified address."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.staff import StaffAccount, find_account
from survey_app.usecases.sign_in import NextStep, audit_sign_in, forget_guesses, next_step

STRONG_CLASSES = frozenset(
    {
        "mfa",
        "phr",
        "phrh",
        "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
        "https://refeds.org/profile/mfa",
    }
)
"""Values of `acr` that mean more than one factor."""


class ProviderRefusal(StrEnum):
    """Why the provider's word signs nobody in."""

    NOT_VERIFIED = "not-verified"
    UNKNOWN_ADDRESS = "unknown-address"
    NOT_ACTIVE = "not-active"


def match_account(
    session: Session,
    claims: Mapping[str, Any],
    *,
    is_strong: bool,
    needs_second_factor: bool,
    now: datetime,
) -> int | ProviderRefusal:
    """The account that these claims speak of; never a new one.

    `is_strong`: the provider asked for a second factor, so that ours is not owed. Leaves a row
    on who was signed in, or why nobody was; where a code is still owed, that code leaves it.
    """
    email = claims.get("email")
    account = find_account(session, email) if isinstance(email, str) else None
    refusal = _why_not(account, is_verified=claims.get("email_verified") is True)
    if account is None or refusal is not None:
        known = None if account is None else account.id
        write_audit(
            session,
            at=now,
            actor="staff",
            action="sign-in-refused",
            subject="staff-account",
            subject_id=known,
            account_id=known,
            details={"reason": refusal or ProviderRefusal.UNKNOWN_ADDRESS, "with": "provider"},
        )
        return refusal or ProviderRefusal.UNKNOWN_ADDRESS
    step = next_step(session, account.id, needs_second_factor=needs_second_factor)
    if is_strong or step is NextStep.NOTHING:
        forget_guesses(account)
        audit_sign_in(session, account.id, now, proof="provider")
    return account.id


def has_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for more than one factor (RFC 8176, `acr`)."""
    methods = claims.get("amr")
    return (isinstance(methods, list) and "mfa" in methods) or claims.get("acr") in STRONG_CLASSES


def _why_not(account: StaffAccount | None, *, is_verified: bool) -> ProviderRefusal | None:
    if not is_verified:
        return ProviderRefusal.NOT_VERIFIED
    if account is None:
        return ProviderRefusal.UNKNOWN_ADDRESS
    return None if account.is_active else ProviderRefusal.NOT_ACTIVE
