"""Which headers protect every page? One policy for all audiences; nothing from anyone else.

The empty-string style hash is what plotly.js needs (it adds an empty <style> and fills it by
script); the one inline script is the phone pages' own, allowed by its hash. `same-origin` as
referrer keeps link tokens inside while the CSRF check still sees where a form came from.
"""

from flask import Flask
from werkzeug.wrappers import Response

from survey_app.settings import Settings
from survey_app.web.shared.assets import script_source

EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy() -> str:
    """What a page may load: our own scripts, styles and pictures; it may be framed by nobody."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {script_source('victim.js')}",
            f"style-src 'self' {EMPTY_STYLE}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def protect_every_response(app: Flask, settings: Settings) -> None:
    """Put the headers on every response; a view may set a stricter one of its own."""
    headers = HEADERS | {"Content-Security-Policy": content_security_policy()}
    if settings.has_https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    @app.after_request
    def _protect(response: Response) -> Response:
        stricter = {name.lower() for name, _value in response.headers}
        response.headers.extend(
            [(name, value) for name, value in headers.items() if name.lower() not in stricter]
        )
        # Nothing that was on a screen may be had back from a shared machine's cache. Built files
        # are served ahead of the app and keep their own rule.
        response.headers["Cache-Control"] = "no-store"
        return response
