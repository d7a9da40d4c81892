"""Is it the word that was agreed?"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.agreed_word import is_agreed_word


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [
        ("  MAPLE ", "maple"),
        ("map le", "Maple"),
        ("rhos-yn", "rhosyn"),
        (unicodedata.normalize("NFD", "łąka"), "łąka"),
        ("ਗੁਲਾਬ", "ਗੁਲਾਬ"),
        ("STRASSE", "straße"),
    ],
)
def test_how_it_is_written_is_forgiven(typed, agreed):
    assert is_agreed_word(typed, agreed)


@pytest.mark.parametrize("typed", ["", " ", "oak", "mapl", "maples"])
def test_another_word_is_not_it(typed):
    assert not is_agreed_word(typed, "maple")


@given(st.text())
def test_nothing_is_no_word_to_agree_on(typed):
    assert not is_agreed_word(typed, " - ")
