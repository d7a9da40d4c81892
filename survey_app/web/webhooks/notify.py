"""GOV.UK Notify's callbacks: JSON with a bearer token (docs/guides/providers.md)."""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from survey_app.messaging.providers.callbacks import Malformed, notify_receipt, notify_text
from survey_app.messaging.providers.signatures import has_bearer_token
from survey_app.usecases.hear_texts import hear_text
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.webhooks.signed import MALFORMED, STATUS, TAKEN, answer, take, verified_by


def _has_token() -> bool:
    """Whether the callback carries the token that Notify was given for it."""
    expected = runtime().settings.provider_options.get("NOTIFY_CALLBACK_TOKEN", "")
    return has_bearer_token(expected, request.headers)


@access(Audience.PROVIDER)
@verified_by(_has_token)
def status() -> Response:
    """What became of a text of ours; a replay is refused."""
    return take(lambda: notify_receipt(_said()))


@access(Audience.PROVIDER)
@verified_by(_has_token)
def incoming() -> Response:
    """A text that came to our number at Notify. Nobody gets an answer."""
    try:
        text = notify_text(_said())
    except Malformed:
        return answer(MALFORMED)
    return answer(STATUS[hear_text(runtime(), text)])


@access(Audience.PROVIDER)
@verified_by(_has_token)
def check() -> Response:
    """Says that the token arrives whole, through whatever stands before us."""
    return answer(TAKEN)


def _said() -> Mapping[str, object]:
    said = request.get_json(silent=True)
    if not isinstance(said, dict):
        raise Malformed
    return said


def notify_callbacks(pages: Blueprint) -> None:
    """Mount Notify's addresses."""
    pages.post("/notify/status", endpoint="notify_status")(status)
    pages.post("/notify/incoming", endpoint="notify_incoming")(incoming)
    pages.post("/notify/check", endpoint="notify_check")(check)
