"""What must a provider be able to do, and what can it answer?

Answers are values, never exceptions, because what must happen next differs: a text that may have
left is never sent again blindly. A provider maps its own errors to these; the timeout of a call is
its own duty and stays well under `leases.LEASE`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class OutgoingText:
    """What a provider is handed. `message_id` is ours: callbacks carry it back where they can.

    `valid_for`: how long the text may wait at the provider; None when there is no end in sight.
    """

    message_id: int
    to: str = field(repr=False)
    sender: str
    body: str = field(repr=False)
    valid_for: timedelta | None = None


@dataclass(frozen=True)
class Accepted:
    """The provider has taken the text on."""

    provider_message_id: str


@dataclass(frozen=True)
class Rejected:
    """The provider will never send this text: it said so in its own form, with its own code."""

    code: str
    is_opt_out: bool = False
    """The number's holder told the provider to stop."""


@dataclass(frozen=True)
class RetryLater:
    """Certainly not taken on: could not connect, or asked to slow down (429)."""

    code: str
    after: timedelta | None = None
    """How long the provider asked to wait, if it said."""


@dataclass(frozen=True)
class Unclear:
    """It may or may not have been taken on: the reply never came, or is not fully recognised."""

    reason: str


SendResult = Accepted | Rejected | RetryLater | Unclear


@dataclass(frozen=True)
class Found:
    """The provider's list holds this text: it has the link that was made for it."""

    provider_message_id: str


@dataclass(frozen=True)
class NotThere:
    """The provider's whole list was read, and every text to the number since then is recognised as
    another one."""


@dataclass(frozen=True)
class CannotTell:
    """The provider cannot be asked (bodies are redacted, or the list did not answer), or its list
    holds something that is not fully recognised. Never taken for absence."""

    reason: str


Lookup = Found | NotThere | CannotTell


class ReceiptStatus(StrEnum):
    """What a receipt amounts to, whatever the provider calls it."""

    ON_ITS_WAY = "on-its-way"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Receipt:
    """What a provider says about a text after taking it on. Never holds a number or a body."""

    provider: str
    provider_message_id: str
    status: ReceiptStatus
    said: str
    """The provider's own word for the status."""
    code: str | None = None
    message_id: int | None = None
    """Our id, where the callback carries it."""
    retry_token: str | None = None
    """The same when the provider tries one callback again."""


class SmsProvider(Protocol):
    """One carrier of texts."""

    @property
    def name(self) -> str:
        """As in `SMS_PROVIDER`."""

    def send(self, text: OutgoingText) -> SendResult:
        """Hand one text over. Called from one line of the whole application: `dispatch`."""

    def find_by_body(
        self, to: str, body: str, since: datetime, *, message_id: int | None = None
    ) -> Lookup:
        """Whether a text with these words went to this number since then; `message_id` is ours,
        for providers whose list carries it back."""
