"""How does a text leave through GOV.UK Notify, and how is Notify asked whether one did?

Some public bodies may use nothing else. Notify sends from templates: ours is the one whose whole
content is `((text))`. Settings: `NOTIFY_API_KEY`; optional `NOTIFY_TEMPLATE_ID` (else ours is
looked for), `NOTIFY_SENDER_ID`, `NOTIFY_CALLBACK_TOKEN`, `NOTIFY_BASE_URL`. Notify has no validity
period and tries for up to 72 hours: a text may arrive outside safe hours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from requests import RequestException

from survey_app.messaging.numbers import classify
from survey_app.messaging.providers.failures import (
    TIMEOUT_SECONDS,
    after_no_answer,
    after_status,
    asked_wait,
)
from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    Lookup,
    NotThere,
    OutgoingText,
    RetryLater,
    SendResult,
    Unclear,
)
from survey_app.messaging.providers.quiet import silence_clients
from survey_app.messaging.providers.recognition import Whose, whose

NAME = "notify"
BASE_URL = "https://api.notifications.service.gov.uk"
PLACEHOLDER = "text"
MOST_PAGES = 20
"""Of 250 texts each: how far back the list is read."""
_KEY_LENGTH = 73
"""A key ends in the service's UUID, a dash, and the secret UUID."""


@dataclass(frozen=True)
class NotifyAccount:
    """One service at Notify, as the settings name it."""

    api_key: str = field(repr=False)
    template_id: str = ""
    sender_id: str = ""
    callback_token: str = field(default="", repr=False)
    base_url: str = BASE_URL

    @classmethod
    def from_options(cls, options: Mapping[str, str]) -> Self:
        """Read the `NOTIFY_...` settings."""
        return cls(
            api_key=options.get("NOTIFY_API_KEY", ""),
            template_id=options.get("NOTIFY_TEMPLATE_ID", ""),
            sender_id=options.get("NOTIFY_SENDER_ID", ""),
            callback_token=options.get("NOTIFY_CALLBACK_TOKEN", ""),
            base_url=options.get("NOTIFY_BASE_URL") or BASE_URL,
        )

    def missing(self) -> list[str]:
        """The settings without which no text can leave, by name."""
        return [] if len(self.api_key) >= _KEY_LENGTH else ["NOTIFY_API_KEY"]


class NotifyProvider:
    """Sends through one service at Notify."""

    name = NAME

    def __init__(self, account: NotifyAccount, *, timeout: float = TIMEOUT_SECONDS) -> None:
        silence_clients()
        self._account = account
        self._client = notify_client(account, timeout)
        self._template_id = account.template_id

    def send(self, text: OutgoingText) -> SendResult:
        """Hand one text over; every way in which that can end is a value."""
        try:
            self._template_id = self._template_id or find_template(self._client) or ""
        except HTTPError as fault:
            if fault.response is None:
                return RetryLater("no-connection")
            return RetryLater(error_name(fault), after=asked_wait(fault.response.headers))
        except (RequestException, APIError, ValueError, KeyError, TypeError):
            return RetryLater("no-template")
        if not self._template_id:
            return RetryLater("no-template")
        return self._hand_over(text)

    def _hand_over(self, text: OutgoingText) -> SendResult:
        try:
            taken = self._client.send_sms_notification(
                phone_number=text.to,
                template_id=self._template_id,
                personalisation={PLACEHOLDER: text.body},
                reference=str(text.message_id),
                sms_sender_id=self._sender_id(text.sender),
            )
        except HTTPError as fault:
            return _refusal(fault)
        except RequestException as fault:
            return after_no_answer(fault)
        except (APIError, ValueError):
            return Unclear("unreadable-answer")
        if not isinstance(taken, dict) or not _is_well_formed(taken.get("id")):
            return Unclear("unreadable-answer")
        return Accepted(taken["id"]) if _is_about(taken, text) else Unclear("answer-differs")

    def find_by_body(
        self, to: str, body: str, since: datetime, *, message_id: int | None = None
    ) -> Lookup:
        """Look through what Notify took on since then, newest first."""
        is_doubtful = False
        try:
            for listed in self._listed():
                if listed["created_at"] is not None and _instant(listed["created_at"]) < since:
                    break
                match whose_notification(listed, to, body, message_id):
                    case Whose.OURS:
                        return Found(listed["id"])
                    case Whose.UNRECOGNISED:
                        is_doubtful = True
        except (RequestException, APIError, ValueError, KeyError, TypeError):
            return CannotTell("no-answer")
        except _TooMany:
            return CannotTell("too-many")
        return CannotTell("unrecognised") if is_doubtful else NotThere()

    def _listed(self) -> Iterator[dict[str, Any]]:
        """Every text, newest first, page after page."""
        last_id = None
        for _ in range(MOST_PAGES):
            page = self._client.get_all_notifications(template_type="sms", older_than=last_id)
            listed = page["notifications"]
            if not listed:
                return
            yield from listed
            last_id = listed[-1]["id"]
        raise _TooMany

    def _sender_id(self, sender: str) -> str | None:
        """Notify knows senders by id: a service that names one overrides the installation's."""
        return sender if _is_uuid(sender) else (self._account.sender_id or None)


