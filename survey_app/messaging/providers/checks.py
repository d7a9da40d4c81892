"""Would texts leave through a provider, and would it reach us? Values; the words stand at the edge.

Asked by a person before a service goes live. No text is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import requests

from survey_app.messaging.providers.failures import TIMEOUT_SECONDS
from survey_app.settings import LOOPBACK_HOSTS


class Point(StrEnum):
    """What is looked at."""

    SETTINGS = "settings"
    CREDENTIALS = "credentials"
    SENDER = "sender"
    TEMPLATE = "template"
    WEBHOOK = "webhook"
    REPLIES = "replies"
    RETENTION = "retention"


class Finding(StrEnum):
    """What was found."""

    FINE = "fine"
    NOTHING_LEAVES = "nothing-leaves"
    MISSING = "missing"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NOT_ACTIVE = "not-active"
    SENDER_UNKNOWN = "sender-unknown"
    SENDER_MALFORMED = "sender-malformed"
    NAME_AS_SENDER = "name-as-sender"
    TEMPLATE_UNKNOWN = "template-unknown"
    TEMPLATE_WRONG = "template-wrong"
    ADDRESS_NOT_PUBLIC = "address-not-public"
    SIGNATURE_LOST = "signature-lost"
    ANSWERS_ODDLY = "answers-oddly"
    TOKEN_TOO_SHORT = "token-too-short"  # noqa: S105 (a finding, no token)
    REPLIES_GO_ELSEWHERE = "replies-go-elsewhere"
    WORDS_KEPT = "words-kept"


ADVICE = frozenset(
    {
        Finding.FINE,
        Finding.NOTHING_LEAVES,
        Finding.NAME_AS_SENDER,
        Finding.REPLIES_GO_ELSEWHERE,
        Finding.WORDS_KEPT,
    }
)
"""Findings with which texts leave and are heard of; the others stop that."""


@dataclass(frozen=True)
class Checked:
    """One point, what was found, and what it is about (a setting, an address; never a secret)."""

    point: Point
    finding: Finding
    about: str = ""

    @property
    def is_well(self) -> bool:
        """Whether texts can leave in spite of it."""
        return self.finding in ADVICE


def check_webhook(address: str, headers: Mapping[str, str]) -> Checked:
    """Call our own public address as the provider would; `headers` carry a good signature."""
    parts = urlsplit(address)
    if parts.scheme != "https" or (parts.hostname or "") in LOOPBACK_HOSTS:
        return Checked(Point.WEBHOOK, Finding.ADDRESS_NOT_PUBLIC, address)
    return call_webhook(address, headers)


def call_webhook(address: str, headers: Mapping[str, str]) -> Checked:
    """What answers there: 204 is us with the signature whole, 403 is us with it lost."""
    try:
        status = requests.post(
            address, headers=dict(headers), timeout=TIMEOUT_SECONDS, allow_redirects=False
        ).status_code
    except requests.RequestException:
        return Checked(Point.WEBHOOK, Finding.UNREACHABLE, address)
    found = {204: Finding.FINE, 403: Finding.SIGNATURE_LOST}
    return Checked(Point.WEBHOOK, found.get(status, Finding.ANSWERS_ODDLY), address)


def missing_settings(names: list[str]) -> list[Checked]:
    """One point for each setting that is not there."""
    return [Checked(Point.SETTINGS, Finding.MISSING, name) for name in names]


WebhookCheck = Callable[[str, Mapping[str, str]], Checked]
"""`check_webhook`, or `call_webhook` where a test serves the address on loopback."""
