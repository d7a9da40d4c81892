"""What does somebody mean who texts back?

Stopping is easy to say and read generously: a text that begins with a stop word stops texts, and
what else it says still reaches staff. Starting again has to be said alone: it lifts an opt-out.
The words are those that UK and US carriers know, their like in the languages that we text in, and
what the stop line of our own texts says in each.
"""

import unicodedata
from collections.abc import Collection
from enum import StrEnum
from itertools import accumulate

from survey_app.domain.stop_words import STOP_WORDS, stop_line_phrases


class Meaning(StrEnum):
    """What a reply asks for."""

    STOP = "stop"
    START = "start"
    OTHER = "other"


def _words(body: str) -> list[str]:
    """The words in plain small letters and digits: accents, vowel marks that are often left out,
    the look of letters and punctuation do not count."""
    parts = unicodedata.normalize("NFKD", body).casefold()
    plain = "".join(_LETTERS.get(c, c) for c in parts if not _is_forgiven(c))
    return "".join(c if c.isalnum() or _is_mark(c) else " " for c in plain).split()


_LETTERS = {"ł": "l", "ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ"}
"""Letters that are not an accent away from each other, but a keyboard: Polish without its own, Urdu
typed on Arabic keys and the other way round."""


def _is_forgiven(c: str) -> bool:
    """Whether a sign may be left out: accents on Latin and Cyrillic letters, Arabic vowel marks and
    its drawn-out line. The vowel signs of Bengali and Gurmukhi make other words, and stay."""
    return "\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u065f" or c in "\u0640\u0670"


def _is_mark(c: str) -> bool:
    return unicodedata.category(c).startswith("M")


def _joined(phrase: str) -> str:
    return "".join(_words(phrase))


_FIRST = frozenset(_joined(word) for words in STOP_WORDS.values() for word in words.first)
_ALONE = _FIRST | {_joined(word) for words in STOP_WORDS.values() for word in words.alone}
START_ALONE = frozenset({"start", "unstop"})
"""Not `yes`: people answer our question with it."""


def meaning_of(body: str, stop_lines: Collection[str] = ()) -> Meaning:
    """What a reply means, however it is punctuated or capitalised.

    `stop_lines` are those of the texts as they are now, in every language (`messaging.texts`).
    """
    words = _words(body)
    first = _FIRST | _of_lines(stop_lines)
    if "".join(words) in _ALONE or any(begun in first for begun in accumulate(words)):
        return Meaning.STOP
    return Meaning.START if "".join(words) in START_ALONE else Meaning.OTHER


def says_more_than_stop(body: str, stop_lines: Collection[str] = ()) -> bool:
    """Whether a reply that means stop also says something that a person should read."""
    has_strange_signs = any(unicodedata.category(c) in {"So", "Sk"} for c in body)
    return has_strange_signs or _joined(body) not in _ALONE | _of_lines(stop_lines)


def _of_lines(stop_lines: Collection[str]) -> frozenset[str]:
    phrases = (phrase for line in stop_lines for phrase in stop_line_phrases(line))
    return frozenset(joined for joined in map(_joined, phrases) if joined)
