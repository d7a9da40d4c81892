"""Set a password: by its owner, who knows the former one, or by whoever holds a one-time link."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.store.staff_links import LinkKind, StaffLink, find_staff_link, hash_of_link
from survey_app.usecases.sign_in import forget_guesses

GOOD_FOR = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(days=1)}


@dataclass(frozen=True)
class LinkHolder:
    """Whose link it is, what for, and what anybody knows of them (no password is made of it)."""

    account_id: int
    email: str
    kind: LinkKind
    about: tuple[str, ...]


def make_link(session: Session, account: StaffAccount, kind: LinkKind, now: datetime) -> str:
    """A fresh one-time link's token, in clear this once; the person's former links end."""
    _end_links(session, account.id, now)
    token = secrets.token_urlsafe(32)
    session.add(
        StaffLink(
            account_id=account.id,
            kind=kind,
            token_hash=hash_of_link(token),
            created_at=now,
            expires_at=now + GOOD_FOR[kind],
        )
    )
    return token


def who_opens(session: Session, token: str, now: datetime) -> LinkHolder | None:
    """Whose link this is, if it may still be used and its owner may sign in."""
    link = find_staff_link(session, token, now)
    account = None if link is None else session.get_one(StaffAccount, link.account_id)
    if link is None or account is None or not account.is_active:
        return None
    return LinkHolder(account.id, account.email, LinkKind(link.kind), known_of(session, account))


def use_link(session: Session, *, token: str, password_hash: str, now: datetime) -> int | None:
    """Set the password and use the link up; whose it was, or None if it just ceased to be good."""
    link = find_staff_link(session, token, now)
    if link is None:
        return None
    account = session.get_one(StaffAccount, link.account_id, with_for_update=True)
    if not account.is_active:
        return None
    _set(session, account, password_hash, now, action=f"use-{link.kind}-link")
    return account.id


def change_password(
    session: Session, *, account_id: int, password_hash: str, now: datetime
) -> None:
    """Replace one's own password; the caller has checked the former one."""
    account = session.get_one(StaffAccount, account_id, with_for_update=True)
    _set(session, account, password_hash, now, action="change-password")


def known_of(session: Session, account: StaffAccount) -> tuple[str, ...]:
    """What anybody knows of a person: address, name, and the services that they work for."""
    ids = {membership.service_id for membership in account.memberships}
    names = session.scalars(select(Service.name).where(Service.id.in_(ids)))
    return (account.email, account.name, *names)


def _set(
    session: Session, account: StaffAccount, password_hash: str, now: datetime, *, action: str
) -> None:
    """The new password ends every session, every link and the lock."""
    account.password_hash = password_hash
    account.session_epoch += 1
    forget_guesses(account)
    _end_links(session, account.id, now)
    write_audit(
        session,
        at=now,
        actor="staff",
        action=action,
        subject="staff-account",
        subject_id=account.id,
        account_id=account.id,
    )


def _end_links(session: Session, account_id: int, now: datetime) -> None:
    session.execute(
        update(StaffLink)
        .where(StaffLink.account_id == account_id, StaffLink.used_at.is_(None))
        .values(used_at=now)
    )
