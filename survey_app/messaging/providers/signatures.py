"""Did this callback really come from the provider? Asked before anything else of it is read."""

import hmac
from collections.abc import Mapping

from twilio.request_validator import RequestValidator, get_signature_algorithm

from survey_app.settings import SHORTEST_TOKEN


def is_signed_by_twilio(
    auth_token: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
) -> bool:
    """Whether Twilio signed this form for this address (`X-Twilio-Signature`).

    `url` is the address as Twilio called it, so a proxy must hand on scheme and host.
    """
    signature = headers.get("X-Twilio-Signature", "")
    if not auth_token or not signature:
        return False
    algorithm = get_signature_algorithm(headers.get("X-Twilio-Webhooks-Signature-Settings"))
    return bool(RequestValidator(auth_token).validate(url, form, signature, algorithm))


def has_bearer_token(expected: str, headers: Mapping[str, str]) -> bool:
    """Whether the callback carries the token that we gave to Notify."""
    kind, _, given = headers.get("Authorization", "").partition(" ")
    if len(expected) < SHORTEST_TOKEN or kind.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), expected.encode())
