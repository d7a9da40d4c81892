"""What may somebody see and change of their own account: password, second factor, sessions?"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField

from survey_app.domain.access import Task
from survey_app.store.second_factors import find_second_factor, recovery_codes_left
from survey_app.store.staff import StaffAccount
from survey_app.store.staff_sessions import open_sessions
from survey_app.usecases.accounts import hash_password
from survey_app.usecases.sign_in import (
    GUESSES,
    LOCKED_FOR,
    give_guess_back,
    is_right_password,
    open_attempt,
)
from survey_app.usecases.staff_passwords import change_password, known_of
from survey_app.usecases.staff_sessions import ABSOLUTE_LIMIT, end_every_session, end_session
from survey_app.web.account.half_way import needs_second_factor
from survey_app.web.account.links import password_fault
from survey_app.web.shared.access import Audience, access, reading, staff, writing
from survey_app.web.shared.identity import (
    IDLE_LIMIT,
    begin_session,
    session_key,
)
from survey_app.web.shared.identity import end_session as end_this_session
from survey_app.web.shared.navigation import role_name
from survey_app.web.shared.runtime import runtime


class ChangePasswordForm(FlaskForm):
    """The present password, and a new one twice."""

    current = PasswordField()
    password = PasswordField()
    again = PasswordField()


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def own_account() -> str:
    """What is known of the person, and what they can do about it."""
    mine, now = staff().account, runtime().now()
    with reading() as session:
        factor = find_second_factor(session, mine.account_id)
        left = recovery_codes_left(session, mine.account_id)
        sessions = open_sessions(session, mine.account_id, now - ABSOLUTE_LIMIT)
        has_password = session.get_one(StaffAccount, mine.account_id).password_hash is not None
    return render_template(
        "account/own.html",
        person=mine,
        roles=[(s.name, [role_name(role) for role in sorted(s.roles)]) for s in mine.services],
        factor=factor,
        codes_left=left,
        sessions=sessions,
        this_session=session_key(),
        has_password=has_password,
        is_required=needs_second_factor(),
        idle_minutes=int(IDLE_LIMIT.total_seconds()) // 60,
        longest_hours=int(ABSOLUTE_LIMIT.total_seconds()) // 3600,
    )


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def new_password() -> Response | str | tuple[str, int]:
    """Ask for the present password and a new one; every other session ends."""
    form, mine = ChangePasswordForm(), staff().account
    if not form.is_submitted():
        return render_template("account/new_password.html", errors=[])
    fault = _fault(form)
    if fault is not None:
        return render_template("account/new_password.html", errors=[fault]), 400
    hashed = hash_password(form.password.data or "")
    with writing() as session:
        change_password(
            session, account_id=mine.account_id, password_hash=hashed, now=runtime().now()
        )
    begin_session(mine.account_id, runtime().now())
    flash(_("Your password is changed. Every other browser was signed out."), "success")
    return redirect(url_for("account.own_account"))


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def end_one(key: str) -> Response:
    """Sign out of one of one's browsers."""
    if key == session_key():
        end_this_session()
        return redirect(url_for("account.sign_in"))
    with writing() as session:
        end_session(session, account_id=staff().account.account_id, key=key, now=runtime().now())
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("account.own_account"))


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def end_everywhere() -> Response:
    """Sign out of every browser, this one included."""
    with writing() as session:
        end_every_session(session, account_id=staff().account.account_id, now=runtime().now())
    end_this_session()
    flash(_("You are signed out everywhere."), "success")
    return redirect(url_for("account.sign_in"))


def is_own_password(typed: str) -> bool:
    """Whether this is the signed-in person's password; guesses are counted as at sign-in."""
    mine, now = staff().account, runtime().now()
    with writing() as session:
        attempt = open_attempt(session, email=mine.email, now=now)
    if not is_right_password(attempt, typed):
        return False
    with writing() as session:
        give_guess_back(session.get_one(StaffAccount, mine.account_id, with_for_update=True))
    return True


def wrong_password_words() -> str:
    """The same whether it was wrong or the account is locked."""
    return _(
        "That is not your present password. After %(guesses)s wrong tries an account is locked for "
        "%(minutes)s minutes.",
        guesses=GUESSES,
        minutes=LOCKED_FOR.seconds // 60,
    )


def _fault(form: ChangePasswordForm) -> tuple[str, str] | None:
    with reading() as session:
        about = known_of(session, session.get_one(StaffAccount, staff().account.account_id))
    fault = password_fault(form.password.data or "", form.again.data or "", about)
    if fault is None and not is_own_password((form.current.data or "")[:1024]):
        return "current", wrong_password_words()
    return fault


def own_pages(pages: Blueprint) -> None:
    """Mount one's own account."""
    pages.get("/account")(own_account)
    pages.route("/account/password", methods=["GET", "POST"])(new_password)
    pages.post("/account/sessions/<key>/end")(end_one)
    pages.post("/account/sessions/end-all")(end_everywhere)
