"""Which star readings does the programme want of a case, and which of them are owed today?

The one answer for the first page of the day, the case and the coverage that managers see. A reading
is the caseworker's to score; what the person answers over a link is `domain.waves`' matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from survey_app.domain.asks import Ask
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import Wave
from survey_app.domain.tiers import Eligible, eligibility
from survey_app.domain.wave_plans import CaseFacts

GRACE = timedelta(days=7)
"""How long a reading is due before it counts as overdue."""


class ReadingStanding(StrEnum):
    """Where a wanted reading stands on a day."""

    NOT_YET = "not-yet"
    DUE = "due"
    OVERDUE = "overdue"
    MISSED = "missed"
    DONE = "done"


OWED = frozenset({ReadingStanding.DUE, ReadingStanding.OVERDUE})


@dataclass(frozen=True)
class WantedReading:
    """One reading that the programme wants: on which instrument, from which day on."""

    wave: Wave
    instrument: str
    due_on: date
    standing: ReadingStanding

    @property
    def is_owed(self) -> bool:
        """Whether somebody should score it now."""
        return self.standing in OWED


def wanted_readings(
    case: CaseFacts,
    programme: Programme,
    today: date,
    *,
    known_on: date,
    scored: Mapping[Wave, date],
) -> tuple[WantedReading, ...]:
    """Return the readings that the programme wants of a case, in their order in time.

    `known_on` is the day on which the case was first known here: nothing is owed before it.
    `scored` has the day of the first standing reading of each wave, on any star instrument.

    - The first reading is owed from the referral on, for as long as the case is open: better late.
    - The review counts from the first reading where that came late, and waits for it.
    - The closure reading is owed from the closing day until its link would expire, by cases that
      are eligible; of a case that arrived as history it is missed at once.
    """
    wanted = (
        _baseline(case, programme, today, known_on, scored),
        _review(case, programme, today, known_on, scored),
        _closure(case, programme, today, known_on, scored),
    )
    return tuple(reading for reading in wanted if reading is not None)


def _baseline(
    case: CaseFacts, programme: Programme, today: date, known_on: date, scored: Mapping[Wave, date]
) -> WantedReading | None:
    ask = programme.baseline.get(case.opening_support_level)
    if ask is None:
        return None
    due_on = max(case.referred_on + timedelta(days=ask.after_days), known_on)
    standing = _while_open(case, today, due_on, is_done=Wave.BASELINE in scored)
    return _reading(Wave.BASELINE, ask, case, due_on, standing)


def _review(
    case: CaseFacts, programme: Programme, today: date, known_on: date, scored: Mapping[Wave, date]
) -> WantedReading | None:
    ask = programme.review.get(case.support_level)
    if ask is None:
        return None
    counted_from = max(case.referred_on, scored.get(Wave.BASELINE, case.referred_on))
    due_on = max(counted_from + timedelta(days=ask.after_days), known_on)
    standing = _while_open(case, today, due_on, is_done=Wave.REVIEW in scored)
    first = programme.baseline.get(case.opening_support_level)
    waits = first is not None and first.reading is not None and Wave.BASELINE not in scored
    if standing in OWED and waits:
        standing = ReadingStanding.NOT_YET
    return _reading(Wave.REVIEW, ask, case, due_on, standing)


def _closure(
    case: CaseFacts, programme: Programme, today: date, known_on: date, scored: Mapping[Wave, date]
) -> WantedReading | None:
    if case.closed_on is None:
        return None
    verdict = eligibility(
        programme,
        support_level=case.support_level,
        deliveries=case.deliveries,
        closure_reason=case.closure_reason,
    )
    ask = programme.closure.get(verdict.tier) if isinstance(verdict, Eligible) else None
    if ask is None:
        return None
    until = case.closed_on + timedelta(days=ask.after_days + ask.expires_after_days)
    is_history = (known_on - case.closed_on).days > programme.history_after_days
    if Wave.CLOSURE in scored:
        standing = ReadingStanding.DONE
    elif is_history or today >= until:
        standing = ReadingStanding.MISSED
    else:
        standing = _from(case.closed_on, today)
    return _reading(Wave.CLOSURE, ask, case, case.closed_on, standing)


def _while_open(case: CaseFacts, today: date, due_on: date, *, is_done: bool) -> ReadingStanding:
    if is_done:
        return ReadingStanding.DONE
    return ReadingStanding.MISSED if case.closed_on is not None else _from(due_on, today)


def _from(due_on: date, today: date) -> ReadingStanding:
    if today < due_on:
        return ReadingStanding.NOT_YET
    return ReadingStanding.OVERDUE if today > due_on + GRACE else ReadingStanding.DUE


def _reading(
    wave: Wave, ask: Ask, case: CaseFacts, due_on: date, standing: ReadingStanding
) -> WantedReading | None:
    key = ask.reading_for(is_young_person=case.is_young_person)
    return None if key is None else WantedReading(wave, key, due_on, standing)
