"""How does a text leave through Twilio, and how is Twilio asked whether one did?

Twilio has no idempotency key (safety rule 8): what may have been taken on is never sent again
before its list was asked. Settings: `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`, and
`TWILIO_MESSAGING_SERVICE_SID` or `TWILIO_FROM`; `TWILIO_REDACTION=yes` where the account may have
its words and numbers erased at Twilio; `TWILIO_PER_SECOND`, a sender's rate; `TWILIO_BASE_URL`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from requests import RequestException
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)

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
from survey_app.messaging.providers.recognition import Whose, whose
from survey_app.messaging.providers.twilio_http import RebasedHttpClient, twilio_client

NAME = "twilio"
LONGEST_VALIDITY = timedelta(seconds=36000)
"""Twilio's own limit for `ValidityPeriod`."""
LISTED = 200
"""How many texts to one number are looked through."""
_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
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
        except (TwilioRestException, TwilioServiceException) as fault:
            return self._refusal(fault)
        except RequestException as fault:
            return after_no_answer(fault)
        except (TwilioException, ValueError, KeyError, TypeError):
            return Unclear("unreadable-answer")
        if not _is_well_formed(taken.sid):
            return Unclear("unreadable-answer")
        return Accepted(taken.sid) if self._is_about(taken, text) else Unclear("answer-differs")

    def find_by_body(
        self, to: str, body: str, since: datetime, *, message_id: int | None = None
    ) -> Lookup:
        """Look through the texts to this number, newest first.

        Twilio's date filter leaves out what it has not sent yet, so dates are compared here.
        Where numbers or words are masked, silence proves nothing.
        """
        if self._account.has_redaction:
            return CannotTell("redacted")
        try:
            listed = self._messages.list(to=to, limit=LISTED, page_size=100)
            is_whole = self._http.says_what_follows
            recent = self._messages.list(limit=20, page_size=20)
        except (RequestException, TwilioException, ValueError, KeyError, TypeError):
            return CannotTell("no-answer")
        found = _looked_through(listed, to, body, since)
        if not isinstance(found, NotThere):
            return found
        if not is_whole:
            return CannotTell("list-cut")
        if len(listed) == LISTED and _is_since(listed[-1], since):
            return CannotTell("too-many")
        return CannotTell("redacted") if any(_is_masked(t) for t in recent) else found

    def _is_about(self, taken: Any, text: OutgoingText) -> bool:
        """Whether an answer is about what was asked, in all that it says of it."""
        if taken.account_sid not in (None, self._account.sid):
            return False
        if self._account.has_redaction:
            return True
        is_to_them = not taken.to or taken.to == text.to
        return is_to_them and (not taken.body or whose(taken.body, text.body) is Whose.OURS)

    def _refusal(self, fault: TwilioRestException | TwilioServiceException) -> SendResult:
        code = _own_code(fault.code)
        result = after_status(fault.status, code, after=self._http.wait)
        if isinstance(result, Rejected):
            return Rejected(result.code, is_opt_out=result.code in OPTED_OUT_CODES)
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


def _looked_through(listed: Sequence[Any], to: str, body: str, since: datetime) -> Lookup:
    """What the listed texts, taken alone, say of the one that is looked for."""
    unclear: set[str] = set()
    for text in listed:
        found = whose(text.body, body)
        is_to_them = text.to == to
        if found is Whose.OURS and is_to_them and _is_well_formed(text.sid):
            return Found(text.sid)
        is_recognised = found is Whose.ANOTHERS and is_to_them
        if _is_since(text, since) and not is_recognised:
            unclear.add("redacted" if _is_masked(text) else "unrecognised")
    return CannotTell(min(unclear)) if unclear else NotThere()


def _is_since(listed: Any, since: datetime) -> bool:
    """A text without a date may be of any."""
    return listed.date_created is None or listed.date_created >= since


def _is_well_formed(sid: object) -> bool:
    return isinstance(sid, str) and bool(_SID.fullmatch(sid))


def _own_code(code: object) -> str | None:
    """One of Twilio's own error codes; None where the answer held none, and so was not Twilio's."""
    is_own = isinstance(code, int) and 10_000 <= code <= 99_999
    return str(code) if is_own else None


def _is_masked(listed: Any) -> bool:
    """Whether the account erases words or numbers, whatever our settings say."""
    is_outgoing = str(listed.direction or "").startswith("outbound")
    return is_outgoing and (not listed.body or bool(_MASKED.search(listed.to or "")))
