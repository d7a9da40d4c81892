"""Begin and end sessions: here, in one other browser, or everywhere."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from survey_app.store.audit import write_audit
from survey_app.store.staff import StaffAccount
from survey_app.store.staff_sessions import KeptEntry, StaffSession

ABSOLUTE_LIMIT = timedelta(hours=12)
"""Whoever signs in each morning is never signed out half-way through the day."""
KEPT_FOR = timedelta(hours=1)
"""How long an entry waits for its owner to sign in again."""


def begin_session(session: Session, *, account_id: int, browser: str, now: datetime) -> str:
    """Record a signed-in browser; the id that its cookie holds. Rows of past days go."""
    session.execute(delete(KeptEntry).where(KeptEntry.kept_at <= now - KEPT_FOR))
    session.execute(
        delete(StaffSession).where(
            StaffSession.account_id == account_id, StaffSession.began_at <= now - ABSOLUTE_LIMIT
        )
    )
    key = secrets.token_urlsafe(16)
    row = StaffSession(id=key, account_id=account_id, began_at=now, browser=browser)
    session.add(row)
    return key


def end_session(session: Session, *, account_id: int, key: str, now: datetime) -> None:
    """Sign out of one browser; one that is not this person's stays as it is."""
    row = session.get(StaffSession, key)
    if row is None or row.account_id != account_id:
        return
    row.ended_at = row.ended_at or now
    _audit(session, account_id, "sign-out", now)


def end_every_session(session: Session, *, account_id: int, now: datetime) -> None:
    """Sign out everywhere: a raised epoch makes every older session worthless."""
    account = session.get_one(StaffAccount, account_id, with_for_update=True)
    account.session_epoch += 1
    _audit(session, account_id, "sign-out-everywhere", now)


def keep_entry(
    session: Session,
    *,
    account_id: int,
    page: str,
    target: str,
    fields: dict[str, list[str]],
    now: datetime,
) -> str:
    """Keep what somebody had entered until they sign in again; the entry's id."""
    session.execute(delete(KeptEntry).where(KeptEntry.kept_at <= now - KEPT_FOR))
    key = secrets.token_urlsafe(16)
    session.add(
        KeptEntry(
            id=key, account_id=account_id, page=page, target=target, fields=fields, kept_at=now
        )
    )
    return key


def find_entry(session: Session, key: str, account_id: int, now: datetime) -> KeptEntry | None:
    """The entry, if it is this person's and not too old."""
    entry = session.get(KeptEntry, key)
    if entry is None or entry.account_id != account_id or entry.kept_at <= now - KEPT_FOR:
        return None
    return entry


def drop_entry(session: Session, key: str) -> None:
    """Forget an entry: it is on its owner's screen again."""
    session.execute(delete(KeptEntry).where(KeptEntry.id == key))


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
