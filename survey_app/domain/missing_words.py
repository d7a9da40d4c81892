"""Which written words mean that nothing was recorded, and why? Which keys are nobody's?

FORMATS-INTAKE.md, section 2 ("Words for nothing") and section 3, point 7. Four states stay apart:
recorded, declined to say, not asked, unknown; the words for none of these are *not recorded*.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from survey_app.domain.plain_text import folded


class Missing(StrEnum):
    """Why a cell that holds something holds no value."""

    NOT_RECORDED = "not-recorded"
    DECLINED = "declined"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


_WORDS: Final[Mapping[Missing, tuple[str, ...]]] = {
    Missing.NOT_RECORDED: (
        *("null", "none", "nil", "nan", "na", "n/a", "#n/a", "#ref!", "#value!", "#name?"),
        *("#null!", "#num!", "#div/0!", "\\n", "blank", "(blank)", "missing", "tbc", "undefined"),
        *("no data", "not recorded"),
    ),
    Missing.DECLINED: (
        *("declined", "refused", "prefer not to say", "pnts", "not disclosed", "not stated"),
    ),
    Missing.NOT_ASKED: ("not asked", "not collected"),
    Missing.UNKNOWN: ("unknown", "not known", "nk", "dk", "don't know", "dont know"),
}
_BY_WORD: Final = {word: missing for missing, words in _WORDS.items() for word in words}
_LONGEST: Final = 40

_STROKES: Final = re.compile(r"[-\u2010-\u2015\u2212._\s]+")
_QUESTION: Final = re.compile(r"[?\s]+")
_NO_WORD: Final = re.compile(r"[\W_]+")
_ZEROS: Final = re.compile(r"0+(\.0+)?")
_NINES: Final = re.compile(r"9{3,}")
_PLACEHOLDERS: Final = frozenset(("test", "temp", "x", "xx", "xxx", "anon", "client", "new"))


def find_missing(cell: str) -> Missing | None:
    """Return why this cell, not empty, holds no value; None where it may hold one."""
    # None of these words ends in a digit; numbers and references, which are many, mostly do.
    return None if len(cell) > _LONGEST or cell[-1].isdigit() else _find(cell)


@lru_cache(maxsize=4096)
def _find(cell: str) -> Missing | None:
    if _STROKES.fullmatch(cell):
        return Missing.NOT_RECORDED
    if _QUESTION.fullmatch(cell):
        return Missing.UNKNOWN
    return _BY_WORD.get(folded(cell))


def is_nobodys_client(client_ref: str) -> bool:
    """Whether a client reference, in key form and not empty, is a placeholder: nobody's."""
    return (
        _is_placeholder_word(client_ref)
        or _NINES.fullmatch(client_ref) is not None
        or _NO_WORD.fullmatch(client_ref) is not None
    )


def is_nobodys_case(case_ref: str) -> bool:
    """Whether a case reference, in key form and not empty, is a placeholder (words and zeros)."""
    return _is_placeholder_word(case_ref)


def _is_placeholder_word(key: str) -> bool:
    if len(key) > _LONGEST:
        return False
    if key[-1].isdigit():
        return _ZEROS.fullmatch(key) is not None
    return find_missing(key) is not None or folded(key) in _PLACEHOLDERS
