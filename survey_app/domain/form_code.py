"""Which case and wave is this paper form of? A code that is short, and says nothing about anyone.

Letters that are mistaken for one another are left out, and the last letter checks the others: one
wrong letter, or two neighbours the wrong way round, is noticed.
"""

from dataclasses import dataclass

from survey_app.domain.requests import Wave

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""31 letters, a prime: no weight below it hides a mistake."""
_BASE = len(ALPHABET)
_WAVES = tuple(Wave)
_SHORTEST = 5
"""Letters before the check letter."""


@dataclass(frozen=True)
class Form:
    """The form of one case and wave."""

    case_id: int
    wave: Wave


def form_code(form: Form) -> str:
    """Return the code printed on a form, in groups of three: `222-25k`."""
    number = form.case_id * len(_WAVES) + _WAVES.index(form.wave)
    letters = ""
    while number or len(letters) < _SHORTEST:
        number, digit = divmod(number, _BASE)
        letters = ALPHABET[digit] + letters
    letters += _check(letters)
    return "-".join(letters[i : i + 3] for i in range(0, len(letters), 3))


def read_form_code(typed: str) -> Form | None:
    """Return the form that a code names, in whatever case and grouping it was typed, or None."""
    letters = "".join(typed.lower().replace("-", " ").split())
    if len(letters) <= _SHORTEST or not set(letters) <= set(ALPHABET) or len(letters) > 14:
        return None
    body, check = letters[:-1], letters[-1]
    if _check(body) != check:
        return None
    number = 0
    for letter in body:
        number = number * _BASE + ALPHABET.index(letter)
    case_id, wave = divmod(number, len(_WAVES))
    return Form(case_id, _WAVES[wave])


def _check(letters: str) -> str:
    weighed = enumerate(reversed(letters), start=2)
    return ALPHABET[sum(weight * ALPHABET.index(letter) for weight, letter in weighed) % _BASE]
