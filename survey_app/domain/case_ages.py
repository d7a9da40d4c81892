"""How old was someone on the referral day, and what follows from it?"""

from typing import Final

ADULT_FROM: Final = 18
"""Young person = under 18 on the referral day, for the life of the case (FORMATS.md)."""

_BANDS: Final = (
    (13, "under-13"),
    (16, "13-15"),
    (18, "16-17"),
    (25, "18-24"),
    (35, "25-34"),
    (45, "35-44"),
    (55, "45-54"),
    (65, "55-64"),
    (75, "65-74"),
)
_OLDEST: Final = "75-and-over"


def age_band(age: int) -> str:
    """The band in which figures show an age."""
    return next((band for below, band in _BANDS if age < below), _OLDEST)


def is_young_person(age: int | None, *, has_child_flag: bool) -> bool:
    """Whether the case is a young person's: by age, and by the flag where no age is known.

    A blank birth date without the flag means adult (DOMAIN.md, safety rule 1).
    """
    return has_child_flag if age is None else age < ADULT_FROM
