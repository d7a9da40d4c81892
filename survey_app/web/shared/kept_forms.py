"""What becomes of an entry whose session has ended, or whose form is older than the session?

It is kept, sealed, for the person whose session it was; they sign in and find the form again as
they left it, with nothing saved until they press its button. Why so:
docs/decisions/entries-outlive-sessions.md.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from survey_app.usecases.staff_sessions import drop_entry, find_entry, keep_entry
from survey_app.web.shared.identity import KEPT, sign_in_address, was_signed_in
from survey_app.web.shared.refill import refill
from survey_app.web.shared.runtime import runtime

LARGEST = 64 * 1024
"""Bytes of an entry; what is longer is a file, not somebody's typing."""
MAIN = 'id="main" tabindex="-1">'
"""Where the page's own content begins (layouts/staff.html)."""


def ask_to_sign_in() -> AnyResponse:
    """To the sign-in page and back again; what was being sent waits meanwhile."""
    account_id = was_signed_in()
    page = _keep(account_id) if account_id is not None else None
    return redirect(sign_in_address(page))


def show_old_form_again() -> AnyResponse | None:
    """For a form of ours whose token belongs to a former session: back to it, filled in.

    A token that we never signed is no form of ours: None, and the error page answers.
    """
    if not _is_our_token(request.form.get("csrf_token", "")):
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    page = _keep(current_user.account_id)
    return None if page is None else redirect(page)


def fill_in_kept_forms(app: Flask) -> None:
    """Let every staff page look whether it has something to put back."""
    app.after_request(_fill_in)


def _keep(account_id: int) -> str | None:
    """Keep the fields of this request; the page on which their form stands."""
    fields = {
        name: values
        for name, values in request.form.lists()
        if not _is_secret(name) and any(values)
    }
    page = _page_of_form()
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if page is None or not fields or size > LARGEST or request.method != "POST":
        return None
    process = runtime()
    with process.database.write() as db:
        session[KEPT] = keep_entry(
            db,
            account_id=account_id,
            page=page,
            target=request.path,
            fields=fields,
            now=process.now(),
        )
    return page


def _is_secret(name: str) -> bool:
    plain = name.casefold()
    return plain == "csrf_token" or "password" in plain or plain in ("pin", "code")


def _page_of_form() -> str | None:
    """The page that a form was sent from: our own referrer, else the form's own address."""
    referrer = urlsplit(request.referrer or "")
    addresses = [request.path]
    if referrer.netloc == request.host:
        addresses.insert(0, referrer.path + (f"?{referrer.query}" if referrer.query else ""))
    return next((address for address in addresses if _is_page(address)), None)


def _is_page(address: str) -> bool:
    """Whether this address can be opened, and is no page of signing in."""
    routes = current_app.url_map.bind(request.host)
    try:
        endpoint, _values = routes.match(urlsplit(address).path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return not endpoint.startswith("account.")


def _is_our_token(token: str) -> bool:
    serializer = URLSafeTimedSerializer(
        current_app.config["WTF_CSRF_SECRET_KEY"], salt="wtf-csrf-token"
    )
    try:
        serializer.loads(token)
    except BadData:
        return False
    return True


def _fill_in(response: Response) -> Response:
    key = session.get(KEPT)
    is_plain_page = (
        request.method == "GET"
        and response.status_code == 200
        and response.mimetype == "text/html"
        and "Content-Encoding" not in response.headers
    )
    if key is None or not is_plain_page or not current_user.is_authenticated:
        return response
    process = runtime()
    with process.database.read() as db:
        entry = find_entry(db, key, current_user.account_id, process.now())
    if entry is not None and urlsplit(entry.page).path != request.path:
        return response
    session.pop(KEPT)
    if entry is None:
        return response
    page = response.get_data(as_text=True)
    filled = refill(page, request.path, entry.target, entry.fields)
    notice = render_template(
        "account/kept_notice.html", is_filled=filled is not None, fields=entry.fields
    )
    response.set_data((filled or page).replace(MAIN, MAIN + notice, 1))
    with process.database.write() as db:
        drop_entry(db, key)
    return response


def say_why_signed_out() -> None:
    """A notice for the sign-in page, once."""
    if session.get(KEPT) is None:
        flash(_("You were signed out because nothing happened here for a while."), "important")
        return
    flash(
        _(
            "You were signed out before this was saved. Sign in, and you find what you had entered "
            "as you left it."
        ),
        "important",
    )
