"""What does a failed call to a provider mean: certainly not taken on, perhaps, or refused?

The rule (DESIGN.md, outbox): could not connect, or 429: not taken on, so it waits. Read timeout or
5xx: perhaps, so the provider is asked. Any other 4xx: refused, with its code. Credentials that the
provider does not know (401) are no fault of the text: it waits until they are mended
(docs/decisions/wrong-credentials-wait.md).
"""

import ssl
from datetime import timedelta

from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException
from requests.exceptions import ProxyError
from requests.exceptions import SSLError as TlsFault
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from survey_app.messaging.providers.interface import Rejected, RetryLater, SendResult, Unclear

TIMEOUT_SECONDS = 10.0
"""Per call; far below `claims.LEASE`."""
LONGEST_WAIT = timedelta(hours=1)
"""A provider may ask to wait; longer than this it is asked again anyway."""


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


def after_status(status: int, code: str, *, retry_after: str | None = None) -> SendResult:
    """What an answer with this HTTP status means; `code` is the provider's own, where it gave one.

    Anything that is neither 4xx nor a success is doubt.
    """
    if status == 429:
        return RetryLater(code, after=_wait(retry_after))
    if status == 401:
        return RetryLater(code)
    if 400 <= status < 500:
        return Rejected(code)
    return Unclear(code)


def _wait(retry_after: str | None) -> timedelta | None:
    """A Retry-After header in seconds; its other form, a date, is not used by our providers."""
    if retry_after is None or not retry_after.strip().isdigit():
        return None
    return min(timedelta(seconds=int(retry_after.strip()[:6])), LONGEST_WAIT)
