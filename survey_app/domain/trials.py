"""What is a trial of two wordings or send times, who is in it, in which arm, and when is it over?

A trial changes how the first text is worded or at what time of day it leaves, and nothing else
(docs/decisions/trials-of-wording.md). Whoever has a flag is never in one. The randomness is a key
that the trial is given when it starts: it is told here, never drawn.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from survey_app.domain.cases import Flag
from survey_app.domain.contact_facts import age_on
from survey_app.domain.safe_hours import LONDON, SafeHours, are_all_open_at

ADULT_AGE = 18


class TrialKind(StrEnum):
    """What is tried."""

    WORDING = "wording"
    SEND_TIME = "send-time"


class Arm(StrEnum):
    """Which of the two a person gets."""

    FIRST = "first"
    SECOND = "second"


class TrialState(StrEnum):
    """The one way of a trial; it may end from each of the others."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    RUNNING = "running"
    ENDED = "ended"


class TrialEnd(StrEnum):
    """What ended a trial."""

    SOMEBODY = "somebody"
    SIZE_REACHED = "size-reached"
    LAST_DAY_OVER = "last-day-over"


class LeftOut(StrEnum):
    """Why somebody invited while a trial ran is not in it; the first that holds is given."""

    FLAGS_NOT_RECORDED = "flags-not-recorded"
    FLAGGED = "flagged"
    YOUNG = "young"
    KNOWN_BEFORE = "known-before"


@dataclass(frozen=True)
class PersonStanding:
    """What decides whether somebody may be in a trial.

    `flags` are those of all their cases, recorded or meant by a crime category of the service's map
    or of the usual one; `known_since` is when the person was first known to the service.
    """

    flags: frozenset[Flag]
    are_flags_recorded: bool
    is_young_person: bool
    born_on: date | None
    known_since: datetime


def why_left_out(
    kind: TrialKind, started_at: datetime, standing: PersonStanding, today: date
) -> LeftOut | None:
    """Why this person is left out of a trial that started then; None when they may be in it.

    Of a wording, whoever was known before the trial started: they may have been shown their text,
    word for word, and get that one (DOMAIN.md, safety rule 4).
    """
    if not standing.are_flags_recorded:
        return LeftOut.FLAGS_NOT_RECORDED
    if standing.flags:
        return LeftOut.FLAGGED
    if _is_young(standing, today):
        return LeftOut.YOUNG
    if kind is TrialKind.WORDING and standing.known_since < started_at:
        return LeftOut.KNOWN_BEFORE
    return None


def _is_young(standing: PersonStanding, today: date) -> bool:
    born_on = standing.born_on
    return standing.is_young_person or (born_on is not None and age_on(today, born_on) < ADULT_AGE)


def arm_of(key: str, person_id: int) -> Arm:
    """The arm of a person: by chance for whoever does not hold the trial's key, and always the same
    for whoever does, so that nobody moves over cases, requests and texts."""
    drawn = hmac.new(key.encode(), str(person_id).encode(), "sha256").digest()
    return Arm.SECOND if drawn[0] & 1 else Arm.FIRST


def why_over(size: int, last_day: date, people: int, today: date) -> TrialEnd | None:
    """Whether a running trial with so many people in it is over by its plan on a London day."""
    if people >= size:
        return TrialEnd.SIZE_REACHED
    return TrialEnd.LAST_DAY_OVER if today > last_day else None


def leaves_at(
    at: time, allowed_from: datetime, hours: Sequence[SafeHours], expires_at: datetime
) -> datetime:
    """When a first text leaves that is tried at this time, and may leave from `allowed_from` on.

    That time's first coming, at most a day later. Where it lies outside somebody's hours, or comes
    only after the request has ended, the trial moves nothing: the text leaves as it would have.
    """
    wanted = _next_coming(at, allowed_from)
    is_in_hours = are_all_open_at(tuple(hours), wanted)
    return wanted if is_in_hours and wanted < expires_at else allowed_from


def _next_coming(at: time, not_before: datetime) -> datetime:
    day = not_before.astimezone(LONDON).date()
    today = datetime.combine(day, at, LONDON).astimezone(UTC)
    if today >= not_before:
        return today
    return datetime.combine(day + timedelta(days=1), at, LONDON).astimezone(UTC)
