"""Who is signed in, since when, and is their session still good?

The session cookie is signed and holds the account's id, its session epoch, the id of the session's
row and two instants: when they signed in and when they were last seen. All of it is judged on the
server at every request, so a copied cookie is worth no more than the time left in it, and nothing
once its browser has signed out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.store.staff_sessions import StaffSession
from survey_app.usecases import staff_sessions
from survey_app.usecases.staff_sessions import ABSOLUTE_LIMIT
from survey_app.web.shared.browser_names import browser_name
from survey_app.web.shared.runtime import runtime

IDLE_LIMIT = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
"""The cookie is not written anew at every request."""

SIGNED_IN_AT, SEEN_AT, LIMIT_MET, SESSION_KEY, KEPT = "in", "at", "limit", "key", "kept"


@dataclass(frozen=True)
class ServiceRoles:
    """A service and the roles that somebody has in it."""

    id: int
    slug: str
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """The signed-in person, as read at this request."""

    account_id: int
    epoch: int
    email: str
    name: str
    services: tuple[ServiceRoles, ...]

    def get_id(self) -> str:
        """Kept in the session; a raised epoch makes every older session worthless."""
        return f"{self.account_id}.{self.epoch}"

    def in_service(self, slug: str) -> ServiceRoles | None:
        """The service of this slug, if they have a role in it."""
        return next((s for s in self.services if s.slug == slug), None)


def keep_sessions(app: Flask) -> None:
    """Let Flask-Login find the signed-in person of each request."""
    manager = LoginManager()
    # Its `current_user` for templates would be looked for on the pages of phones too.
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None  # Addresses change on mobile networks; limits protect.
    manager.user_loader(_find_signed_in)


def begin_session(account_id: int, now: datetime) -> None:
    """Start afresh: of what was in the cookie before, only the person's own unsaved entry stays."""
    start_over()
    browser = browser_name(request.user_agent.string)
    with runtime().database.write() as db:
        key = staff_sessions.begin_session(db, account_id=account_id, browser=browser, now=now)
    session[SESSION_KEY] = key
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(now.timestamp())
    user = _read_account(account_id)
    if user is not None:
        login_user(user)


def start_over() -> None:
    """Empty the cookie but for the entry that waits; it is bound to its owner's account."""
    kept = session.get(KEPT)
    session.clear()
    if kept is not None:
        session[KEPT] = kept


def session_key() -> str:
    """The id of this browser's session."""
    return str(session.get(SESSION_KEY, ""))


def was_signed_in() -> int | None:
    """Whose session this browser's cookie speaks of, though it has ended."""
    account_id, _, _epoch = str(session.get("_user_id", "")).partition(".")
    return int(account_id) if account_id.isdigit() else None


def signed_in() -> SignedIn:
    """The person of this request; only ask where somebody is signed in."""
    person = current_user._get_current_object()  # noqa: SLF001 (the proxy offers no other way)
    assert isinstance(person, SignedIn)
    return person


def end_session() -> None:
    """Sign out of this browser; a copy of its cookie is worth nothing either."""
    if current_user.is_authenticated:
        now = runtime().now()
        with runtime().database.write() as db:
            staff_sessions.end_session(
                db, account_id=current_user.account_id, key=session_key(), now=now
            )
    logout_user()
    session.clear()


def take_limit_met() -> bool:
    """Whether this browser was signed out because a limit was met; says so once."""
    return bool(session.pop(LIMIT_MET, False))


def sign_in_address(page: str | None = None) -> str:
    """The sign-in page, with the way back to the page that was asked for, or that a form is on."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else page
    return url_for("account.sign_in", next=wanted if wanted not in ("/", None) else None)


def safe_next(typed: str | None) -> str | None:
    """An address of ours that a sign-in may lead to; anything else would be an open redirect."""
    if not typed or not typed.startswith("/") or typed.startswith("//") or "\\" in typed:
        return None
    parts = urlsplit(typed)
    return typed if not parts.scheme and not parts.netloc and typed.isprintable() else None


def _find_signed_in(stored: str) -> SignedIn | None:
    account_id, _, epoch = stored.partition(".")
    if not (account_id.isdigit() and epoch.isdigit()) or not _is_within_limits():
        return None
    found = _read_account(int(account_id), session_key())
    return found if found is not None and found.epoch == int(epoch) else None


def _is_within_limits() -> bool:
    now = int(runtime().now().timestamp())
    began, seen = session.get(SIGNED_IN_AT, 0), session.get(SEEN_AT, 0)
    if now - seen >= IDLE_LIMIT.total_seconds() or now - began >= ABSOLUTE_LIMIT.total_seconds():
        session[LIMIT_MET] = True
        return False
    if now - seen >= SEEN_EVERY.total_seconds():
        session[SEEN_AT] = now
    return True


def _read_account(account_id: int, key: str | None = None) -> SignedIn | None:
    """The account as it is now; with a key only if that session of theirs goes on."""
    with runtime().database.read() as db:
        account = db.get(StaffAccount, account_id)
        if account is None or not account.is_active:
            return None
        row = None if key is None else db.get(StaffSession, key)
        if key is not None and (
            row is None or row.account_id != account_id or row.ended_at is not None
        ):
            return None
        roles: dict[int, set[Role]] = {}
        for membership in account.memberships:
            roles.setdefault(membership.service_id, set()).add(Role(membership.role))
        found = db.scalars(
            select(Service).where(Service.id.in_(roles)).order_by(Service.name, Service.id)
        )
        services = tuple(ServiceRoles(s.id, s.slug, s.name, frozenset(roles[s.id])) for s in found)
        return SignedIn(account.id, account.session_epoch, account.email, account.name, services)
