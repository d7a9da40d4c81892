"""Builders: a reading as the desk records it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.readings import ReadingGiven
from survey_app.domain.requests import ScoredBy, Wave
from survey_app.store.cases import Case
from survey_app.usecases.readings.record import record_reading
from survey_app.usecases.readings.star import star_of
from tests.world import NOON

DAY = date(2026, 11, 2)
ADULT_AREAS = (
    "safety",
    "home",
    "health",
    "feelings",
    "money",
    "people-around-me",
    "justice-process",
    "work-and-learning",
    "self-belief",
)


def given(**facts: Any) -> ReadingGiven:
    """A first reading, scored together, of every area at 4; `scores` of some areas instead."""
    facts = {
        "wave": Wave.BASELINE,
        "on": DAY,
        "scored_by": ScoredBy.TOGETHER,
        "scores": dict.fromkeys(ADULT_AREAS, "4"),
    } | facts
    return ReadingGiven(**facts)


def record(session: Session, case: Case, account_id: int, **facts: Any) -> Any:
    """Record it; what the use case answers."""
    star = star_of(session, case)
    return record_reading(session, case, star, given(**facts), account_id=account_id, now=NOON)
