"""Twilio's callbacks: signed forms (docs/guides/providers.md)."""

from flask import Blueprint, Response, request

from survey_app.messaging.providers.callbacks import (
    Malformed,
    twilio_receipt,
    twilio_retry_token,
    twilio_text,
)
from survey_app.messaging.providers.signatures import is_signed_by_twilio
from survey_app.usecases.callback_repeats import Heard
from survey_app.usecases.hear_texts import hear_text
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.webhooks.signed import MALFORMED, REFUSED, TAKEN, answer, take, verified_by

NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Twilio's markup for: say nothing back."""


def _is_signed() -> bool:
    """Whether Twilio signed this form for this very address."""
    token = runtime().settings.provider_options.get("TWILIO_AUTH_TOKEN", "")
    return is_signed_by_twilio(token, request.url, request.form, request.headers)


@access(Audience.PROVIDER)
@verified_by(_is_signed)
def status(message_id: int | None = None) -> Response:
    """What became of a text of ours, which the address names or only Twilio's id does; a replay is
    refused, Twilio's own new try is not."""
    token = twilio_retry_token(request.headers)
    return take(lambda: twilio_receipt(request.form, message_id, token))


@access(Audience.PROVIDER)
@verified_by(_is_signed)
def incoming() -> Response:
    """A text that came to one of our senders. Nobody gets an answer."""
    try:
        text = twilio_text(request.form, twilio_retry_token(request.headers))
    except Malformed:
        return answer(MALFORMED)
    if hear_text(runtime(), text) is Heard.REPLAYED:
        return answer(REFUSED)
    return Response(NO_ANSWER, mimetype="text/xml", headers={"Cache-Control": "no-store"})


@access(Audience.PROVIDER)
@verified_by(_is_signed)
def check() -> Response:
    """Says that a signature arrives whole, through whatever stands before us."""
    return answer(TAKEN)


def twilio_callbacks(pages: Blueprint) -> None:
    """Mount Twilio's addresses."""
    pages.post("/twilio/status/<int(max=2147483647):message_id>", endpoint="twilio_status")(status)
    pages.post("/twilio/status", endpoint="twilio_status_by_id")(status)
    pages.post("/twilio/incoming", endpoint="twilio_incoming")(incoming)
    pages.post("/twilio/check", endpoint="twilio_check")(check)
