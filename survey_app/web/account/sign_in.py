"""How do staff sign in and out, and where does the front door lead?"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from survey_app.usecases.sign_in import (
    GUESSES,
    LOCKED_FOR,
    SignInRefusal,
    is_right_password,
    open_attempt,
    settle_attempt,
)
from survey_app.web.account.half_way import go_on, needs_second_factor, network_address
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.identity import end_session, safe_next, take_limit_met
from survey_app.web.shared.kept_forms import say_why_signed_out
from survey_app.web.shared.runtime import runtime


class SignInForm(FlaskForm):
    """Address and password. Long passwords are refused before they cost hashing time."""

    email = StringField(
        validators=[DataRequired(_l("Enter your e-mail address.")), Length(max=254)]
    )
    password = PasswordField(
        validators=[
            DataRequired(_l("Enter your password.")),
            Length(max=1024, message=_l("That password is too long.")),
        ]
    )
    next = HiddenField()


@access(Audience.ANYONE)
def front_door() -> Response:
    """Everyone's way in: to the sign-in page, or to the services of the person signed in."""
    if not current_user.is_authenticated:
        return redirect(url_for("account.sign_in"))
    services = current_user.services
    if len(services) == 1:
        return redirect(url_for("caseworker.service_home", slug=services[0].slug))
    return redirect(url_for("admin.services"))


@access(Audience.ANYONE)
def sign_in() -> Response | str | tuple[str, int]:
    """Ask for address and password; one and the same sentence for every refusal."""
    form = SignInForm(data={"next": safe_next(request.args.get("next")) or ""})
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(url_for("account.front_door"))
        if take_limit_met():
            say_why_signed_out()
        return _page(form)
    if not form.validate_on_submit():
        return _page(form), 400
    account_id, refusal = _judge(form.email.data or "", form.password.data or "")
    if refusal is SignInRefusal.TOO_MANY_FROM_ADDRESS:
        return _page(form, refusal=_too_many()), 429
    if refusal is not None or account_id is None:
        return _page(form, refusal=_refusal_words()), 400
    return go_on(account_id, form.next.data)


@access(Audience.ANYONE)
def sign_out_here() -> Response:
    """End this browser's session; a POST, so that no link or image can do it."""
    end_session()
    flash(_("You are signed out."), "success")
    return redirect(url_for("account.sign_in"))


def _judge(email: str, password: str) -> tuple[int | None, SignInRefusal | None]:
    now, database = runtime().now(), runtime().database
    with database.write() as session:
        attempt = open_attempt(session, email=email, now=now, network_address=network_address())
    is_right = is_right_password(attempt, password)
    with database.write() as session:
        refusal = settle_attempt(
            session,
            attempt,
            is_right=is_right,
            now=now,
            needs_second_factor=needs_second_factor(),
        )
    return attempt.account_id, refusal


def _refusal_words() -> str:
    return _(
        "The e-mail address or the password is not right. After %(guesses)s wrong tries an account "
        "is locked for %(minutes)s minutes.",
        guesses=GUESSES,
        minutes=LOCKED_FOR.seconds // 60,
    )


def _too_many() -> str:
    return _(
        "Too many sign-ins from your network failed. Wait %(minutes)s minutes, then try again.",
        minutes=LOCKED_FOR.seconds // 60,
    )


def _page(form: SignInForm, refusal: str | None = None) -> str:
    errors = [
        (name, str(texts[0])) for name, texts in form.errors.items() if texts and name is not None
    ]
    if refusal is not None:
        errors = [("email", refusal)]
    oidc = runtime().settings.oidc
    return render_template(
        "account/sign_in.html",
        form=form,
        errors=errors,
        provider=oidc.name if oidc else None,
        wanted=form.next.data or None,
    )


def sign_in_pages(pages: Blueprint) -> None:
    """Mount the way in and out."""
    pages.get("/")(front_door)
    pages.route("/sign-in", methods=["GET", "POST"])(sign_in)
    pages.post("/sign-out")(sign_out_here)
