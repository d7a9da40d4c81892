"""Which birth dates cannot be, and which contradict what else is recorded?"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from survey_app.domain.cases import Flag
from survey_app.domain.contact_facts import age_on
from survey_app.domain.holds import Contradiction, HoldCause

OLDEST: Final = 110
"""Whole years: who is said to be older on the referral day was born on another day."""

ADULT: Final = 18


def is_impossible_birth(born: date, referred_on: date) -> bool:
    """Whether nobody born then could be referred that day: unborn, or over 110."""
    return born > referred_on or age_on(referred_on, born) > OLDEST


def birth_contradictions(
    births: Iterable[date], flags: frozenset[Flag], referred_on: date, line: int
) -> list[Contradiction]:
    """Return what birth dates cannot be on the referral day: impossible, or an adult's though the
    case is flagged as a child's."""
    found = []
    for born in dict.fromkeys(births):
        if is_impossible_birth(born, referred_on):
            cause = HoldCause.BIRTH_DATE_IMPOSSIBLE
        elif Flag.CHILD in flags and age_on(referred_on, born) >= ADULT:
            cause = HoldCause.CHILD_AND_ADULT
        else:
            continue
        found.append(Contradiction(cause, "date_of_birth", (born.isoformat(),), (line,)))
    return found
