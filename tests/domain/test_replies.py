"""A stop is heard however it is written; a start only when it is plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.replies import STOP_WORDS, Meaning, meaning_of, says_more_than_stop


@pytest.mark.parametrize(
    ("body", "meaning", "says_more"),
    [
        ("STOP", Meaning.STOP, False),
        ("stop", Meaning.STOP, False),
        ("Stop.", Meaning.STOP, False),
        (' "STOP"!! ', Meaning.STOP, False),
        ("S T O P", Meaning.STOP, False),
        ("ＳＴＯＰ", Meaning.STOP, False),
        ("stop all", Meaning.STOP, False),
        ("STOPALL", Meaning.STOP, False),
        ("Unsubscribe", Meaning.STOP, False),
        ("opt out", Meaning.STOP, False),
        ("OPTOUT", Meaning.STOP, False),
        ("Opt-out please", Meaning.STOP, True),
        ("cancel", Meaning.STOP, False),
        ("END", Meaning.STOP, False),
        ("quit", Meaning.STOP, False),
        ("REVOKE", Meaning.STOP, False),
        ("Stopiwch", Meaning.STOP, False),
        ("توقف", Meaning.STOP, False),
        ("بند", Meaning.STOP, False),
        ("Stop texting me, he reads my phone", Meaning.STOP, True),
        ("stop 😡", Meaning.STOP, True),
        ("start", Meaning.START, True),
        ("UNSTOP", Meaning.START, True),
        ("Yes", Meaning.OTHER, True),
        ("start again please", Meaning.OTHER, True),
        ("End of last week I moved", Meaning.OTHER, True),
        ("Please don't stop", Meaning.OTHER, True),
        ("Thank you", Meaning.OTHER, True),
        ("help", Meaning.OTHER, True),
        ("", Meaning.OTHER, True),
        ("?", Meaning.OTHER, True),
    ],
)
def test_a_reply_means_what_its_sender_would_say_it_means(body, meaning, says_more):
    assert meaning_of(body) is meaning
    assert says_more_than_stop(body) is says_more


@given(word=st.sampled_from(sorted(STOP_WORDS)), rest=st.text())
def test_whatever_follows_a_stop_word_it_stops(word, rest):
    assert meaning_of(f"{word} {rest}") is Meaning.STOP
