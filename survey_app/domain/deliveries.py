"""What is a service delivery, and what may be written down of one? (DOMAIN.md, "Words")"""

from datetime import date
from enum import StrEnum

MOST_AT_ONCE = 50
"""Of one kind on one day: more is a slip of the finger."""


class DeliveryKind(StrEnum):
    """What was done for someone."""

    CALL = "call"
    SESSION = "session"
    VISIT = "visit"
    ADVOCACY = "advocacy"
    COURT = "court"
    TARGET_HARDENING = "target-hardening"
    PRACTICAL_HELP = "practical-help"
    ONWARD_REFERRAL = "onward-referral"
    OTHER = "other"


class DeliveryRefusal(StrEnum):
    """Why a delivery was not written down."""

    UNKNOWN_KIND = "unknown-kind"
    NOT_A_COUNT = "not-a-count"
    NONE_AT_ALL = "none-at-all"
    TOO_MANY = "too-many"
    NO_DAY = "no-day"
    BEFORE_REFERRAL = "before-referral"
    IN_FUTURE = "in-future"
    AFTER_CLOSING = "after-closing"


def find_delivery_refusal(
    on: date, count: int, *, referred_on: date, closed_on: date | None, today: date
) -> DeliveryRefusal | None:
    """Return what stands against so many deliveries on this day, or None."""
    if count < 1:
        return DeliveryRefusal.NONE_AT_ALL
    if count > MOST_AT_ONCE:
        return DeliveryRefusal.TOO_MANY
    if on > today:
        return DeliveryRefusal.IN_FUTURE
    if on < referred_on:
        return DeliveryRefusal.BEFORE_REFERRAL
    if closed_on is not None and on > closed_on:
        return DeliveryRefusal.AFTER_CLOSING
    return None
