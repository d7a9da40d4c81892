"""How does Twilio's client reach Twilio: at which address, for how long, and without a word?"""

from datetime import timedelta
from threading import local
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from survey_app.messaging.providers.failures import TIMEOUT_SECONDS, asked_wait
from survey_app.messaging.providers.quiet import silence_clients

CONNECTIONS = 16
"""Kept open for the next call: no fewer than `choose.AT_ONCE`."""


class RebasedHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client with a timeout (its default is none), no retries, and every address
    moved onto `base_url` where one is given: another region, a contract checker, or a fake."""

    def __init__(self, base_url: str | None, timeout: float = TIMEOUT_SECONDS) -> None:
        super().__init__(timeout=timeout, max_retries=0)
        self._base = urlsplit(base_url.rstrip("/")) if base_url else None
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=CONNECTIONS))
        self._last = local()
        silence_clients()

    @property
    def wait(self) -> timedelta | None:
        """How long the last answer in this thread asked us to wait, if it did."""
        return asked_wait(getattr(self._last, "headers", None) or {})

    @property
    def says_what_follows(self) -> bool:
        """Whether the last page of a list in this thread says if another follows: one that does not
        may have been cut."""
        return '"next_page_uri"' in getattr(self._last, "text", "")

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        """One call; never followed to another host, never repeated."""
        self._last.headers, self._last.text = None, ""
        response = super().request(method, self.rebased(url), *args, **options)
        self._last.headers, self._last.text = response.headers, response.text
        return response

    def rebased(self, url: str) -> str:
        """The address with the base's scheme, host and leading path; as it is without a base."""
        if self._base is None:
            return url
        parts = urlsplit(url)
        path = self._base.path + parts.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))


def twilio_client(account_sid: str, auth_token: str, http: RebasedHttpClient) -> Client:
    """Twilio's client; it reads nothing from the environment, which is `Settings`' alone."""
    return Client(
        account_sid,
        auth_token,
        http_client=http,
        # An empty mapping would send it to os.environ for a region.
        environment={"TWILIO_LOG_LEVEL": ""},
    )
