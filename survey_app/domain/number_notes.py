"""Why can what stands in a number's cell not be texted, as its source should hear it?"""

import re
from typing import Final

from survey_app.domain.cases import NumberKind
from survey_app.domain.file_faults import NoteCode

_EXPONENT: Final = re.compile(r"\+?\d+([.,]\d+)?\s*[eE]\s*\+?\d+")
"""What a spreadsheet makes of a long number: its last digits are gone."""

_DIGITS_OF_ONE: Final = 15
"""No telephone number has more (ITU-T E.164)."""

_DIGITS_OF_ANY: Final = 9
_KINDS: Final = {
    NumberKind.UK_LANDLINE: NoteCode.UK_LANDLINE,
    NumberKind.UK_PREMIUM: NoteCode.UK_PREMIUM,
    NumberKind.FOREIGN: NoteCode.FOREIGN,
}


def number_note(typed: str, kind: NumberKind) -> NoteCode | None:
    """Return what to say of a number that cannot be texted; None where it can, or there is none.

    Nothing is repaired and nothing cut: a wrong guess would text a stranger.
    """
    if kind in (NumberKind.UK_MOBILE, NumberKind.NONE):
        return None
    if kind in _KINDS:
        return _KINDS[kind]
    digits = sum(char.isdigit() for char in typed)
    if _EXPONENT.fullmatch(typed.strip()):
        return NoteCode.DIGITS_LOST
    if digits > _DIGITS_OF_ONE:
        return NoteCode.TWO_NUMBERS
    is_beside = digits >= _DIGITS_OF_ANY and any(char.isalpha() for char in typed)
    return NoteCode.NOTE_BESIDE_NUMBER if is_beside else NoteCode.INVALID_NUMBER
