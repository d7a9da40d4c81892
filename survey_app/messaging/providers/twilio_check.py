"""Do Twilio's credentials, sender and callbacks work? Asked without sending a text."""

import re
from typing import Any

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from survey_app.messaging.providers.checks import (
    Checked,
    Finding,
    Point,
    WebhookCheck,
    check_webhook,
    missing_settings,
)
from survey_app.messaging.providers.twilio import TwilioAccount
from survey_app.messaging.providers.twilio_http import RebasedHttpClient, twilio_client

_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}")
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def check_twilio(
    account: TwilioAccount, sender: str = "", webhook: WebhookCheck = check_webhook
) -> list[Checked]:
    """Every point in order; `sender` is that of the service in question, where it has its own."""
    if missing := account.missing():
        return missing_settings(missing)
    client = twilio_client(account.sid, account.auth_token, RebasedHttpClient(account.base_url))
    credentials = _credentials(client, account)
    if not credentials.is_well:
        return [credentials]
    return [
        credentials,
        *_sender(client, account, sender),
        webhook(f"{account.callback_root}/check", _signed(account)),
        Checked(
            Point.RETENTION,
            Finding.FINE if account.has_redaction else Finding.WORDS_KEPT,
            "TWILIO_REDACTION",
        ),
    ]


def _credentials(client: Client, account: TwilioAccount) -> Checked:
    try:
        found = client.api.v2010.accounts(account.sid).fetch()
    except TwilioRestException as fault:
        is_refused = 400 <= fault.status < 500
        finding = Finding.REFUSED if is_refused else Finding.UNREACHABLE
        return Checked(Point.CREDENTIALS, finding, "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN")
    except (RequestException, TwilioException, ValueError):
        return Checked(Point.CREDENTIALS, Finding.UNREACHABLE, account.base_url or "Twilio")
    is_active = str(found.status) == "active"
    return Checked(Point.CREDENTIALS, Finding.FINE if is_active else Finding.NOT_ACTIVE)


def _sender(client: Client, account: TwilioAccount, sender: str) -> list[Checked]:
    """The Messaging Service where there is one, and the name or number that texts come from."""
    points = []
    if account.messaging_service_sid:
        points += _messaging_service(client, account)
        if not sender:
            return points
    shown = sender or account.sender
    if _NUMBER.fullmatch(shown):
        return [*points, *_number(client, account, shown)]
    is_name = bool(_NAME.fullmatch(shown))
    finding = Finding.NAME_AS_SENDER if is_name else Finding.SENDER_MALFORMED
    return [*points, Checked(Point.SENDER, finding, shown)]


def _messaging_service(client: Client, account: TwilioAccount) -> list[Checked]:
    sid = account.messaging_service_sid
    try:
        found = client.messaging.v1.services(sid).fetch()
    except (RequestException, TwilioException, ValueError):
        return [Checked(Point.SENDER, Finding.SENDER_UNKNOWN, sid)]
    return [Checked(Point.SENDER, Finding.FINE, sid), _replies(account, found.inbound_request_url)]


def _number(client: Client, account: TwilioAccount, number: str) -> list[Checked]:
    """A number of the account's own, and where Twilio hands on what comes back to it."""
    try:
        found: list[Any] = client.incoming_phone_numbers.list(phone_number=number, limit=1)
    except (RequestException, TwilioException, ValueError):
        return [Checked(Point.SENDER, Finding.UNREACHABLE, "Twilio")]
    if not found:
        return [Checked(Point.SENDER, Finding.SENDER_UNKNOWN, "TWILIO_FROM")]
    sender = Checked(Point.SENDER, Finding.FINE, "TWILIO_FROM")
    if account.messaging_service_sid:
        return [sender]
    return [sender, _replies(account, found[0].sms_url)]


def _replies(account: TwilioAccount, address: str | None) -> Checked:
    ours = f"{account.callback_root}/incoming"
    finding = Finding.FINE if address == ours else Finding.REPLIES_GO_ELSEWHERE
    return Checked(Point.REPLIES, finding, ours)


def _signed(account: TwilioAccount) -> dict[str, str]:
    """The header of an empty form that we sign as Twilio would."""
    validator = RequestValidator(account.auth_token)
    signature = validator.compute_signature(f"{account.callback_root}/check", {})
    return {"X-Twilio-Signature": signature}
