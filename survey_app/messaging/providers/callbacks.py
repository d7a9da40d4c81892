"""What may a provider's callback look like, and what does it become once its signature is good?

Anything else is refused as malformed. A callback's values are never trusted to be short or
harmless: ids, statuses and codes have forms, and whatever does not fit is not stored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.messaging.providers.interface import Receipt, ReceiptStatus

LONGEST = 16 * 1024
"""Bytes of a callback: several times the longest text with all that stands around it."""
LONGEST_TEXT = 4096
_STATUS = re.compile(r"[a-z][a-z_-]{1,31}")
_CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
_RETRY_TOKEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_TWILIO_ID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_NOTIFY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_TWILIO_STATUS = {
    "delivered": ReceiptStatus.DELIVERED,
    "read": ReceiptStatus.DELIVERED,
    "undelivered": ReceiptStatus.FAILED,
    "failed": ReceiptStatus.FAILED,
    "canceled": ReceiptStatus.FAILED,
}
_NOTIFY_STATUS = {
    "delivered": ReceiptStatus.DELIVERED,
    "permanent-failure": ReceiptStatus.FAILED,
    "temporary-failure": ReceiptStatus.FAILED,
    "technical-failure": ReceiptStatus.FAILED,
    "validation-failed": ReceiptStatus.FAILED,
}
"""Every other status means that the provider has the text: `partially_delivered` too, of which
nobody knows whether the link arrived."""


class Malformed(Exception):
    """A callback that is not of its provider's form."""


@dataclass(frozen=True)
class IncomingText:
    """A text that came to one of our senders. Never printed: number and words are hidden."""

    provider: str
    provider_message_id: str
    sender: str = field(repr=False)
    body: str = field(repr=False)
    says_stop: bool | None = None
    """What the provider itself made of it: True stop, False start, None neither or not said."""
    retry_token: str | None = None
    """The same when the provider tries one callback again."""


def twilio_retry_token(headers: Mapping[str, str]) -> str | None:
    """What Twilio repeats when it tries one callback again; None where it gave nothing usable."""
    given = headers.get("I-Twilio-Idempotency-Token", "")
    return given if _RETRY_TOKEN.fullmatch(given) else None


def twilio_receipt(
    form: Mapping[str, str], message_id: int | None, retry_token: str | None = None
) -> Receipt:
    """A status callback of Twilio; `message_id` stood in the address that Twilio signed, None where
    the address is the one without (that a console or a Messaging Service may name). Twilio gives id
    and status under their newer names, their older ones, or both."""
    status = _formed(_STATUS, form.get("MessageStatus") or form.get("SmsStatus"))
    sids = {form[name] for name in ("MessageSid", "SmsSid") if form.get(name)}
    if len(sids) != 1:
        raise Malformed
    code = form.get("ErrorCode") or None
    return Receipt(
        provider="twilio",
        provider_message_id=_formed(_TWILIO_ID, sids.pop()),
        status=_TWILIO_STATUS.get(status, ReceiptStatus.ON_ITS_WAY),
        said=status,
        code=None if code is None else _formed(_CODE, code),
        message_id=message_id,
        retry_token=retry_token,
    )


def twilio_text(form: Mapping[str, str], retry_token: str | None = None) -> IncomingText:
    """A text that Twilio received. Pictures are left where they are; that there was one is said."""
    opted = {"STOP": True, "START": False}.get(form.get("OptOutType", ""))
    body = form.get("Body", "")
    if form.get("NumMedia", "0") not in ("", "0"):
        body = f"{body} [+{_formed(_CODE, form['NumMedia'])}]".strip()
    return IncomingText(
        provider="twilio",
        provider_message_id=_formed(_TWILIO_ID, form.get("MessageSid")),
        sender=_short(form.get("From"), 64),
        body=_short(body, LONGEST_TEXT, may_be_empty=True),
        says_stop=opted,
        retry_token=retry_token,
    )


def notify_receipt(said: Mapping[str, object]) -> Receipt:
    """A delivery callback of Notify; our message id comes back as its `reference`."""
    status = _formed(_STATUS, said.get("status"))
    amounts_to = _NOTIFY_STATUS.get(status, ReceiptStatus.ON_ITS_WAY)
    reference = said.get("reference")
    is_ours = isinstance(reference, str) and re.fullmatch(r"[0-9]{1,18}", reference)
    return Receipt(
        provider="notify",
        provider_message_id=_formed(_NOTIFY_ID, said.get("id")),
        status=amounts_to,
        said=status,
        code=status if amounts_to is ReceiptStatus.FAILED else None,
        message_id=int(str(reference)) if is_ours else None,
    )


def notify_text(said: Mapping[str, object]) -> IncomingText:
    """A text that Notify received."""
    return IncomingText(
        provider="notify",
        provider_message_id=_formed(_NOTIFY_ID, said.get("id")),
        sender=_short(said.get("source_number"), 64),
        body=_short(said.get("message"), LONGEST_TEXT, may_be_empty=True),
    )


def _formed(form: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed
    return value


def _short(value: object, most: int, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > most or not (value or may_be_empty):
        raise Malformed
    return value
