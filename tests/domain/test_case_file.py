"""One row of a cases file: what it says, and every way in which it can be wrong."""

from datetime import date, time

import pytest

from survey_app.domain.case_file import CaseRow, read_case_row

TODAY = date(2026, 11, 18)
SOUND = {
    "case_ref": "C-1",
    "referred_on": "2026-11-01",
    "support_level": "community",
    "deliveries": "2",
}


def read(**cells):
    return read_case_row(7, SOUND | cells, TODAY)


def test_the_required_columns_are_enough():
    row = read()
    assert isinstance(row, CaseRow)
    assert (row.line, row.case_ref, row.client_ref) == (7, "C-1", None)
    assert row.case == {
        "referred_on": date(2026, 11, 1),
        "support_level": "community",
        "deliveries": 2,
    }
    assert (row.person, row.safety) == ({}, {})


def test_an_empty_cell_is_not_recorded_and_a_missing_column_says_nothing():
    row = read(flags="", ethnicity="", sms_consent="", client_ref="")
    assert (row.case["flags"], row.person, row.safety) == (
        None,
        {"ethnicity": None},
        {"sms_consent": None},
    )
    assert "closed_on" not in row.case


def test_days_and_instants_are_kept_apart():
    row = read(first_attempt_at="2026-11-02T10:00Z", second_attempt_at="03/11/2026", review_on="")
    assert row.case["first_attempt_on"] == date(2026, 11, 2)
    assert row.case["first_attempt_at"].hour == 10
    assert row.case["second_attempt_on"] == date(2026, 11, 3)
    assert (row.case["second_attempt_at"], row.case["review_on"]) == (None, None)


@pytest.mark.parametrize(
    ("cell", "born", "why_not"),
    [
        ("01/02/1990", date(1990, 2, 1), None),
        ("declined", None, "declined"),
        ("Not-Asked", None, "not-asked"),
        ("", None, None),
    ],
)
def test_why_there_is_no_birth_date_is_kept(cell, born, why_not):
    assert read(date_of_birth=cell).person == {"date_of_birth": born, "birth_not_given": why_not}


def test_safety_is_read_by_column():
    row = read(
        sms_safe="yes", safe_days="fri;mon", safe_from="09:00", safety_checked_on="18/11/2026"
    )
    assert row.safety == {
        "sms_safe": "yes",
        "safe_days": "mon;fri",
        "safe_from": time(9),
        "safety_checked_on": TODAY,
    }


def test_no_number_rejects_a_row():
    assert read(mobile="ring\x07 her " + "9" * 500).safety["mobile"].startswith("ring her 9")


FAULTY = [
    ("case_ref", "", "empty", ""),
    ("case_ref", "x" * 101, "too-long", "100"),
    ("referred_on", "", "empty", ""),
    ("referred_on", "01.11.2026", "not-a-date", ""),
    ("referred_at", "2026-11-01", "not-an-instant", ""),
    ("support_level", "gold", "unknown-value", "care-unit community caseworker"),
    ("deliveries", "", "empty", ""),
    ("deliveries", "-1", "negative", ""),
    ("deliveries", "1.5", "not-a-whole-number", ""),
    ("closed_on", "2026-10-31", "closed-before-referral", "2026-11-01"),
    ("closure_reason", "bored", "unknown-value", None),
    ("case_ref", "NULL", "placeholder-key", ""),
    ("case_ref", "000", "placeholder-key", ""),
    ("referred_on", "2026-11-19", "future-date", "2026-11-18"),
    ("closed_on", "2099-12-31", "future-date", "2026-11-18"),
    ("first_attempt_at", "2026-11-19T09:00", "future-date", "2026-11-18"),
    ("second_attempt_at", "19/11/2026", "future-date", "2026-11-18"),
    ("first_contact_at", "2027-01-01", "future-date", "2026-11-18"),
    ("date_of_birth", "1990", "not-a-date", ""),
    ("sms_consent", "maybe", "unknown-value", "yes no unknown"),
    ("safe_days", "weekend", "unknown-value", "mon tue wed thu fri sat sun"),
    ("safe_from", "9am", "not-a-time", ""),
    ("safety_checked_on", "2026-11-19", "future-date", "2026-11-18"),
    ("language", "Polish", "not-a-language", ""),
    ("local_authority", "x" * 301, "too-long", "300"),
    ("closure_detail", "x" * 5001, "too-long", "5000"),
    ("review_on", "soon", "not-a-date", ""),
]


@pytest.mark.parametrize(("column", "cell", "code", "about"), FAULTY)
def test_every_fault_is_named_by_line_and_column(column, cell, code, about):
    (fault,) = read(**{column: cell})
    assert (fault.line, fault.column, fault.code, fault.value) == (7, column, code, cell)
    assert about is None or fault.about == about


def test_all_faults_of_a_row_are_said_at_once():
    faults = read(deliveries="-1", flags="arson", closed_on="2020-01-01")
    assert [fault.column for fault in faults] == ["deliveries", "flags", "closed_on"]


def test_safe_hours_that_never_open_are_a_fault():
    (fault,) = read(safe_from="09:00", safe_until="09:00")
    assert (fault.column, fault.code) == ("safe_until", "empty-window")
