"""Which words may a text carry, so that the person knows that it is from us (safety rule 4)?

One word that the person chooses. It travels in the open and shows on a locked phone, so it must be
plain: letters of any script, no digits, nothing that a phone would make a link of.
"""

import unicodedata
from enum import StrEnum

SHORTEST, LONGEST = 3, 20
"""In characters."""
_JOINERS = frozenset("-'’")


class CheckWordRefusal(StrEnum):
    """Why a word cannot be the check word."""

    SEVERAL_WORDS = "several-words"
    NOT_LETTERS = "not-letters"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"


def plain_word(typed: str) -> str:
    """The word as it is kept: no space around it, composed."""
    return unicodedata.normalize("NFC", typed.strip())


def why_not_check_word(word: str) -> CheckWordRefusal | None:
    """Why a plain word (`plain_word`) cannot be the check word; None when it can."""
    if any(c.isspace() for c in word):
        return CheckWordRefusal.SEVERAL_WORDS
    if not all(c in _JOINERS or unicodedata.category(c)[0] in "LM" for c in word):
        return CheckWordRefusal.NOT_LETTERS
    if len(word) < SHORTEST or not any(c.isalpha() for c in word):
        return CheckWordRefusal.TOO_SHORT
    return CheckWordRefusal.TOO_LONG if len(word) > LONGEST else None
