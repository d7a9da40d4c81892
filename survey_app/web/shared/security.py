"""Which headers protect every page? One policy for all audiences; nothing from anyone else.

The empty-string style hash is what plotly.js needs (it adds an empty <style> and fills it by
script); the one inline script is the phone pages' own, allowed by its hash. `same-origin` as
referrer keeps link tokens inside while the CSRF check still sees where a form came from.
"""

from collections.abc import Mapping

from flask import Flask, request
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
    # Nothing that was on a screen may be had back from a shared machine's cache. Built files are
    # served ahead of the app and keep their own rule.
    "Cache-Control": "no-store",
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


class Protection:
    """The headers of some pages, made ready once."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers
        self._pairs = tuple(headers.items())
        self._names = frozenset(name.lower() for name in headers)

    def put_on(self, response: Response) -> None:
        """Add each header that the view has not set to something stricter."""
        stricter = {name.lower() for name, _value in response.headers} & self._names
        if not stricter:
            for name, value in self._pairs:
                response.headers.add(name, value)
            return
        response.headers.extend([pair for pair in self._pairs if pair[0].lower() not in stricter])
        response.headers["Cache-Control"] = HEADERS["Cache-Control"]


def protect_every_response(app: Flask, settings: Settings) -> None:
    """Put the headers on every response; those of a blueprint may `be_stricter`."""
    headers = HEADERS | {"Content-Security-Policy": content_security_policy()}
    if settings.has_https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    everywhere = Protection(headers)
    protections: dict[str | None, Protection] = {None: everywhere}
    app.extensions["protections"] = protections

    @app.after_request
    def _protect(response: Response) -> Response:
        protections.get(request.blueprint, everywhere).put_on(response)
        return response


def be_stricter(app: Flask, blueprint: str, headers: Mapping[str, str | None]) -> None:
    """Let the pages of this blueprint carry these headers beside, or instead of, the general; one
    that is None is left out, for what the others rule out already."""
    protections: dict[str | None, Protection] = app.extensions["protections"]
    theirs = {**protections[None].headers, **headers}
    protections[blueprint] = Protection({k: v for k, v in theirs.items() if v is not None})
