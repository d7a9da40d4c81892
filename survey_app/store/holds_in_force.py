"""Which holds and held rows are in force, and what do they say of people and their numbers?

FORMATS-INTAKE.md, section 3, points 5 and 6. A constant number of queries, however many people.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.care import UNREADABLE_WORD, most_careful_of
from survey_app.domain.cases import ClosureReason, Flag, Recorded
from survey_app.store.holds import HeldRow, Hold


@dataclass(frozen=True)
class Held:
    """Who is held (by person id: whether in person too), and the held rows by whom they concern."""

    people: Mapping[int, bool]
    of_person: Mapping[int, list[Row[Any]]] = field(default_factory=dict)
    of_number: Mapping[tuple[int, str], list[Row[Any]]] = field(default_factory=dict)
    of_case: Mapping[tuple[int, str], list[Row[Any]]] = field(default_factory=dict)

    def is_shared(self, row: Row[Any], case_refs: Collection[str]) -> bool:
        """Whether a held row of somebody else has this person's number.

        `row` has `person_id`, `client_ref`, `service_id` and `number_hash`; `case_refs` are all of
        the person's.
        """
        return any(
            not _is_own(held, row) and (held.case_ref is None or held.case_ref not in case_refs)
            for held in self.of_number.get((row.service_id, row.number_hash), ())
        )

    def word(self, row: Row[Any], column: str, stored: Recorded | None) -> Recorded | None:
        """The most careful word: the stored one, or that of a held row with the same number.

        One that nobody can read is a doubt to all others; its own person is held for it.
        """
        said = [
            word
            for held in self.of_number.get((row.service_id, row.number_hash), ())
            if (word := held.words.get(column)) != UNREADABLE_WORD or not _is_own(held, row)
        ]
        word = most_careful_of(column, [*said, stored])
        return None if word is None else Recorded(word)

    def flags(self, person_id: int) -> frozenset[Flag]:
        """The flags that held rows say of a person."""
        words = [held.words.get("flags") for held in self.of_person.get(person_id, ())]
        return frozenset(Flag(f) for said in words if said for f in _flags(said))

    def is_transferred(self, service_id: int, case_ref: str) -> bool:
        """Whether a held row of this case says that it was transferred."""
        return any(
            held.words.get("closure_reason") == ClosureReason.TRANSFERRED
            for held in self.of_case.get((service_id, case_ref), ())
        )


def _is_own(held: Row[Any], row: Row[Any]) -> bool:
    """Whether a held row is this person's own, as far as it says."""
    is_client = held.client_ref is not None and held.client_ref == row.client_ref
    return is_client or (held.person_id is not None and held.person_id == row.person_id)


def _flags(said: str) -> list[str]:
    return [word for word in said.split(";") if word in set(Flag)]


def held_of(
    session: Session,
    person_ids: Collection[int],
    hashes: Collection[str],
    case_refs: Collection[str],
) -> Held:
    """What is in force for these people, numbers and cases; two queries."""
    people: dict[int, bool] = {}
    holds = session.execute(
        select(Hold.person_id, Hold.stands_in_person).where(
            Hold.person_id.in_(person_ids), Hold.ended_at.is_(None)
        )
    )
    for person_id, in_person in holds:
        people[person_id] = people.get(person_id, False) or in_person
    rows = session.execute(
        select(
            HeldRow.service_id,
            HeldRow.person_id,
            HeldRow.client_ref,
            HeldRow.case_ref,
            HeldRow.number_hash,
            HeldRow.words,
        ).where(
            HeldRow.ended_at.is_(None),
            or_(
                HeldRow.number_hash.in_(hashes),
                HeldRow.person_id.in_(person_ids),
                HeldRow.case_ref.in_(case_refs),
            ),
        )
    )
    return _grouped(people, rows.all())


def _grouped(people: Mapping[int, bool], rows: Iterable[Row[Any]]) -> Held:
    of_person: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    of_number: defaultdict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    of_case: defaultdict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.person_id is not None:
            of_person[row.person_id].append(row)
        if row.number_hash is not None:
            of_number[row.service_id, row.number_hash].append(row)
        if row.case_ref is not None:
            of_case[row.service_id, row.case_ref].append(row)
    return Held(people, of_person, of_number, of_case)
