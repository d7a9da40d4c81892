"""What do all rows of one client together say, and in what do they contradict each other?

FORMATS-INTAKE.md, section 3, points 3 and 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from survey_app.domain.care import Care
from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_people import SaidOfPerson, said_by
from survey_app.domain.cases import NumberKind
from survey_app.domain.holds import Contradiction, HoldCause
from survey_app.messaging.numbers import classify

MOST_CASES: Final = 20
"""Under one client in one file; more are seldom one person."""

CURRENT_FOR: Final = timedelta(days=90)
"""How long after its closing a case still says which number is its person's today."""


@dataclass
class ClientFacts:
    """The rows of one client that stands on several rows; `lines` by birth date."""

    said: list[SaidOfPerson] = field(default_factory=list)
    case_refs: set[str] = field(default_factory=set)
    births: dict[date, int] = field(default_factory=dict)
    numbers: list[tuple[str, date | None, int]] = field(default_factory=list)
    """As typed, when checked, and the line: of current cases."""

    def add(self, row: CaseRow, today: date) -> None:
        """Take in a sound row."""
        self.said.append(said_by(row))
        self.case_refs.add(row.case_ref)
        if born := row.person.get("date_of_birth"):
            self.births.setdefault(born, row.line)
        closed_on = row.case.get("closed_on")
        is_current = closed_on is None or closed_on >= today - CURRENT_FOR
        if (mobile := row.safety.get("mobile")) and is_current:
            self.numbers.append((mobile, row.safety.get("safety_checked_on"), row.line))

    def add_unsound(self, case_ref: str | None, care: Care, line: int) -> None:
        """Take in what an unsound row says: its number and birth date count on any row."""
        if case_ref:
            self.case_refs.add(case_ref)
        if care.born:
            self.births.setdefault(care.born, line)
        if care.mobile:
            self.numbers.append((care.mobile, None, line))

    def contradictions(self, client_ref: str, *, drama_allowed: bool) -> list[Contradiction]:
        """Why this client's person is to be held."""
        found = []
        if numbers := self._several_numbers(drama_allowed=drama_allowed):
            found.append(numbers)
        if len(self.births) > 1:
            found.append(
                Contradiction(
                    HoldCause.SEVERAL_BIRTH_DATES,
                    "date_of_birth",
                    tuple(sorted(born.isoformat() for born in self.births)),
                    tuple(sorted(self.births.values())),
                )
            )
        if len(self.case_refs) > MOST_CASES:
            found.append(Contradiction(HoldCause.MANY_CASES, "client_ref", (client_ref,)))
        return found

    def _several_numbers(self, *, drama_allowed: bool) -> Contradiction | None:
        by_number: dict[str, list[tuple[date | None, int]]] = {}
        for typed, checked_on, line in self.numbers:
            number = classify(typed, drama_allowed=drama_allowed)
            if number.kind is NumberKind.UK_MOBILE and number.e164:
                by_number.setdefault(number.e164, []).append((checked_on, line))
        if len(by_number) < 2 or _has_newest(by_number):
            return None
        return Contradiction(
            HoldCause.SEVERAL_NUMBERS,
            "mobile",
            tuple(sorted(by_number)),
            tuple(sorted(line for rows in by_number.values() for _, line in rows)),
        )


def _has_newest(by_number: Mapping[str, list[tuple[date | None, int]]]) -> bool:
    """Whether one number was checked later than every row says of every other."""
    for number, rows in by_number.items():
        newest = max((on for on, _ in rows if on), default=None)
        others: list[Any] = [on for n, said in by_number.items() if n != number for on, _ in said]
        if newest and all(on is not None and on < newest for on in others):
            return True
    return False
