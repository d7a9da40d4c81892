"""The check word is one plain word of any script, and nothing that gives away or misleads."""

import pytest

from survey_app.domain.check_word import CheckWordRefusal, plain_word, why_not_check_word


@pytest.mark.parametrize("word", ["maple", "Tŷ-bach", "Ŵyn", "درخت", "o'clock", "é" * 20])
def test_plain_words_of_any_script_may_be_chosen(word: str):
    assert why_not_check_word(plain_word(f" {word} ")) is None


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("maple tree", CheckWordRefusal.SEVERAL_WORDS),
        ("maple\ntree", CheckWordRefusal.SEVERAL_WORDS),
        ("maple7", CheckWordRefusal.NOT_LETTERS),
        ("x.example.org", CheckWordRefusal.NOT_LETTERS),
        ("a\u202eb", CheckWordRefusal.NOT_LETTERS),
        ("😀😀😀", CheckWordRefusal.NOT_LETTERS),
        ("ab", CheckWordRefusal.TOO_SHORT),
        ("---", CheckWordRefusal.TOO_SHORT),
        ("a" * 21, CheckWordRefusal.TOO_LONG),
    ],
)
def test_anything_else_is_refused_by_name(word: str, why: CheckWordRefusal):
    assert why_not_check_word(plain_word(word)) is why


def test_one_word_typed_in_two_ways_is_one_word():
    assert plain_word("e\u0301te\u0301") == plain_word("été ")
