"""Each care cell is read alone, with every word that systems write."""

import pytest

from survey_app.domain.care import Care, read_care, united_words
from survey_app.domain.case_file_columns import CARE_COLUMNS, COLUMNS, SAFETY_COLUMNS

YES = ("yes", "Y", "TRUE", "t", "1", "1.0", "OK", "agreed")
NO = ("no", "N", "False", "f", "0", "refused", "Declined")
DOUBT = ("unknown", "not known", "NK", "dk", "?", "u", "don't know", "prefer not to say")


@pytest.mark.parametrize("column", ["sms_consent", "sms_safe", "sms_preferred", "call_safe"])
def test_yes_no_words(column):
    for words, code in ((YES, "yes"), (NO, "no"), (DOUBT, "unknown")):
        assert {word: read_care({column: word}).said.get(column) for word in words} == (
            dict.fromkeys(words, code)
        )
    assert read_care({column: "NULL"}) == Care({})
    assert read_care({column: "ring first"}).unreadable == (column,)


def test_no_word_for_nothing_unsets_do_not_contact():
    for word in ("?", "unknown", "NULL", "n/a", "-", "tbc"):
        assert read_care({"do_not_contact": word}).said == {"do_not_contact": "unknown"}
    for word in (*YES, "refused", "declined"):
        assert read_care({"do_not_contact": word}).said == {"do_not_contact": "yes"}


@pytest.mark.parametrize(
    ("cell", "said", "is_unreadable"),
    [
        ("DA", "domestic-abuse", False),
        ("Domestic Violence; rape", "domestic-abuse;sexual-violence", False),
        ("hate crime, harassment", "hate-crime;stalking", False),
        ("MARAC/CYP", "child;high-risk", False),
        ("none;vulnerable", "vulnerable", False),
        ("No flags", "none", False),
        ("null", "none", False),
        ("unknown", None, False),
        ("burglary", None, True),
        ("stalking;burglary", "stalking", True),
    ],
)
def test_flags(cell, said, is_unreadable):
    care = read_care({"flags": cell})
    # "null" names no flag either way: it asks for nothing.
    assert (care.said.get("flags") or "none", bool(care.unreadable)) == (
        said or "none",
        is_unreadable,
    )


def test_a_placeholder_birth_date_says_nothing():
    births = ("1753-01-01", "30/12/1899", "1900-01-01", "0001-01-01", "9999-12-31", "NULL")
    assert {born: read_care({"date_of_birth": born}) for born in births} == dict.fromkeys(
        births, Care({})
    )


def test_hours_in_other_forms():
    care = read_care({"safe_days": "Monday, Tue", "safe_from": "9:00", "safe_until": "17:30:00"})
    assert care.careful_words({}) == {
        "safe_days": "mon;tue",
        "safe_from": "09:00",
        "safe_until": "17:30",
    }


def test_every_column_of_safety_is_heard_but_the_day_of_the_check():
    assert set(SAFETY_COLUMNS) - CARE_COLUMNS == {"safety_checked_on"}
    assert {name for name, column in COLUMNS.items() if column.care is not None} == CARE_COLUMNS


def test_what_asks_for_no_more_care_is_no_word():
    assert (
        read_care({"sms_consent": "yes", "do_not_contact": "no", "flags": "none"}).careful_words({})
        == {}
    )


def test_a_flag_beside_a_strange_word_is_not_lost():
    care = read_care({"flags": "stalking;burglary", "sms_safe": "perhaps"})
    assert care.careful_words({}) == {"flags": "stalking;unreadable", "sms_safe": "unreadable"}


def test_united_words_are_the_most_careful_of_both():
    one = {"sms_safe": "unknown", "flags": "child", "do_not_contact": "unknown"}
    other = {"sms_safe": "no", "flags": "stalking", "do_not_contact": "unreadable"}
    both = {"sms_safe": "no", "flags": "child;stalking", "do_not_contact": "unreadable"}
    assert united_words(one, other) == united_words(other, one) == both
