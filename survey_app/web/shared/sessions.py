"""How does a session travel in its cookie? Signed, as Flask's own, at half the price a tap.

The signing key is derived once, not at each look; a session that nobody changed is not written;
the cookie holds no time, for it ends with the browser, and staff sessions carry their own limits.
"""

import hmac
import json
from typing import Any, cast

from flask import Flask, Response
from flask.sessions import (
    SecureCookieSessionInterface,
    SessionMixin,
    session_json_serializer,
)
from itsdangerous import BadSignature
from itsdangerous.encoding import base64_decode, base64_encode


class SessionSeal:
    """Signs what a session holds, and reads what was signed here."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"session cookie", "sha256")

    def dumps(self, content: dict[str, Any]) -> str:
        """The cookie's value."""
        packed = base64_encode(_write(session_json_serializer.tag(content)))
        return (packed + b"." + self._signature(packed)).decode()

    def loads(self, value: str, max_age: int | None = None) -> dict[str, Any]:
        """What was signed; raises BadSignature for anything else, whatever it looks like."""
        packed, _, signature = value.encode().rpartition(b".")
        if not hmac.compare_digest(signature, self._signature(packed)):
            raise BadSignature("not signed here")
        try:
            content: dict[str, Any] = _read(base64_decode(packed).decode())
        except ValueError as fault:
            raise BadSignature("signed, but no session") from fault
        return content

    def _signature(self, packed: bytes) -> bytes:
        return base64_encode(hmac.digest(self._key, packed, "sha256"))


_write = json.JSONEncoder(separators=(",", ":")).encode
"""What Flask's tags leave is JSON, and needs no app to write it."""


def _read(text: str) -> dict[str, Any]:
    """Without a tag (`{" t":...`) of Flask's, it is JSON and nothing else."""
    read = session_json_serializer.loads if '{" ' in text else json.loads
    return cast(dict[str, Any], read(text))


class QuickSessions(SecureCookieSessionInterface):
    """Flask's session cookie with our seal."""

    def __init__(self, secret: str) -> None:
        self._seal = SessionSeal(secret)

    def get_signing_serializer(self, app: Flask) -> Any:
        """The one seal of this process."""
        return self._seal

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where something changed; say where it was looked at."""
        if session.permanent or (session.modified and not session):
            super().save_session(app, session, response)
            return
        if session.modified:
            self._set_cookie(app, session, response)
        if session.accessed and "Cookie" not in response.headers.get("Vary", ""):
            response.vary.add("Cookie")

    def _set_cookie(self, app: Flask, session: SessionMixin, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            self._seal.dumps(dict(session)),
            domain=self.get_cookie_domain(app),
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
            partitioned=self.get_cookie_partitioned(app),
        )
