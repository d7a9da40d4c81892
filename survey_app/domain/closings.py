"""May a case be closed like this, and if not, what is wrong?"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey_app.domain.case_file_columns import DETAIL_LIMIT
from survey_app.domain.cases import ClosureReason
from survey_app.domain.closure_codes import DeclinedCode, WithdrewCode, codes_of
from survey_app.domain.programmes import Programme


class ClosingRefusal(StrEnum):
    """Why a case was not closed."""

    ALREADY_CLOSED = "already-closed"
    NO_DAY = "no-day"
    BEFORE_REFERRAL = "before-referral"
    IN_FUTURE = "in-future"
    UNKNOWN_REASON = "unknown-reason"
    CODE_MISSING = "code-missing"
    UNKNOWN_CODE = "unknown-code"
    TEXT_MISSING = "text-missing"
    TEXT_TOO_LONG = "text-too-long"
    DESTINATION_MISSING = "destination-missing"


@dataclass(frozen=True)
class Closing:
    """How a case ends. `destination`: to whom it was transferred."""

    on: date
    reason: ClosureReason
    code: str | None = None
    detail: str | None = None
    destination: str | None = None


def find_closing_refusals(
    closing: Closing, programme: Programme, *, referred_on: date, today: date
) -> tuple[ClosingRefusal, ...]:
    """Return all that is wrong with a closing of an open case."""
    codes = codes_of(closing.reason, programme.closure_codes.get(closing.reason, ()))
    checks = (
        (ClosingRefusal.IN_FUTURE, closing.on > today),
        (ClosingRefusal.BEFORE_REFERRAL, closing.on < referred_on),
        (ClosingRefusal.CODE_MISSING, bool(codes) and not closing.code),
        (ClosingRefusal.UNKNOWN_CODE, bool(closing.code) and closing.code not in codes),
        (ClosingRefusal.TEXT_MISSING, needs_text(closing) and not closing.detail),
        (ClosingRefusal.TEXT_TOO_LONG, len(closing.detail or "") > DETAIL_LIMIT),
        (
            ClosingRefusal.DESTINATION_MISSING,
            closing.reason is ClosureReason.TRANSFERRED and not closing.destination,
        ),
    )
    return tuple(refusal for refusal, stands in checks if stands)


def needs_text(closing: Closing) -> bool:
    """Whether the code alone says nothing: "other" needs words beside it."""
    is_other = closing.code in (DeclinedCode.OTHER, WithdrewCode.OTHER)
    return is_other or closing.reason is ClosureReason.OTHER
