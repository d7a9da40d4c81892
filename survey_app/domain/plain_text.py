"""In which one form do texts of files stand: what is visible of them, in one spelling?

FORMATS-INTAKE.md, section 1: two keys that look the same are the same. Nothing here repairs a
value; what cannot be seen is taken out, and what can be written in two ways is written in one.
"""

import re
import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"
_UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's *default ignorable* characters but the joiners, and the blank Braille pattern."""

_INVISIBLE: Final = re.compile(f"[{_UNSEEN}{_JOINERS}]")
_INVISIBLE_IN_TEXT: Final = re.compile(f"[{_UNSEEN}]")
_WIDE_SPACE: Final = re.compile(r"[^\S\r\n\t ]")
_DASHES: Final = re.compile("[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


def key_form(cell: str) -> str:
    """Return a key, word, date or number without what nobody sees: NFC, single spaces inside.

    Keys are compared in this form, character by character.
    """
    if not cell:
        return cell
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", _INVISIBLE.sub("", cell))
    return " ".join(cell.split())


def text_form(cell: str) -> str:
    """Return a free text in NFC: joiners and line ends stay; of nothing visible nothing is left."""
    if cell.isascii():
        return cell.strip()
    seen = _WIDE_SPACE.sub(" ", _INVISIBLE_IN_TEXT.sub("", cell)).strip()
    return unicodedata.normalize("NFC", seen) if key_form(seen) else ""


def twin_form(key: str) -> str:
    """Return what two keys share that people would take for one: `X13-1`, `x13–1` and `X13 - 1`."""
    if not key.isascii():
        key = _DASHES.sub("-", unicodedata.normalize("NFKC", key))
    return key.casefold().replace(" ", "").removesuffix(".0")


def folded(cell: str) -> str:
    """Return a word as it is looked up: case, spaces, dashes and underscores do not matter."""
    if not cell.isascii():
        cell = _DASHES.sub("-", unicodedata.normalize("NFKC", cell)).replace("\u2019", "'")
    return " ".join(cell.casefold().replace("-", " ").replace("_", " ").split())
