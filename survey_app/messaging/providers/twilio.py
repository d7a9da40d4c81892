"""How does a text leave through Twilio, and how is Twilio asked whether one did?

Twilio has no idempotency key (safety rule 8): what may have been taken on is never sent again
before its list was asked. Settings: `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`, and
`TWILIO_MESSAGING_SERVICE_SID` or `TWILIO_FROM`; `TWILIO_REDACTION=yes` where the account may have
its words and numbers erased at Twilio; `TWILIO_PER_SECOND`, a sender's rate; `TWILIO_BASE_URL`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException

from survey_app.messaging.error_codes import OPTED_OUT_CODES
from survey_app.messaging.providers.failures import TIMEOUT_SECONDS, after_no_answer, after_status
from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    Lookup,
    NotThere,
    OutgoingText,
    Rejected,
    SendResult,
    Unclear,
)
from survey_app.messaging.providers.pace import Pace, per_second
from survey_app.messaging.providers.twilio_http import RebasedHttpClient, twilio_client

NAME = "twilio"
LONGEST_VALIDITY = timedelta(seconds=36000)
"""Twilio's own limit for `ValidityPeriod`."""
LISTED = 200
"""How many texts to one number are looked through."""
_LINK = re.compile(r"\S+/s/[2-9a-z]{12}\b")
_MASKED = re.compile(r"[Xx*]{4}$")


@dataclass(frozen=True)
class TwilioAccount:
    """One Twilio account, as the settings name it."""

    sid: str
    auth_token: str = field(repr=False)
    sender: str = ""
    messaging_service_sid: str = ""
    has_redaction: bool = False
    rate: str = ""
    """Texts a second that one sender may send, as written; empty is no limit."""
    base_url: str | None = None
    callback_root: str = ""
    """`BASE/webhooks/twilio`: where Twilio tells us what became of a text."""

    @classmethod
    def from_options(cls, options: Mapping[str, str], base_url: str) -> Self:
        """Read the `TWILIO_...` settings; `base_url` is our own public address."""
        return cls(
            sid=options.get("TWILIO_ACCOUNT_SID", ""),
            auth_token=options.get("TWILIO_AUTH_TOKEN", ""),
            sender=options.get("TWILIO_FROM", ""),
            messaging_service_sid=options.get("TWILIO_MESSAGING_SERVICE_SID", ""),
            rate=options.get("TWILIO_PER_SECOND", ""),
            has_redaction=options.get("TWILIO_REDACTION", "").lower() in {"1", "yes", "true"},
            base_url=options.get("TWILIO_BASE_URL"),
            callback_root=f"{base_url}/webhooks/twilio",
        )

    def missing(self) -> list[str]:
        """The settings without which no text can leave, by name."""
        needed = {"TWILIO_ACCOUNT_SID": self.sid, "TWILIO_AUTH_TOKEN": self.auth_token}
        needed["TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM"] = (
            self.messaging_service_sid or self.sender
        )
        missing = [name for name, value in needed.items() if not value]
        if self.rate and per_second(self.rate) is None:
            missing.append("TWILIO_PER_SECOND to a number above 0")
        return missing


class TwilioProvider:
    """Sends through one Twilio account."""

    name = NAME

    def __init__(self, account: TwilioAccount, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._account = account
        self._http = RebasedHttpClient(account.base_url, timeout)
        self._pace = Pace(per_second(account.rate))
        self._messages = twilio_client(account.sid, account.auth_token, self._http).messages

    def send(self, text: OutgoingText) -> SendResult:
        """Hand one text over; every way in which that can end is a value."""
        self._pace.wait(text.sender)
        try:
            taken = self._messages.create(**message_fields(self._account, text))
        except TwilioRestException as fault:
            return self._refusal(fault)
        except RequestException as fault:
            return after_no_answer(fault)
        except (TwilioException, ValueError, KeyError, TypeError):
            return Unclear("unreadable-answer")
        return Accepted(taken.sid) if taken.sid else Unclear("unreadable-answer")

    def find_by_body(self, to: str, body: str, since: datetime) -> Lookup:
        """Look through the texts to this number, newest first.

        Twilio's date filter leaves out what it has not sent yet, so dates are compared here.
        Where numbers or words are masked, silence proves nothing.
        """
        if self._account.has_redaction:
            return CannotTell("redacted")
        try:
            listed = self._messages.list(to=to, limit=LISTED, page_size=100)
            for number, text in enumerate(listed, 1):
                if _is_ours(text, body):
                    return Found(text.sid)
                if text.date_created is not None and text.date_created < since:
                    break
                if number == LISTED:
                    return CannotTell("too-many")
            recent = self._messages.list(limit=20, page_size=20)
        except (RequestException, TwilioException, ValueError, KeyError, TypeError):
            return CannotTell("no-answer")
        return CannotTell("redacted") if any(_is_masked(t) for t in recent) else NotThere()

    def _refusal(self, fault: TwilioRestException) -> SendResult:
        code = str(fault.code) if fault.code else f"http-{fault.status}"
        result = after_status(fault.status, code, retry_after=self._http.retry_after)
        if isinstance(result, Rejected):
            return Rejected(code, is_opt_out=code in OPTED_OUT_CODES)
        return result


def message_fields(account: TwilioAccount, text: OutgoingText) -> dict[str, Any]:
    """What a text becomes as a Twilio message.

    A service's own sender stands beside the Messaging Service, and must be in its pool; without a
    Messaging Service it replaces the installation's sender.
    """
    fields: dict[str, Any] = {
        "to": text.to,
        "body": text.body,
        "status_callback": f"{account.callback_root}/status/{text.message_id}",
        "validity_period": validity_seconds(text.valid_for),
    }
    if account.messaging_service_sid:
        fields["messaging_service_sid"] = account.messaging_service_sid
    if text.sender or not account.messaging_service_sid:
        fields["from_"] = text.sender or account.sender
    if account.has_redaction:
        fields |= {"content_retention": "discard", "address_retention": "obfuscate"}
    return fields


def validity_seconds(valid_for: timedelta | None) -> int:
    """How long Twilio may keep the text, in whole seconds: never past the safe time left."""
    allowed = LONGEST_VALIDITY if valid_for is None else min(valid_for, LONGEST_VALIDITY)
    return max(int(allowed.total_seconds()), 1)


def _is_ours(listed: Any, body: str) -> bool:
    """Twilio may put words before a text or change its letters, never its link, which is ours
    alone: the token in it was made for this text."""
    theirs = listed.body or ""
    link = _LINK.search(body)
    return link.group() in theirs if link else theirs.strip() == body.strip()


def _is_masked(listed: Any) -> bool:
    """Whether the account erases words or numbers, whatever our settings say."""
    is_outgoing = str(listed.direction or "").startswith("outbound")
    return is_outgoing and (not listed.body or bool(_MASKED.search(listed.to or "")))
