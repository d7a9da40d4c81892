"""Which star readings are owed on which day: one table for Today, the case and coverage."""

from datetime import date, timedelta
from typing import Any

import pytest

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.readings_due import ReadingStanding, wanted_readings
from survey_app.domain.requests import Wave
from survey_app.domain.wave_plans import CaseFacts
from survey_app.store.programmes import shipped_programmes

PROGRAMME = shipped_programmes()["standard"]
REFERRED = date(2026, 9, 1)
CLOSED = date(2026, 11, 2)


def day(n: int) -> date:
    return REFERRED + timedelta(days=n)


def standings(today: date, scored: dict[Wave, date] | None = None, **facts: Any) -> dict[Wave, str]:
    known_on = facts.pop("known_on", REFERRED)
    case = CaseFacts(
        **{
            "referred_on": REFERRED,
            "opening_support_level": SupportLevel.CASEWORKER,
            "support_level": SupportLevel.CASEWORKER,
            "deliveries": 4,
            **facts,
        }
    )
    found = wanted_readings(case, PROGRAMME, today, known_on=known_on, scored=scored or {})
    return {reading.wave: reading.standing for reading in found}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (-1, "not-yet"),
        (0, "due"),
        (7, "due"),
        (8, "overdue"),
        (400, "overdue"),
    ],
)
def test_a_first_reading_is_owed_from_the_referral_for_as_long_as_the_case_is_open(today, expected):
    assert standings(day(today))[Wave.BASELINE] == expected


def test_nothing_is_owed_before_the_case_was_known_here():
    assert standings(day(5), known_on=day(6))[Wave.BASELINE] == "not-yet"
    assert standings(day(13), known_on=day(6))[Wave.BASELINE] == "due"


@pytest.mark.parametrize(
    ("today", "first_on", "expected"),
    [
        (27, 2, "not-yet"),
        (30, 2, "due"),
        (38, 2, "overdue"),
        (60, None, "not-yet"),
        (45, 40, "not-yet"),
        (68, 40, "due"),
    ],
)
def test_the_review_counts_from_the_first_reading_and_waits_for_it(today, first_on, expected):
    scored = {} if first_on is None else {Wave.BASELINE: day(first_on)}
    assert standings(day(today), scored)[Wave.REVIEW] == expected


@pytest.mark.parametrize(
    ("after", "expected"), [(0, "due"), (7, "due"), (8, "overdue"), (30, "overdue"), (31, "missed")]
)
def test_the_closure_reading_is_owed_until_its_link_would_expire(after, expected):
    today = CLOSED + timedelta(days=after)
    assert standings(today, closed_on=CLOSED)[Wave.CLOSURE] == expected


def test_what_was_scored_is_done_and_what_was_not_before_the_closing_is_missed():
    scored = {Wave.BASELINE: day(3), Wave.CLOSURE: CLOSED}
    assert standings(CLOSED, scored, closed_on=CLOSED) == {
        Wave.BASELINE: ReadingStanding.DONE,
        Wave.REVIEW: ReadingStanding.MISSED,
        Wave.CLOSURE: ReadingStanding.DONE,
    }


@pytest.mark.parametrize(
    "facts",
    [
        {"closure_reason": ClosureReason.DECLINED},
        {"closure_reason": ClosureReason.TRANSFERRED},
        {"deliveries": 0},
        {"support_level": SupportLevel.COMMUNITY},
    ],
)
def test_who_is_not_eligible_owes_no_closure_reading(facts):
    assert Wave.CLOSURE not in standings(CLOSED, closed_on=CLOSED, **facts)


def test_a_community_case_wants_no_reading_at_all():
    level = SupportLevel.COMMUNITY
    assert standings(day(30), opening_support_level=level, support_level=level) == {}


def test_a_case_that_arrived_as_history_missed_its_closure_reading():
    facts = {"closed_on": CLOSED, "known_on": CLOSED + timedelta(days=15)}
    assert standings(CLOSED + timedelta(days=16), **facts)[Wave.CLOSURE] == "missed"


def test_the_instrument_goes_by_age():
    case = CaseFacts(
        referred_on=REFERRED,
        opening_support_level=SupportLevel.CASEWORKER,
        support_level=SupportLevel.CASEWORKER,
        deliveries=0,
        is_young_person=True,
    )
    [first, _review] = wanted_readings(case, PROGRAMME, REFERRED, known_on=REFERRED, scored={})
    assert (first.instrument, first.is_owed) == ("young-person-star", True)
