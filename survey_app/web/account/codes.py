"""Which code does somebody owe after their password, and how do they set up its app?"""

from io import BytesIO

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from survey_app.store.second_factors import SecondFactor, find_set_up, recovery_codes_left
from survey_app.usecases.second_factor import (
    begin_set_up,
    check_code,
    confirm_set_up,
)
from survey_app.usecases.sign_in import GUESSES, LOCKED_FOR, NextStep, SignInRefusal
from survey_app.web.account.half_way import HalfWay, complete, half_way, page_of
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.identity import begin_session, safe_next
from survey_app.web.shared.runtime import runtime

LONGEST_TYPED = 64
FEW_LEFT = 3


@access(Audience.ANYONE)
def code() -> Response | str | tuple[str, int]:
    """Ask for the app's present code, or a recovery code."""
    half = half_way()
    if half is None or half.step is not NextStep.CODE:
        return _start_again(half)
    if request.method == "GET":
        return render_template("account/code.html", errors=[])
    now, typed = runtime().now(), request.form.get("code", "")[:LONGEST_TYPED]
    with runtime().database.write() as session:
        refusal = check_code(session, account_id=half.account_id, typed=typed, now=now)
        left = recovery_codes_left(session, half.account_id)
    if refusal is not None:
        errors = [("code", _code_words(refusal))]
        return render_template("account/code.html", errors=errors), 400
    answer = complete(half.account_id, half.wanted)
    if left <= FEW_LEFT:
        flash(_few_left(left), "important")
    return answer


@access(Audience.ANYONE)
def set_up() -> Response | str | tuple[str, int]:
    """Set the app up on the way in, where nobody works without."""
    half = half_way()
    if half is None or half.step is not NextStep.SET_UP:
        return _start_again(half)
    if request.method == "GET":
        return set_up_page(half.account_id, half.email, is_required=True)
    codes = take_first_code(half.account_id, is_signing_in=True)
    if codes is None:
        page = set_up_page(half.account_id, half.email, is_required=True, is_wrong=True)
        return page, 400
    begin_session(half.account_id, runtime().now())
    return codes_page(codes, safe_next(half.wanted) or url_for("account.front_door"))


def take_first_code(account_id: int, *, is_signing_in: bool = False) -> list[str] | None:
    """Take the app into use if the code that was sent is right: the recovery codes."""
    typed = request.form.get("code", "")[:LONGEST_TYPED]
    with runtime().database.write() as session:
        return confirm_set_up(
            session,
            account_id=account_id,
            typed=typed,
            now=runtime().now(),
            is_signing_in=is_signing_in,
        )


def set_up_page(account_id: int, email: str, *, is_required: bool, is_wrong: bool = False) -> str:
    """The secret as a picture to scan and as text to type, and a field for its first code."""
    secret = _secret_in_set_up(account_id)
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_("Outcomes"))
    said = _(
        "That code is not right. Wait for the next one. If it is refused again, check that the "
        "phone sets its clock by itself."
    )
    return render_template(
        "account/set_up.html",
        picture=qr_picture(address),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        email=email,
        is_required=is_required,
        errors=[("code", said)] if is_wrong else [],
    )


def codes_page(codes: list[str], onward: str) -> str:
    """The recovery codes, this once."""
    return render_template("account/recovery_codes.html", codes=codes, onward=onward)


def qr_picture(text: str) -> Markup:
    """A QR code as inline SVG, without style or script, dark on white in every theme."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, light="#fff", omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704 (made here, the text is in its modules)


def _secret_in_set_up(account_id: int) -> str:
    """The secret of the set-up under way; a fresh one where none is, so that reloading is safe."""
    with runtime().database.read() as session:
        factor = find_set_up(session, account_id)
    if isinstance(factor, SecondFactor):
        return factor.secret
    with runtime().database.write() as session:
        return begin_set_up(session, account_id=account_id, now=runtime().now()).secret


def _start_again(half: HalfWay | None) -> Response:
    if half is not None:
        return redirect(page_of(half.step))
    if current_user.is_authenticated:
        return redirect(url_for("account.front_door"))
    flash(_("That took too long. Enter your password again."), "important")
    return redirect(url_for("account.sign_in"))


def _code_words(refusal: SignInRefusal) -> str:
    """A used code is said to be used: its owner typed it twice. All else reads alike."""
    if refusal is SignInRefusal.CODE_USED:
        return _("That code was used already. Wait for the next one.")
    return _(
        "That code is not right. Wait for the next one and check the phone's clock. After "
        "%(guesses)s wrong tries an account is locked for %(minutes)s minutes.",
        guesses=GUESSES,
        minutes=LOCKED_FOR.seconds // 60,
    )


def _few_left(left: int) -> str:
    return ngettext(
        "You have %(num)s recovery code left. Make new ones on the page of your account.",
        "You have %(num)s recovery codes left. Make new ones on the page of your account.",
        left,
    )


def code_pages(pages: Blueprint) -> None:
    """Mount the second step of signing in."""
    pages.route("/sign-in/code", methods=["GET", "POST"])(code)
    pages.route("/sign-in/set-up", methods=["GET", "POST"])(set_up)
