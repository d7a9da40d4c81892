"""Which facts about a person contradict each other, so that nobody is contacted until a person
decides?

Care first (DOMAIN.md, safety rules; FORMATS-INTAKE.md, section 3): a file that says two things of
one person, or something impossible or unreadable, never helps the contact rule to a yes.
"""

from dataclasses import dataclass
from enum import StrEnum


class HoldCause(StrEnum):
    """Why a person is held; all that apply stand side by side."""

    SEVERAL_NUMBERS = "several-numbers"
    SEVERAL_BIRTH_DATES = "several-birth-dates"
    BIRTH_DATE_IMPOSSIBLE = "birth-date-impossible"
    CHILD_AND_ADULT = "child-and-adult"
    CARE_UNREADABLE = "care-unreadable"
    ROW_UNREADABLE = "row-unreadable"
    ROWS_DISAGREE = "rows-disagree"
    CLIENT_CHANGED = "client-changed"
    MANY_CASES = "many-cases"
    """More cases than one person has stand under one client reference in a file."""


class HoldEnd(StrEnum):
    """How a hold, or a held row, came to its end."""

    RELEASED = "released"
    """A person decided."""
    FILE = "file"
    """A sound row with a newer check gave the single value, or the held row's case landed."""
    DISMISSED = "dismissed"
    """A person found the held row to be of no account."""


@dataclass(frozen=True)
class Contradiction:
    """Why a person is to be held: which values of which column contradict, and on which lines.

    Equal cause, column and values are one contradiction, wherever they stand. `stands_in_person`:
    nobody may be asked in person either.
    """

    cause: HoldCause
    column: str
    values: tuple[str, ...]
    lines: tuple[int, ...] = ()
    stands_in_person: bool = False
