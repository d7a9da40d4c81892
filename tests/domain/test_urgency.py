"""Words raise an alert, and nothing lowers one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.requests import AlertKind
from survey_app.domain.urgency import has_urgent_word, is_urgent

KINDS = st.sampled_from(list(AlertKind))
WORDS = st.lists(st.text(max_size=12), max_size=6)


@given(kind=KINDS, text=st.text(max_size=60), words=WORDS, more=WORDS)
def test_more_text_or_more_words_never_lower_an_alert(kind, text, words, more):
    bare = is_urgent(kind, "", ())
    with_some = is_urgent(kind, text, words)
    assert bare <= with_some <= is_urgent(kind, text, [*words, *more])


@given(word=st.from_regex(r"[a-z]{3,10}", fullmatch=True), before=st.text(), after=st.text())
def test_a_listed_word_is_found_wherever_it_stands(word, before, after):
    assert has_urgent_word(f"{before}\n{word.upper()}. {after}", [word])


@pytest.mark.parametrize(
    ("text", "entry", "is_found"),
    [
        ("He will KILL  me!", "kill me", True),
        ("he will kill, me", "kill me", True),
        ("a skill, me too", "kill me", False),
        ("Suicidal thoughts", "suicid*", True),
        ("I don’t want to live", "dont want to live", True),
        ("She's safe", "unsafe", False),
        ("zabije mnie jutro", "zabije mnie", True),
        ("আত্মহত্যা করতে", "আত্মহত্যা", True),
        ("ਉਹ ਮਾਰ ਦੇਵੇਗਾ।", "ਮਾਰ ਦੇਵੇਗਾ", True),
        ("anything at all", "", False),
        ("anything at all", "*", False),
    ],
)
def test_words_are_read_as_people_write_them(text, entry, is_found):
    assert has_urgent_word(text, [entry]) is is_found


def test_who_does_not_feel_safe_comes_first_whatever_they_wrote():
    assert is_urgent(AlertKind.LOW_SAFETY, "", ())
    assert not is_urgent(AlertKind.FREE_TEXT, "Thank you", ["danger"])