class _TooMany(Exception):
    """More was sent since than is looked through."""


def whose_notification(
    listed: Mapping[str, Any], to: str, body: str, message_id: int | None
) -> Whose:
    """Whose a listed text is. Number, words and (where Notify gives it) our reference have to
    agree, on ours as on another's."""
    number = classify(str(listed.get("phone_number") or ""), drama_allowed=True).e164
    found = whose(listed.get("body"), body)
    if number is not None and number != to:
        return Whose.ANOTHERS
    is_named = message_id is not None and listed.get("reference") is not None
    is_by_reference = is_named and listed["reference"] == str(message_id)
    if number is None or (is_named and is_by_reference is not (found is Whose.OURS)):
        return Whose.UNRECOGNISED
    return found if found is not Whose.OURS or _is_well_formed(listed["id"]) else Whose.UNRECOGNISED


def _is_about(taken: Mapping[str, Any], text: OutgoingText) -> bool:
    """Whether an answer is about what was asked, in all that it says of it."""
    content = taken.get("content")
    said = content.get("body") if isinstance(content, dict) else None
    is_to_them = taken.get("phone_number") in (None, text.to)
    is_by_reference = taken.get("reference") in (None, str(text.message_id))
    is_in_words = not said or whose(said, text.body) is Whose.OURS
    return is_to_them and is_by_reference and is_in_words


def _is_well_formed(notification_id: object) -> bool:
    return isinstance(notification_id, str) and _is_uuid(notification_id)


def notify_client(account: NotifyAccount, timeout: float) -> NotificationsAPIClient:
    """The official client, at the address that the settings name."""
    return NotificationsAPIClient(account.api_key, base_url=account.base_url, timeout=timeout)


def find_template(client: NotificationsAPIClient) -> str | None:
    """The id of the first template that sends our words as they are; no call ever sends by this."""
    listed = client.get_all_templates("sms")["templates"]
    return next((each["id"] for each in listed if is_our_template(each)), None)


def is_our_template(template: Mapping[str, Any]) -> bool:
    """Whether a template's whole content is our placeholder."""
    is_text = template.get("type") == "sms"
    return is_text and str(template.get("body", "")).strip() == f"(({PLACEHOLDER}))"


def _refusal(fault: HTTPError) -> SendResult:
    """The client wraps "no answer" as a 503 of its own: what it wrapped tells them apart."""
    if fault.response is None:
        cause = fault.__cause__
        return (
            after_no_answer(cause) if isinstance(cause, RequestException) else Unclear("no-answer")
        )
    name = _own_name(fault)
    return after_status(
        # Notify answers 403, not 401, to a key that it does not know.
        401 if name == "AuthError" else fault.status_code,
        name,
        after=asked_wait(fault.response.headers),
    )


def error_name(fault: HTTPError) -> str:
    """Notify's own name for what was wrong, never its words: those may quote the number."""
    return _own_name(fault) or f"http-{fault.status_code}"


def _own_name(fault: HTTPError) -> str | None:
    """None where the answer held none, and so was not Notify's."""
    errors = fault.message
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        name = str(errors[0].get("error", ""))
        if name.isascii() and name.isalnum():
            return name
    return None


def _instant(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _is_uuid(sender: str) -> bool:
    try:
        return str(UUID(sender)) == sender.lower()
    except ValueError:
        return False
