"""How does somebody who is signed in set up another phone, or make new recovery codes?

Both ask for the password again: a screen left open must not be enough to take an account over.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField

from survey_app.domain.access import Task
from survey_app.store.second_factors import find_second_factor, find_set_up
from survey_app.usecases.second_factor import begin_set_up, new_recovery_codes
from survey_app.web.account.codes import codes_page, set_up_page, take_first_code
from survey_app.web.account.half_way import TIME_FOR_CODE, needs_second_factor
from survey_app.web.account.own import is_own_password, wrong_password_words
from survey_app.web.shared.access import Audience, access, reading, staff, writing
from survey_app.web.shared.runtime import runtime


class PasswordAgainForm(FlaskForm):
    """The person's password, to show that it is they who sit there."""

    password = PasswordField()


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def start_second_factor() -> Response | str | tuple[str, int]:
    """Ask for the password; the present app stays good until the new one's first code."""
    form = PasswordAgainForm()
    asked = _ask_password(form, "second-factor")
    if asked is not None:
        return asked
    with writing() as session:
        begin_set_up(session, account_id=staff().account.account_id, now=runtime().now())
    return redirect(url_for("account.second_factor"))


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def second_factor() -> Response | str | tuple[str, int]:
    """Show the new secret and take its first code."""
    mine = staff().account
    with reading() as session:
        begun = find_set_up(session, mine.account_id)
    # A set-up that was left standing is no way around the password.
    if begun is None or begun.created_at <= runtime().now() - TIME_FOR_CODE:
        return redirect(url_for("account.own_account"))
    is_required = needs_second_factor()
    if request.method == "GET":
        return set_up_page(mine.account_id, mine.email, is_required=is_required)
    codes = take_first_code(mine.account_id)
    if codes is None:
        page = set_up_page(mine.account_id, mine.email, is_required=is_required, is_wrong=True)
        return page, 400
    return codes_page(codes, url_for("account.own_account"))


@access(Audience.STAFF, Task.KEEP_OWN_ACCOUNT)
def make_codes() -> Response | str | tuple[str, int]:
    """Ask for the password, then show ten new recovery codes; the old ones are worth nothing."""
    mine = staff().account
    with reading() as session:
        has_factor = find_second_factor(session, mine.account_id) is not None
    if not has_factor:
        return redirect(url_for("account.own_account"))
    asked = _ask_password(PasswordAgainForm(), "recovery-codes")
    if asked is not None:
        return asked
    with writing() as session:
        codes = new_recovery_codes(session, account_id=mine.account_id, now=runtime().now())
    return codes_page(codes, url_for("account.own_account"))


def _ask_password(form: PasswordAgainForm, purpose: str) -> str | tuple[str, int] | None:
    """The page that asks for the password, until it was right."""
    if not form.is_submitted():
        return render_template("account/password_again.html", purpose=purpose, errors=[])
    if is_own_password((form.password.data or "")[:1024]):
        return None
    errors = [("password", wrong_password_words())]
    return render_template("account/password_again.html", purpose=purpose, errors=errors), 400


def own_code_pages(pages: Blueprint) -> None:
    """Mount one's own second factor."""
    pages.route("/account/second-factor", methods=["GET", "POST"])(start_second_factor)
    pages.route("/account/second-factor/app", methods=["GET", "POST"])(second_factor)
    pages.route("/account/recovery-codes", methods=["GET", "POST"])(make_codes)
