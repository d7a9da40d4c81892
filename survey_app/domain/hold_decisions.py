"""What does somebody decide who ends a hold, and who may?

FORMATS-INTAKE.md, section 3, points 7 to 9.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from survey_app.domain.cases import Role
from survey_app.domain.contact_facts import age_on
from survey_app.domain.holds import HoldCause

FACTS_CONTRADICT: Final = "facts-contradict"
"""The contact rule's reason against whoever is held."""

OLDEST_AGE: Final = 110
"""Whole years on the day of a referral; above it a birth date is impossible."""


class Choice(StrEnum):
    """What is to be chosen, by the column that it stands in."""

    MOBILE = "mobile"
    DATE_OF_BIRTH = "date_of_birth"


_OF_CAUSE: Final[Mapping[str, Choice]] = {
    HoldCause.SEVERAL_NUMBERS: Choice.MOBILE,
    HoldCause.CLIENT_CHANGED: Choice.MOBILE,
    HoldCause.SEVERAL_BIRTH_DATES: Choice.DATE_OF_BIRTH,
    HoldCause.BIRTH_DATE_IMPOSSIBLE: Choice.DATE_OF_BIRTH,
    HoldCause.CHILD_AND_ADULT: Choice.DATE_OF_BIRTH,
}


@dataclass(frozen=True)
class Evidence:
    """What files said, as one hold has it; whatever is missing from it is empty here.

    `values` and `lines` are in orders of their own: which value stood in which line is not known
    unless there is one of each. `column` may be several, with `;` between.
    """

    column: str = ""
    values: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    file: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """From a hold's stored evidence, which may have more or fewer keys."""
        values, lines = stored.get("values"), stored.get("lines")
        return cls(
            column=str(stored.get("column") or ""),
            values=tuple(str(v) for v in values) if isinstance(values, list) else (),
            lines=tuple(n for n in lines if isinstance(n, int)) if isinstance(lines, list) else (),
            file=str(stored.get("file") or ""),
        )


def kind_of_values(cause: str, column: str) -> Choice | None:
    """What the values of a hold are, numbers or birth dates; None: they are something else."""
    return choice_for(cause, column) if not column or column in set(Choice) else None


def choice_for(cause: str, column: str) -> Choice | None:
    """What whoever ends a hold of this cause has to choose; None: nothing but that it ends."""
    if column in set(Choice):
        return Choice(column)
    return _OF_CAUSE.get(cause)


def may_decide(
    roles: Collection[Role], account_id: int | None, caseworkers: Collection[int]
) -> bool:
    """Whether somebody with these roles in the service may end the holds of a person.

    `caseworkers` are the accounts that the person's cases name. A case that names none is any
    caseworker's of the service, as everything else on its page is.
    """
    if Role.MANAGER in roles:
        return True
    return Role.CASEWORKER in roles and (not caseworkers or account_id in caseworkers)


def is_possible_birth(born_on: date, referred: Iterable[date]) -> bool:
    """Whether somebody born on this day can have been referred on each of these days."""
    return all(born_on <= day and age_on(day, born_on) <= OLDEST_AGE for day in referred)
