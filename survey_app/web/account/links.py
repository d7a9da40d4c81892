"""What does a one-time link open? A page on which its owner chooses a password.

Opening it changes nothing, so a link preview uses nothing up.
"""

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField

from survey_app.domain.passwords import SHORTEST_PASSWORD, WeakPassword, why_weak
from survey_app.usecases.accounts import hash_password
from survey_app.usecases.staff_passwords import LinkHolder, use_link, who_opens
from survey_app.web.account.half_way import go_on
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.identity import end_session
from survey_app.web.shared.runtime import runtime


class ChoosePasswordForm(FlaskForm):
    """A new password, twice. Judged by `password_fault`."""

    password = PasswordField()
    again = PasswordField()


@access(Audience.ANYONE)
def link(token: str) -> Response | str | tuple[str, int]:
    """Let whoever holds a good link choose a password, and go on signing in with it."""
    with runtime().database.read() as session:
        holder = who_opens(session, token, runtime().now())
    if holder is None:
        return _no_longer()
    form = ChoosePasswordForm()
    if request.method == "GET":
        return _page(holder, [])
    fault = password_fault(form.password.data or "", form.again.data or "", holder.about)
    if fault is not None:
        return _page(holder, [fault]), 400
    hashed = hash_password(form.password.data or "")
    with runtime().database.write() as session:
        account_id = use_link(session, token=token, password_hash=hashed, now=runtime().now())
    if account_id is None:
        return _no_longer()
    end_session()
    answer = go_on(account_id, None)
    flash(_("Your password is set."), "success")
    return answer


def password_fault(password: str, again: str, about: tuple[str, ...]) -> tuple[str, str] | None:
    """Which field is wrong and what to do about it; None where the password may be used."""
    weak = why_weak(password, about)
    if weak is not None:
        return "password", _weak_words(weak)
    if password != again:
        return "again", _("The two passwords differ. Type the same one twice.")
    return None


def _weak_words(weak: WeakPassword) -> str:
    return {
        WeakPassword.TOO_SHORT: _(
            "Use at least %(count)s characters. Four words that have nothing to do with each "
            "other are good.",
            count=SHORTEST_PASSWORD,
        ),
        WeakPassword.TOO_LONG: _("That password is too long. Use fewer than 1,000 characters."),
        WeakPassword.COMMON: _(
            "Many people use this password, so it is tried first. Use a few words that have "
            "nothing to do with each other."
        ),
        WeakPassword.ABOUT_YOU: _(
            "This password is made of your name, your address or your service. Use words that "
            "have nothing to do with you."
        ),
    }[weak]


def _no_longer() -> tuple[str, int]:
    return render_template("account/link_ended.html"), 410


def _page(holder: LinkHolder, errors: list[tuple[str, str]]) -> str:
    return render_template("account/link.html", holder=holder, errors=errors)


def link_pages(pages: Blueprint) -> None:
    """Mount what a link opens."""
    pages.route("/account/link/<token>", methods=["GET", "POST"])(link)
