"""Which of the cases and people that a batch of rows names are known already?"""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.store.cases import Case
from survey_app.store.holds import HeldRow, Hold
from survey_app.store.people import Person


@dataclass
class Known:
    """Cases by reference; people by id and by client; open holds by person; held rows in force."""

    cases: dict[str, Case] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    clients: dict[str, Person] = field(default_factory=dict)
    holds: dict[int, list[Hold]] = field(default_factory=dict)
    held_rows: list[HeldRow] = field(default_factory=list)

    def held_for(self, case_ref: str | None, client_ref: str | None) -> list[HeldRow]:
        """The held rows in force of this case, or of this client."""
        return [
            held
            for held in self.held_rows
            if (case_ref and held.case_ref == case_ref)
            or (client_ref and held.client_ref == client_ref)
        ]


def load_known(
    session: Session, service_id: int, case_refs: Collection[str], client_refs: Collection[str]
) -> Known:
    """What is known of these, the people locked until the transaction ends; four queries."""
    known = Known()
    cases = session.scalars(
        select(Case).where(Case.service_id == service_id, Case.case_ref.in_(case_refs))
    )
    known.cases = {case.case_ref: case for case in cases}
    person_ids = {case.person_id for case in known.cases.values()}
    # Locked, as a text's claim locks its person first: whichever comes second sees the other.
    found = session.scalars(
        select(Person)
        .where(
            Person.service_id == service_id,
            or_(Person.id.in_(person_ids), Person.client_ref.in_(client_refs)),
        )
        .order_by(Person.id)
        .with_for_update(key_share=True)
    )
    known.people = {person.id: person for person in found}
    known.clients = {p.client_ref: p for p in known.people.values() if p.client_ref}
    for hold in session.scalars(
        select(Hold).where(Hold.person_id.in_(known.people), Hold.ended_at.is_(None))
    ):
        known.holds.setdefault(hold.person_id, []).append(hold)
    known.held_rows = list(
        session.scalars(
            select(HeldRow).where(
                HeldRow.service_id == service_id,
                HeldRow.ended_at.is_(None),
                or_(HeldRow.case_ref.in_(case_refs), HeldRow.client_ref.in_(client_refs)),
            )
        )
    )
    return known


def people_with_numbers(session: Session, service_id: int, hashes: Collection[str]) -> list[int]:
    """The people of the service who have one of these numbers."""
    if not hashes:
        return []
    return list(
        session.scalars(
            select(Person.id).where(Person.service_id == service_id, Person.number_hash.in_(hashes))
        )
    )
