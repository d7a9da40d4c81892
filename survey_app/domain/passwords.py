"""Is a password good enough? Length and what everybody tries first; no rules of composition.

Follows NIST SP 800-63B: at least twelve characters, any of them, checked against what is
commonly used and against what is known of the person; nothing is asked about digits or capitals.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from survey_app.domain.common_passwords import STEMS

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
"""A longer one would only cost hashing time."""
FEWEST_DIFFERENT = 5
"""Different characters, below which a password is a rhythm."""
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS_FOR = str.maketrans("0134578@$!", "oieastbasi")


class WeakPassword(StrEnum):
    """Why a password may not be used."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    COMMON = "common"
    ABOUT_YOU = "about-you"


def why_weak(password: str, about: Iterable[str] = ()) -> WeakPassword | None:
    """Why this password may not be used; None when it may.

    `about` is what anybody knows of the person: their address, their name, their service.
    """
    if len(password) < SHORTEST_PASSWORD:
        return WeakPassword.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return WeakPassword.TOO_LONG
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT or _is_common(folded):
        return WeakPassword.COMMON
    return WeakPassword.ABOUT_YOU if _is_about(folded, about) else None


def _is_common(folded: str) -> bool:
    """Whether nothing but common words, rows of keys, digits and signs is in it."""
    plain = re.sub(r"[^a-z0-9]", "", folded)
    readings = (plain, plain.strip("0123456789"), plain.translate(_LETTERS_FOR))
    return any(_is_made_of_common(reading) for reading in readings) or _is_made_of_common(
        re.sub(r"[^a-z]", "", folded.rstrip("0123456789!?.").translate(_LETTERS_FOR))
    )


def _is_made_of_common(text: str) -> bool:
    """Whether at most two common words, or one said again and again, fill the text."""
    if text in STEMS or _repeated_unit(text) in STEMS:
        return True
    rest = _without_rows(text)
    if not rest.strip("0123456789"):
        return True
    letters = rest.strip("0123456789")
    unit = _repeated_unit(letters)
    if unit in STEMS:
        return True
    return any(
        letters[:cut] in STEMS and letters[cut:].lstrip("0123456789") in STEMS
        for cut in range(3, len(letters) - 2)
    )


def _without_rows(text: str) -> str:
    """The text without runs of four and more neighbours on a row, forwards or backwards."""
    for row in _ROWS:
        for line in (row, row[::-1]):
            for length in range(len(line), 3, -1):
                for start in range(len(line) - length + 1):
                    text = text.replace(line[start : start + length], "")
    return text


def _repeated_unit(text: str) -> str:
    """`abc` of `abcabcabc`; the text itself where nothing repeats."""
    again = (text + text).find(text, 1)
    return text[:again] if 0 < again < len(text) else text


def _is_about(folded: str, about: Iterable[str]) -> bool:
    """Whether little is left of it once what is known of the person is taken out."""
    words = {word for fact in about for word in re.findall(r"[^\W_]{3,}", fact.casefold())}
    rest = folded
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    left = re.sub(r"[\W\d_]", "", rest)
    return rest != folded and len(left) < FEWEST_DIFFERENT
