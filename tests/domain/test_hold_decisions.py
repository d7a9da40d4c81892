"""What is chosen to end a hold, and by whom."""

from datetime import date

import pytest

from survey_app.domain.cases import Role
from survey_app.domain.hold_decisions import (
    Choice,
    Evidence,
    choice_for,
    is_possible_birth,
    kind_of_values,
    may_decide,
)
from survey_app.domain.holds import HoldCause

CHOSEN = {
    HoldCause.SEVERAL_NUMBERS: Choice.MOBILE,
    HoldCause.CLIENT_CHANGED: Choice.MOBILE,
    HoldCause.SEVERAL_BIRTH_DATES: Choice.DATE_OF_BIRTH,
    HoldCause.BIRTH_DATE_IMPOSSIBLE: Choice.DATE_OF_BIRTH,
    HoldCause.CHILD_AND_ADULT: Choice.DATE_OF_BIRTH,
    HoldCause.CARE_UNREADABLE: None,
    HoldCause.ROW_UNREADABLE: None,
    HoldCause.ROWS_DISAGREE: None,
    HoldCause.MANY_CASES: None,
}


@pytest.mark.parametrize("cause", list(HoldCause))
def test_each_cause_says_what_is_to_be_chosen(cause: HoldCause):
    assert choice_for(cause, "") is CHOSEN[cause]


def test_an_unreadable_number_is_a_number_to_choose():
    assert choice_for(HoldCause.CARE_UNREADABLE, "mobile") is Choice.MOBILE
    assert choice_for(HoldCause.CARE_UNREADABLE, "do_not_contact") is None


def test_values_of_another_column_are_no_numbers_though_a_number_is_to_be_chosen():
    cause = HoldCause.SEVERAL_NUMBERS
    assert kind_of_values(cause, "mobile") is kind_of_values(cause, "") is Choice.MOBILE
    assert kind_of_values(cause, "client_ref") is None
    assert choice_for(cause, "client_ref") is Choice.MOBILE


@pytest.mark.parametrize(
    ("roles", "caseworkers", "expected"),
    [
        ({Role.MANAGER}, {7}, True),
        ({Role.CASEWORKER}, {1, 7}, True),
        ({Role.CASEWORKER}, {7}, False),
        ({Role.CASEWORKER}, set(), True),
        ({Role.INTERVIEWER, Role.COMMISSIONER, Role.ADMINISTRATOR}, {1}, False),
        ({Role.INTERVIEWER, Role.COMMISSIONER, Role.ADMINISTRATOR}, set(), False),
        (set(), set(), False),
    ],
)
def test_their_caseworker_or_a_manager_decides(roles, caseworkers, expected):
    assert may_decide(roles, 1, caseworkers) is expected


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(1986, 11, 18), True),
        (date(1915, 9, 19), True),
        (date(1915, 9, 18), False),
        (date(2026, 9, 18), True),
        (date(2026, 9, 19), False),
    ],
)
def test_nobody_is_referred_before_birth_or_after_110(born_on, expected):
    assert is_possible_birth(born_on, [date(2026, 9, 18)]) is expected


def test_evidence_is_read_whatever_is_missing_or_more():
    assert Evidence.read({}) == Evidence()
    assert Evidence.read({"lines": None, "values": "x", "column": None, "more": 1}) == Evidence()
    full = {"column": "mobile", "values": ["a", 7], "lines": [2, "x", 3], "file": "c.csv"}
    assert Evidence.read(full) == Evidence("mobile", ("a", "7"), (2, 3), "c.csv")
