"""What a reading may say, and which one is due next."""

from datetime import date

import pytest

from survey_app.domain.readings import (
    NOTE_LIMIT,
    AreaNotes,
    Faulty,
    ReadingFault,
    ReadingGiven,
    answers_of,
    gaps,
    proposed_wave,
    reading_faults,
)
from survey_app.domain.requests import ScoredBy, Wave
from tests.links import SHIPPED

STAR = SHIPPED["adult-star", "1"]
REFERRED, TODAY = date(2026, 9, 18), date(2026, 11, 18)


def a_reading(**facts) -> ReadingGiven:
    facts = {
        "wave": Wave.BASELINE,
        "on": TODAY,
        "scored_by": ScoredBy.TOGETHER,
        "scores": {"safety": "3", "home": "10"},
    } | facts
    return ReadingGiven(**facts)


def faults(**facts) -> list[tuple[str, str | None]]:
    found = reading_faults(STAR, a_reading(**facts), referred_on=REFERRED, today=TODAY)
    return [(each.fault, each.area) for each in found]


def test_a_reading_of_some_areas_is_sound():
    assert faults() == []
    assert faults(on=REFERRED) == []
    assert faults(scores={"money": "prefer-not-to-say"}) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"scores": {"safety": "11"}}, (ReadingFault.SCORE_OUT_OF_RANGE, "safety")),
        ({"scores": {"safety": "0"}}, (ReadingFault.SCORE_OUT_OF_RANGE, "safety")),
        ({"scores": {"safety": "3", "luck": "3"}}, (ReadingFault.UNKNOWN_AREA, "luck")),
        ({"scores": {"safety": ""}}, (ReadingFault.NO_SCORES, None)),
        ({"on": date(2026, 9, 17)}, (ReadingFault.BEFORE_REFERRAL, None)),
        ({"on": date(2026, 11, 19)}, (ReadingFault.IN_THE_FUTURE, None)),
        ({"on": None}, (ReadingFault.DATE_MISSING, None)),
        (
            {"notes": {"home": AreaNotes(note="x" * (NOTE_LIMIT + 1))}},
            (ReadingFault.TOO_LONG, "home"),
        ),
        ({"notes": {"luck": AreaNotes(note="x")}}, (ReadingFault.UNKNOWN_AREA, "luck")),
    ],
)
def test_what_is_wrong_is_said_by_name(facts, expected):
    assert faults(**facts) == [expected]


def test_all_that_is_wrong_is_said_at_once():
    given = a_reading(scores={"safety": "99"}, on=None)
    found = reading_faults(STAR, given, referred_on=REFERRED, today=TODAY)
    assert found == (
        Faulty(ReadingFault.SCORE_OUT_OF_RANGE, "safety"),
        Faulty(ReadingFault.DATE_MISSING),
    )


def test_answers_stand_in_the_order_of_the_star_without_blanks():
    given = a_reading(scores={"self-belief": "2", "home": "", "safety": "4"})
    found = answers_of(STAR, given)
    assert [(area, answer.codes) for area, answer in found.items()] == [
        ("safety", ("4",)),
        ("self-belief", ("2",)),
    ]


@pytest.mark.parametrize(
    ("recorded", "is_closed", "expected"),
    [
        ([], False, Wave.BASELINE),
        ([Wave.BASELINE], False, Wave.REVIEW),
        ([Wave.BASELINE, Wave.REVIEW], False, Wave.CLOSURE),
        ([Wave.REVIEW], False, Wave.BASELINE),
        ([Wave.BASELINE, Wave.REVIEW, Wave.CLOSURE], False, Wave.REVIEW),
        ([], True, Wave.CLOSURE),
        ([Wave.BASELINE], True, Wave.CLOSURE),
        ([Wave.CLOSURE], True, Wave.BASELINE),
        ([Wave.BASELINE, Wave.CLOSURE], True, Wave.CLOSURE),
    ],
)
def test_the_wave_that_is_missing_is_proposed(recorded, is_closed, expected):
    assert proposed_wave(recorded, is_closed=is_closed) is expected


def test_a_gap_is_how_far_the_person_scores_above_the_worker():
    assert gaps({"safety": 4, "home": 5, "money": 1}, {"safety": 6, "home": 2, "health": 3}) == {
        "safety": 2,
        "home": -3,
    }
