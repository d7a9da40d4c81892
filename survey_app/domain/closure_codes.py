"""Which coded reasons are there for a case that ended because someone declined or withdrew?

Reasons buried in text cannot be counted (DOMAIN.md, "What services complain of today"). The lists
here hold for every service; a programme may add codes with words of its own.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from survey_app.domain.cases import ClosureReason
from survey_app.domain.definitions import Definition, Slug, Wording


class DeclinedCode(StrEnum):
    """Why someone did not want support."""

    NO_NEED = "no-need"
    SUPPORTED_ELSEWHERE = "supported-elsewhere"
    NOT_NOW = "not-now"
    NO_WISH_TO_TALK = "no-wish-to-talk"
    NOT_A_CRIME_TO_THEM = "not-a-crime-to-them"
    FEAR_OF_CONSEQUENCES = "fear-of-consequences"
    NO_TRUST = "no-trust"
    NOT_WHAT_WAS_WANTED = "not-what-was-wanted"
    NO_REASON_GIVEN = "no-reason-given"
    OTHER = "other"


class WithdrewCode(StrEnum):
    """Why someone stopped support that had begun."""

    NEEDS_MET = "needs-met"
    SUPPORTED_ELSEWHERE = "supported-elsewhere"
    MOVED_AWAY = "moved-away"
    NO_TIME = "no-time"
    FEAR_OF_CONSEQUENCES = "fear-of-consequences"
    CASE_DROPPED = "case-dropped"
    UNHAPPY_WITH_SUPPORT = "unhappy-with-support"
    WAITED_TOO_LONG = "waited-too-long"
    NO_REASON_GIVEN = "no-reason-given"
    OTHER = "other"


class OwnCode(Definition):
    """A code that a programme adds, with its words."""

    code: Slug
    text: Wording


OwnCodes = Annotated[tuple[OwnCode, ...], Field(max_length=20)]

_SHARED: dict[ClosureReason, tuple[str, ...]] = {
    ClosureReason.DECLINED: tuple(DeclinedCode),
    ClosureReason.WITHDREW: tuple(WithdrewCode),
}


def codes_of(reason: ClosureReason, own: tuple[OwnCode, ...] = ()) -> tuple[str, ...]:
    """Return the codes of a closure reason, the programme's own before the last, which is other."""
    shared = _SHARED.get(reason, ())
    added = tuple(each.code for each in own if each.code not in shared)
    return (*shared[:-1], *added, *shared[-1:]) if shared else added
