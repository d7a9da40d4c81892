"""Keys and texts in their one form."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.plain_text import key_form, text_form, twin_form

UNSEEN = "\u200b\u200c\u200d\u200e\u202a\u2060\ufeff\u00ad\u180e\u115f\u3164\u2800"
TEXT = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from(UNSEEN))


@given(TEXT)
def test_a_form_is_of_itself_the_same(cell):
    assert key_form(key_form(cell)) == key_form(cell)
    assert text_form(text_form(cell)) == text_form(cell)


@given(TEXT, st.sampled_from(UNSEEN), st.integers(0, 20))
def test_what_nobody_sees_makes_no_other_key(cell, unseen, at):
    assert key_form(cell[:at] + unseen + cell[at:]) == key_form(cell)


@given(TEXT)
def test_a_key_is_the_same_however_its_letters_are_composed(cell):
    assert key_form(unicodedata.normalize("NFD", cell)) == key_form(cell)


def test_spaces_of_every_kind_are_one_space():
    assert key_form("\u00a0A\u2003 \t1\u3000") == "A 1"


def test_joiners_stay_in_texts_and_a_text_of_nothing_visible_is_empty():
    assert text_form("می\u200cخواهم\u200b") == "می\u200cخواهم"
    assert text_form("\u200d\u200b\u00a0") == ""
    assert text_form("two\nlines") == "two\nlines"


def test_twins_look_the_same_and_others_do_not():
    assert len({twin_form(k) for k in ("X13-1", "x13-1", "X13–1", "X13 - 1", "Ｘ13-1")}) == 1
    assert twin_form("1001.0") == twin_form("1001")
    assert twin_form("X13-1") != twin_form("X13-2")
