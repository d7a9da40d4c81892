"""Which alert should staff look at first?

Words may raise an alert's priority and never lower it: a list is never complete, so its silence
says nothing. It replaces nobody's reading; every comment makes an alert anyhow.
"""

import unicodedata
from collections.abc import Collection

from survey_app.domain.requests import AlertKind

ALWAYS_URGENT = frozenset({AlertKind.LOW_SAFETY, AlertKind.UNSAFE_CALL})
"""Somebody says that they do not feel safe at all, or it was not safe to talk to them."""

STEM = "*"
"""At the end of a word in a list: words that begin like this count too."""


def is_urgent(kind: AlertKind, text: str, words: Collection[str]) -> bool:
    """Whether an alert of this kind, about this text, comes before the others.

    `words` are words and phrases of any language, letter case and accents as written; `kill*`
    stands for all that begins with it. Punctuation and line ends part words.
    """
    return kind in ALWAYS_URGENT or has_urgent_word(text, words)


def has_urgent_word(text: str, words: Collection[str]) -> bool:
    """Whether one of the words or phrases stands in the text."""
    said = plain_words(text)
    return any(_stands_in(_parts(entry), said) for entry in words)


def plain_words(text: str) -> list[str]:
    """The words of a text, case-folded; apostrophes inside words are dropped."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if c not in "'’‘`")
    return "".join(c if _is_of_word(c) else " " for c in kept).split()


def _is_of_word(char: str) -> bool:
    """Letters, digits, and the vowel signs without which Bengali or Gurmukhi words fall apart."""
    return char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"}


def _parts(entry: str) -> list[tuple[str, bool]]:
    """The words of an entry, each with whether it is only a beginning."""
    parts = []
    for written in entry.split():
        found = plain_words(written)
        parts += [(word, False) for word in found[:-1]]
        parts += [(word, written.endswith(STEM)) for word in found[-1:]]
    return parts


def _stands_in(parts: list[tuple[str, bool]], said: list[str]) -> bool:
    if not parts:
        return False
    return any(
        all(_fits(part, said[place + offset]) for offset, part in enumerate(parts))
        for place in range(len(said) - len(parts) + 1)
    )


def _fits(part: tuple[str, bool], word: str) -> bool:
    beginning, is_stem = part
    return word.startswith(beginning) if is_stem else word == beginning
