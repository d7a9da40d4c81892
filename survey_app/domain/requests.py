"""Which words describe a survey request, its texts and its responses (DOMAIN.md, FORMATS.md)?"""

from enum import StrEnum


class Wave(StrEnum):
    """When something is asked."""

    BASELINE = "baseline"
    REVIEW = "review"
    CLOSURE = "closure"
    FOLLOW_UP = "follow-up"


class Channel(StrEnum):
    """How someone is asked. `caseworker` is a reading the caseworker scores with the person."""

    SMS = "sms"
    PHONE = "phone"
    IN_PERSON = "in-person"
    CASEWORKER = "caseworker"


class Mode(StrEnum):
    """How a response was given."""

    SMS_LINK = "sms-link"
    PHONE = "phone"
    IN_PERSON = "in-person"
    PAPER = "paper"
    IMPORT = "import"


class ScoredBy(StrEnum):
    """Who scored a reading."""

    TOGETHER = "together"
    WORKER = "worker"
    CLIENT = "client"


class RequestState(StrEnum):
    """The one lifecycle of a request. `waiting`, `asked` and `started` are open."""

    WAITING = "waiting"
    ASKED = "asked"
    STARTED = "started"
    COMPLETED = "completed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether answers may still arrive."""
        return self in OPEN_STATES


OPEN_STATES = frozenset({RequestState.WAITING, RequestState.ASKED, RequestState.STARTED})


class EndReason(StrEnum):
    """Why a request ended."""

    ANSWERED = "answered"
    FINISHED_EARLY = "finished-early"
    IMPORTED = "imported"
    EXPIRED = "expired"
    CASE_CLOSED = "case-closed"
    CASE_REOPENED = "case-reopened"
    NO_LONGER_ELIGIBLE = "no-longer-eligible"
    WITHDRAWN_AT_GO_LIVE = "withdrawn-at-go-live"
    """It had waited while the service did not send, and a manager withdrew it unasked."""
    ANSWERS_WITHDRAWN = "answers-withdrawn"


class MessageKind(StrEnum):
    """What a text is for."""

    INVITATION = "invitation"
    REMINDER = "reminder"


class InvitationWording(StrEnum):
    """In which of the shipped wordings an invitation asks; the usual one unless a trial says so."""

    PERMISSION_FIRST = "permission-first"
    QUESTION_FIRST = "question-first"


USUAL_WORDING = InvitationWording.PERMISSION_FIRST


class MessageState(StrEnum):
    """Where a text is in the outbox (DESIGN.md, outbox); `delivered` follows `accepted`."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


A_PERSON_DECIDES = "a-person-decides"
"""Why a text stays unknown: its provider cannot say whether it left, so somebody has to."""
UNREADABLE = "unreadable"
"""Why a text is set aside: something sealed that it needs does not open."""
NUMBER_UNREADABLE = "number-unreadable"
"""Why a text is set aside: a number opens, but is not the one of the person whose row it is in."""
HANDLING_FAILED = "handling-failed"
"""Why a text is set aside: a fault of ours came up each time that it was dealt with."""
IDS_DISAGREE = "ids-disagree"
"""Why a text is in doubt: a callback to its own address carried another text's id. It is never sent
again by itself."""

SET_ASIDE = frozenset({UNREADABLE, NUMBER_UNREADABLE, HANDLING_FAILED})
LEFT_TO_A_PERSON = SET_ASIDE | {A_PERSON_DECIDES}
"""Reasons of unknown texts that wait for a person; everything else is asked of the provider."""


class AlertKind(StrEnum):
    """Why staff should look at a response or a reply."""

    FREE_TEXT = "free-text"
    CONTACT_WISH = "contact-wish"
    LOW_SAFETY = "low-safety"
    REPLY = "reply"
    UNSAFE_CALL = "unsafe-call"
