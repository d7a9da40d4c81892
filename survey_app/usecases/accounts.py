"""Give someone an account, or a further role, and make passwords."""

import re
import secrets
from datetime import datetime
from enum import StrEnum

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.passwords import WeakPassword, why_weak
from survey_app.store.audit import write_audit
from survey_app.store.services import Service
from survey_app.store.staff import Membership, StaffAccount, find_account

_HASHER = PasswordHasher()
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UNMISTAKABLE = "23456789abcdefghjkmnpqrstuvwxyz"


class AccountRefusal(StrEnum):
    """Why an account or role was not added."""

    ADDRESS_MALFORMED = "address-malformed"
    PASSWORD_TOO_SHORT = "password-too-short"  # noqa: S105 (a reason, not a password)
    PASSWORD_TOO_LONG = "password-too-long"  # noqa: S105
    PASSWORD_COMMON = "password-common"  # noqa: S105
    ROLE_HELD = "role-held"


class AccountRefused(Exception):
    """The account cannot be added as asked; `reason` says why. Ask `why_not_add` beforehand."""

    def __init__(self, reason: AccountRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


_REFUSED_AS = {
    WeakPassword.TOO_SHORT: AccountRefusal.PASSWORD_TOO_SHORT,
    WeakPassword.TOO_LONG: AccountRefusal.PASSWORD_TOO_LONG,
    WeakPassword.COMMON: AccountRefusal.PASSWORD_COMMON,
    WeakPassword.ABOUT_YOU: AccountRefusal.PASSWORD_COMMON,
}


def is_address(typed: str) -> bool:
    """Whether this may be an e-mail address."""
    return _ADDRESS.fullmatch(typed.strip()) is not None


def hash_password(password: str) -> str:
    """The argon2id hash to store; about 0.2 s and 64 MiB by design."""
    return _HASHER.hash(password)


def new_password() -> str:
    """A random password that can be read out: 20 characters, about 99 bits."""
    letters = [secrets.choice(_UNMISTAKABLE) for _ in range(20)]
    return "-".join("".join(letters[i : i + 5]) for i in range(0, 20, 5))


def why_not_add(
    session: Session, *, email: str, role: Role, service: Service, password: str
) -> AccountRefusal | None:
    """Why someone cannot be added as asked; None when they can."""
    if not is_address(email):
        return AccountRefusal.ADDRESS_MALFORMED
    account = find_account(session, email)
    if account is None:
        return _weakness(password, email, service)
    held = {(membership.service_id, membership.role) for membership in account.memberships}
    return AccountRefusal.ROLE_HELD if (service.id, role) in held else None


def _weakness(password: str, email: str, service: Service) -> AccountRefusal | None:
    weak = why_weak(password, (email, service.name))
    return None if weak is None else _REFUSED_AS[weak]


def add_account(
    session: Session,
    *,
    email: str,
    role: Role,
    service: Service,
    password: str,
    now: datetime,
    name: str = "",
    account_id: int | None = None,
) -> StaffAccount:
    """Let someone sign in with a role in a service.

    Whoever has an account already gets the further role and keeps their own password and name. A
    password has at least 12 characters. `account_id` is who adds them; None: the command line.
    Raises AccountRefused.
    """
    refusal = why_not_add(session, email=email, role=role, service=service, password=password)
    if refusal is not None:
        raise AccountRefused(refusal)
    account = find_account(session, email)
    is_new = account is None
    if account is None:
        account = StaffAccount(
            email=email.strip().casefold(),
            name=name.strip(),
            password_hash=hash_password(password),
            created_at=now,
        )
        session.add(account)
    account.memberships.append(Membership(service_id=service.id, role=role))
    session.flush()
    write_audit(
        session,
        at=now,
        actor="command" if account_id is None else "staff",
        action="add-account" if is_new else "add-role",
        subject="staff-account",
        subject_id=account.id,
        service_id=service.id,
        account_id=account_id,
        details={"role": role},
    )
    return account
