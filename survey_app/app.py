"""How is the application put together? `create_app` reads like a table of contents."""

from types import TracebackType

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.cli import register_commands
from survey_app.messaging.queue import Queue
from survey_app.settings import Settings
from survey_app.store.runtime import Clock, start, utc_now
from survey_app.web import register_audiences
from survey_app.web.shared.page_language import speak_page_languages
from survey_app.web.shared.request_log import log_request_fault, log_requests
from survey_app.web.shared.static_files import serve_built_files
from survey_app.web.shared.unproven_keys import hold_pages_until_keys_are_proven
from survey_app.worker import worker_command


class SurveyApp(Flask):
    """Flask without the path of a page, which may be somebody's link, in the log."""

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Say what failed, and nothing of whose page it was."""
        if exc_info[1] is not None:
            log_request_fault(exc_info[1])


def create_app(
    settings: Settings, clock: Clock = utc_now, database_clock: Clock | None = None
) -> Flask:
    """The whole application: pages and commands, on one runtime; for the clocks see `Runtime`."""
    app = SurveyApp("survey_app", static_folder=None, template_folder="web/shared/templates")
    app.config.update(
        SECRET_KEY=settings.keys.secret,
        SECRET_KEY_FALLBACKS=settings.keys.secret_fallbacks,
        # Flask-WTF knows no fallbacks; what it signs with takes several keys, the newest last.
        WTF_CSRF_SECRET_KEY=(*settings.keys.secret_fallbacks, settings.keys.secret),
        SESSION_COOKIE_NAME="s",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.has_https,
        MAX_CONTENT_LENGTH=1024 * 1024,
        BABEL_DEFAULT_TIMEZONE="Europe/London",
        WTF_CSRF_TIME_LIMIT=None,
        # Pages send no referrer (safety rule 6), so there is none to compare; the token decides.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["runtime"] = start(settings, clock, database_clock)
    app.extensions["queue"] = Queue(settings)
    log_requests(app)
    speak_page_languages(app)
    hold_pages_until_keys_are_proven(app)
    CSRFProtect(app)
    serve_built_files(app)
    register_audiences(app)
    if settings.is_behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)  # type: ignore[method-assign]
    register_commands(app)
    app.cli.add_command(worker_command)
    return app
