"""What does somebody read when a page cannot be shown, and which faults mean which page?

Each page says in words what happened and what to do next. Under a link's address (`/s/...`) it is
one neutral page that tells a stranger nothing (FORMATS.md, "Victim pages"), with the way to leave.
"""

from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from survey_app.store.alerts import AlertNotFound
from survey_app.store.cases import CaseNotFound
from survey_app.store.database import is_unavailable
from survey_app.store.requests import RequestNotFound
from survey_app.store.services import ServiceNotFound
from survey_app.store.trials import TrialNotFound
from survey_app.store.unreadable import CANNOT_BE_READ, UnreadableValueUsed
from survey_app.usecases.readings.history import ReadingNotFound
from survey_app.usecases.resend_text import TextNotFound
from survey_app.usecases.staff_users import UserNotFound
from survey_app.web.shared.access import Audience, declared_access
from survey_app.web.shared.kept_forms import show_old_form_again
from survey_app.web.shared.page_language import page_words
from survey_app.web.shared.request_log import log_request_fault, request_id

RETRY_AFTER_SECONDS = "30"
Answer = tuple[str, int, dict[str, str]]


def _words(code: int) -> tuple[str, str]:
    """Title and what to do, for a status."""
    words = {
        400: (
            _("This could not be used"),
            _("Something in the address or the form was not as expected. Go back and try again."),
        ),
        403: (
            _("Your role does not include this"),
            _("Ask the manager of your service if you think that it should."),
        ),
        404: (
            _("There is no such page"),
            _("Check the address, or start from the first page."),
        ),
        405: (
            _("This page cannot be used that way"),
            _("Go back and use the buttons on the page."),
        ),
        410: (
            _("This page is no longer there"),
            _("Start from the first page."),
        ),
        413: (
            _("That was too much to send"),
            _("Send less at a time."),
        ),
        429: (
            _("Too many tries"),
            _("Wait a few minutes, then try again."),
        ),
    }
    return words.get(code, (_("Something went wrong"), _server_fault()))


def _server_fault() -> str:
    return _(
        "It is our fault, not yours. What you sent may not have been saved: try again in a few "
        "minutes."
    )


def _page(code: int, title: str, remedy: str) -> Answer:
    is_link = request.blueprint == "victim" or request.path.startswith("/s/")
    template = "errors/neutral.html" if is_link else "errors/page.html"
    # Whoever reports a fault of ours can say which: its lines in the log bear this.
    code_to_quote = request_id() if code >= 500 else None
    page = render_template(template, title=title, remedy=remedy, code_to_quote=code_to_quote)
    return page, code, {}


def page_without_surroundings(code: int) -> Answer:
    """The neutral page of this status, for whoever asks: made without a look at any session."""
    title, remedy = _words(code)
    template = current_app.jinja_env.get_template("errors/neutral.html")
    return template.render(title=title, remedy=remedy, **page_words()), code, {}


def show_http_error(error: HTTPException) -> Answer | HTTPException:
    """Any refusal with a status; redirects and ready-made responses pass as they are."""
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    body, code, headers = _page(code, *_words(code))
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return body, code, headers | kept


def show_csrf_error(_error: CSRFError) -> Answer | Response:
    """A form without a good token: nearly always a page left open, or refused cookies."""
    declared = declared_access(current_app.view_functions.get(request.endpoint or "", _no_view))
    if declared is not None and declared.audience is Audience.STAFF:
        again = show_old_form_again()
        if again is not None:
            return again
    return _page(
        400,
        _("This page had been open for too long"),
        _(
            "Nothing was changed. Go back, reload the page, and send it again. If it happens "
            "again, check that your browser accepts cookies from this site."
        ),
    )


def _no_view() -> None:
    """Stands for the view of an address that has none."""


def show_fault(error: InternalServerError) -> Answer:
    """A fault of ours; the log has it, the page has no details. While the database is away, the
    page is laid out without asking it, and says when to try again."""
    original = error.original_exception
    if not isinstance(original, Exception) or not is_unavailable(original):
        return _page(500, *_words(500))
    g.is_database_away = True
    body, code, headers = _page(503, *_words(503))
    return body, code, headers | {"Retry-After": RETRY_AFTER_SECONDS}


def show_unreadable(error: UnreadableValueUsed) -> Answer:
    """A page that cannot do without a value that does not open; staff pages are in English."""
    log_request_fault(error)
    declared = declared_access(current_app.view_functions.get(request.endpoint or "", _no_view))
    if declared is None or declared.audience is not Audience.STAFF:
        return show_fault(InternalServerError(original_exception=error))
    return _page(500, "This cannot be read", CANNOT_BE_READ)


def _show_not_found(_error: Exception) -> Answer:
    return _page(404, *_words(404))


def show_errors(app: Flask) -> None:
    """Install every error page."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(InternalServerError, show_fault)
    app.register_error_handler(UnreadableValueUsed, show_unreadable)
    absent = (
        AlertNotFound,
        CaseNotFound,
        ReadingNotFound,
        RequestNotFound,
        ServiceNotFound,
        TextNotFound,
        TrialNotFound,
        UserNotFound,
    )
    for missing in absent:
        app.register_error_handler(missing, _show_not_found)
