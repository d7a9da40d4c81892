"""A stop is heard however it is written; a start only when it is plain."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.languages import LANGUAGES
from survey_app.domain.replies import Meaning, meaning_of, says_more_than_stop
from survey_app.domain.stop_words import STOP_WORDS, stop_line_phrases

FIRST = sorted(word for words in STOP_WORDS.values() for word in words.first)
ALONE = sorted(word for words in STOP_WORDS.values() for word in words.alone)


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


@given(word=st.sampled_from(FIRST), rest=st.text())
def test_whatever_follows_a_stop_word_it_stops(word, rest):
    assert meaning_of(f"{word} {rest}") is Meaning.STOP


EVER_SHIPPED = (
    "No more texts? Use the same link.",
    "Dim mwy o negeseuon? Yr un ddolen.",
    "Bez SMS-ów? Ten sam link.",
    "مزید پیغام نہیں؟ یہی لنک۔",
    "ਹੋਰ ਸੁਨੇਹੇ ਨਹੀਂ? ਇਹੀ ਲਿੰਕ।",
    "لا مزيد من الرسائل؟ الرابط نفسه.",
    "Fără mesaje? Același link.",
    "আর মেসেজ নয়? একই লিংক।",
    "Більше не писати? Те саме посилання.",
    "Fariimo dambe maya? Isla link-ga.",
)
"""Every stop line that ever left in a text. Lines are added; one that left stays for ever."""


@pytest.mark.parametrize("line", EVER_SHIPPED)
def test_what_a_text_that_once_left_says_of_stopping_stops_for_ever(line):
    asked = stop_line_phrases(line)[0]
    assert meaning_of(asked) is Meaning.STOP
    assert not says_more_than_stop(asked)
    assert meaning_of(line) is Meaning.STOP


def test_a_changed_line_adds_its_words_and_takes_none_out():
    lines = ("Enough of these؟ Write to us.",)
    assert meaning_of("enough of these") is Meaning.OTHER
    for said in ("ENOUGH of these!", "enough of these please", lines[0]):
        assert meaning_of(said, lines) is Meaning.STOP
    assert not says_more_than_stop("Enough of these", lines)
    assert says_more_than_stop("Enough of these, he reads my phone", lines)
    assert meaning_of("No more texts", lines) is Meaning.STOP
    assert meaning_of("Write to us", lines) is Meaning.OTHER


@pytest.mark.parametrize("line", ["", "?", " \u061f ", "\u200b?"])
def test_a_line_without_words_makes_nothing_a_stop(line):
    for said in ("", "?", "Thank you"):
        assert meaning_of(said, (line,)) is Meaning.OTHER


def test_there_are_stop_words_in_every_language_that_we_text_in():
    assert set(STOP_WORDS) == {language.tag for language in LANGUAGES}


@pytest.mark.parametrize("word", [*FIRST, *ALONE])
def test_a_stop_word_is_heard_however_it_is_typed(word):
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not "\u0300" <= c <= "\u036f")
    decomposed = unicodedata.normalize("NFD", word)
    for typed in (word, word.upper(), word.title(), f" «{word}»!! ", bare, decomposed):
        assert meaning_of(typed) is Meaning.STOP, typed
        assert not says_more_than_stop(typed), typed


@pytest.mark.parametrize("word", ALONE)
def test_more_than_such_a_word_is_left_to_staff(word):
    assert meaning_of(f"{word} {word} 12") is Meaning.OTHER
    assert meaning_of(f"Ana {word}") is Meaning.OTHER


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("PRZESTAN", Meaning.STOP),  # without the Polish letter
        ("Zażalenie: koniec", Meaning.OTHER),
        ("Opriţi", Meaning.STOP),  # a cedilla where Romanian has a comma
        ("الغاء", Meaning.STOP),  # without its hamza
        ("تَوَقَّف", Meaning.STOP),  # with its vowels
        ("تـوقـف", Meaning.STOP),  # drawn out
        ("روكيں", Meaning.STOP),  # Urdu on Arabic keys
        ("ਬੱਦ", Meaning.OTHER),  # another word, but for a vowel sign
        ("Стоп!", Meaning.STOP),
        ("HA SOO DIRIN.", Meaning.STOP),
        ("বন্ধ।", Meaning.STOP),
    ],
)
def test_accents_are_forgiven_and_other_words_are_not(body, meaning):
    assert meaning_of(body) is meaning


@pytest.mark.parametrize("body", ["yes", "no", "ok", "tak", "nie", "da", "nu", "haa", "так", "ہاں"])
def test_a_plain_answer_is_no_stop(body):
    assert meaning_of(body) is Meaning.OTHER
