"""What does a failed call to a provider mean: certainly not taken on, perhaps, or refused?

The rule (DESIGN.md, outbox): could not connect, or 429: not taken on, so it waits. Another 4xx that
carries the provider's own code, in its own form: refused, with that code. Everything else (no
answer, 408, 5xx, a page of something that stands in between) is doubt, so the provider is asked
(docs/decisions/only-what-is-recognised.md). Credentials that the provider does not know (401) are
no fault of the text: it waits until they are mended (docs/decisions/wrong-credentials-wait.md).
"""

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException
from requests.exceptions import ProxyError
from requests.exceptions import SSLError as TlsFault
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from survey_app.messaging.providers.interface import Rejected, RetryLater, Unclear

TIMEOUT_SECONDS = 10.0
"""Per call; far below `claims.LEASE`."""
LONGEST_WAIT = timedelta(days=1)
"""A provider may ask to wait; longer than this it is asked again anyway."""
TIMED_OUT = 408
"""Of whoever answered: it did not see the whole request in time, and cannot say what became of it.
"""


def after_no_answer(fault: RequestException) -> RetryLater | Unclear:
    """What no answer at all means. Only a call that never connected is certain."""
    if is_connect_failure(fault):
        return RetryLater("no-connection")
    return Unclear("no-answer")


def is_connect_failure(fault: RequestException) -> bool:
    """Whether the request certainly never left: no connection was made."""
    if isinstance(fault, ConnectTimeout):
        return True
    if not isinstance(fault, NoConnection | ProxyError | TlsFault) or not fault.args:
        return False
    cause = fault.args[0]
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    return _is_in(reason, ssl.SSLCertVerificationError) or _is_in(reason, NewConnectionError)


def _is_in(reason: object, kind: type[BaseException]) -> bool:
    """Whether a wrapped fault holds one of this kind (certificates, a proxy out of reach)."""
    held = [*getattr(reason, "args", ()), getattr(reason, "original_error", None)]
    return any(isinstance(each, kind) for each in held)


def after_status(
    status: int, code: str | None, *, after: timedelta | None = None
) -> RetryLater | Rejected | Unclear:
    """What an answer with this HTTP status means; `code` is the provider's own, None where the
    answer is not in its form. `after`: how long it asks to wait (`asked_wait`)."""
    named = code or f"http-{status}"
    if status == 429:
        return RetryLater(named, after=after)
    if code is None or status == TIMED_OUT or not 400 <= status < 500:
        return Unclear(named)
    return RetryLater(code) if status == 401 else Rejected(code)


def asked_wait(headers: Mapping[str, str]) -> timedelta | None:
    """How long an answer asks to wait: its Retry-After, in seconds or as an HTTP date, from the
    instant that its Date gives (else ours); at most `LONGEST_WAIT`. None where it does not say."""
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
    until = _http_date(said)
    if until is None:
        return None
    wait = until - (_http_date(headers.get("Date", "")) or datetime.now(UTC))
    return min(max(wait, timedelta()), LONGEST_WAIT)


def _http_date(said: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
