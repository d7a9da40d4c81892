"""Is what somebody decided about a hold sound: a number, a birth date and a reason?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey_app.domain.cases import NumberKind
from survey_app.domain.file_cells import read_date
from survey_app.domain.hold_decisions import Choice, Evidence, choice_for, is_possible_birth
from survey_app.domain.safety_details import RecordedNumber
from survey_app.store.cases import Case
from survey_app.store.holds import Hold
from survey_app.store.people import Person
from survey_app.store.sealed import lookup_hash
from survey_app.store.unreadable import in_words
from survey_app.usecases.change_safety import number_as_recorded

STORED = "stored"
"""As a choice: what is recorded of the person now stays, even if that is nothing."""


class ReleaseRefusal(StrEnum):
    """Why a person stays held, or was not held at all."""

    NOT_HELD = "not-held"
    NO_LONGER_HELD = "no-longer-held"
    CHANGED_MEANWHILE = "changed-meanwhile"
    NOT_YOUR_CASE = "not-your-case"
    NO_REASON = "no-reason"
    MOBILE_NOT_CHOSEN = "mobile-not-chosen"
    MOBILE_NOT_ASKED = "mobile-not-asked"
    NOT_A_NUMBER = "not-a-number"
    BIRTH_NOT_CHOSEN = "birth-not-chosen"
    BIRTH_NOT_ASKED = "birth-not-asked"
    NOT_A_BIRTH_DATE = "not-a-birth-date"
    IMPOSSIBLE_BIRTH_DATE = "impossible-birth-date"


@dataclass(frozen=True)
class HoldDecision:
    """What somebody decided: `STORED`, one of the values seen, or another that they typed.

    None: nothing was chosen. `seen` is the `mark_of` what was shown; None where nothing was (the
    command line).
    """

    reason: str
    mobile: str | None = None
    date_of_birth: str | None = None
    seen: str | None = None


def mark_of(person: Person, holds: Sequence[Hold]) -> str:
    """A keyed mark of what contradicts and of what is recorded: another means that one changed."""
    parts = [f"{hold.id} {hold.evidence_hash}" for hold in holds]
    return lookup_hash(
        "\n".join([*parts, f"{in_words(person.mobile)} {in_words(person.date_of_birth)}"]), "held"
    )


def read_decision(
    holds: Sequence[Hold],
    cases: Sequence[Case],
    decision: HoldDecision,
    *,
    drama_allowed: bool,
) -> tuple[RecordedNumber | None, date | None, tuple[ReleaseRefusal, ...]]:
    """The number and the birth date to record (None: as it is), or all that is wrong."""
    asked = _choices_of(holds)
    referred = [each.referred_on for each in cases]
    number = _number(decision.mobile, Choice.MOBILE in asked, drama_allowed=drama_allowed)
    born_on = _birth(decision.date_of_birth, Choice.DATE_OF_BIRTH in asked, referred)
    refusals = [found for found in (number, born_on) if isinstance(found, ReleaseRefusal)]
    refusals += [] if decision.reason.strip() else [ReleaseRefusal.NO_REASON]
    if isinstance(number, ReleaseRefusal) or isinstance(born_on, ReleaseRefusal):
        return None, None, tuple(refusals)
    return number, born_on, tuple(refusals)


def _choices_of(holds: Sequence[Hold]) -> set[Choice]:
    """What whoever ends all of these holds has to choose."""
    found = (choice_for(hold.cause, Evidence.read(hold.readable_evidence).column) for hold in holds)
    return {choice for choice in found if choice is not None}


def _number(
    said: str | None, is_asked: bool, *, drama_allowed: bool
) -> RecordedNumber | ReleaseRefusal | None:
    if not (said or "").strip():
        return ReleaseRefusal.MOBILE_NOT_CHOSEN if is_asked else None
    if not is_asked:
        return ReleaseRefusal.MOBILE_NOT_ASKED
    if said == STORED:
        return None
    number = number_as_recorded(said, drama_allowed=drama_allowed)
    if number is None or number.kind in (NumberKind.NONE, NumberKind.INVALID):
        return ReleaseRefusal.NOT_A_NUMBER
    return number


def _birth(
    said: str | None, is_asked: bool, referred: Sequence[date]
) -> date | ReleaseRefusal | None:
    if not (said or "").strip():
        return ReleaseRefusal.BIRTH_NOT_CHOSEN if is_asked else None
    if not is_asked:
        return ReleaseRefusal.BIRTH_NOT_ASKED
    if said == STORED:
        return None
    born_on = read_date((said or "").strip())
    if not isinstance(born_on, date):
        return ReleaseRefusal.NOT_A_BIRTH_DATE
    if not is_possible_birth(born_on, referred):
        return ReleaseRefusal.IMPOSSIBLE_BIRTH_DATE
    return born_on
