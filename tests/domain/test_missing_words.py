"""Words for nothing are nothing, in four states; placeholders are nobody."""

import pytest

from survey_app.domain.case_file import CaseRow, read_case_row
from survey_app.domain.missing_words import find_missing, is_nobodys_case, is_nobodys_client
from tests.domain.test_case_file import SOUND, TODAY

NOTHING = (
    *("null", "NONE", "nil", "NaN", "na", "n/a", "#N/A", "#REF!", "#VALUE!", "\\N", "-", "--"),
    *(".", "–", "blank", "(blank)", "missing", "tbc", "undefined", "No data", "not_recorded"),
)
UNKNOWN = ("unknown", "Not known", "nk", "dk", "don't know", "Don’t know", "?")
DECLINED = ("declined", "Refused", "prefer not to say", "PNTS", "Not disclosed", "Not-stated")
NOT_ASKED = ("not asked", "not collected", "Not_asked")


def sex_of(cell):
    row = read_case_row(2, SOUND | {"sex": cell, "local_authority": cell}, TODAY)
    assert isinstance(row, CaseRow)
    assert row.case["local_authority"] == row.person["sex"]
    return row.person["sex"]


@pytest.mark.parametrize(
    ("words", "state"),
    [(NOTHING, None), (UNKNOWN, "unknown"), (DECLINED, "declined"), (NOT_ASKED, "not-asked")],
)
def test_each_word_is_its_state(words, state):
    assert {word: sex_of(word) for word in words} == dict.fromkeys(words, state)


@pytest.mark.parametrize("word", ["Male", "Nilsson", "Na Trang", "No", "Z", "Other"])
def test_a_value_stays_a_value(word):
    assert sex_of(word) == word


def test_none_is_a_value_where_it_may_be_one():
    row = read_case_row(2, SOUND | {"religion": "None", "disability": "none", "sex": "none"}, TODAY)
    assert row.person == {"religion": "None", "disability": "none", "sex": None}


def test_the_code_of_not_stated_is_one_of_ethnicity_alone():
    row = read_case_row(2, SOUND | {"ethnicity": "Z", "sex": "Z"}, TODAY)
    assert row.person == {"ethnicity": "declined", "sex": "Z"}


@pytest.mark.parametrize("word", ["NULL", "n/a", "unknown", "-", "Refused"])
def test_a_word_for_nothing_is_no_number(word):
    assert read_case_row(2, SOUND | {"mobile": word}, TODAY).safety == {"mobile": None}


@pytest.mark.parametrize("key", ["NULL", "x", "0", "00", "0.0", "test", "-", "nk"])
def test_a_placeholder_is_no_case_either(key):
    assert is_nobodys_case(key)
    assert is_nobodys_client(key)


@pytest.mark.parametrize("key", ["999", "99999", "#", "...", "//"])
def test_nines_and_strokes_are_nobodys_client(key):
    assert is_nobodys_client(key)


@pytest.mark.parametrize("key", ["X-1", "10", "99", "client 7", "Newton", "0001"])
def test_a_reference_is_somebodys(key):
    assert not is_nobodys_client(key)


def test_a_long_text_is_never_a_word_for_nothing():
    assert find_missing("unknown" * 20) is None
