"""Who is held because facts contradict, since when, and which rejected rows ask for more care?

Each list pages by key, the longest held first, in a number of queries that does not grow.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.hold_decisions import Evidence
from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.desk_due import (
    Desk,
    DueKind,
    DueList,
    DueRow,
    instant_key,
    one_page,
    worker_of,
)
from survey_app.reporting.workers import shown_name
from survey_app.store.cases import Case
from survey_app.store.holds import HeldRow, Hold
from survey_app.store.staff import StaffAccount

PAGE = 25
Key = tuple[datetime, int]


@dataclass(frozen=True)
class HeldFact:
    """One hold that nobody ended."""

    id: int
    cause: str
    stands_in_person: bool
    evidence: Evidence
    since: datetime


@dataclass(frozen=True)
class HeldPerson:
    """Somebody who is held: all their cases, and all that contradicts, oldest first."""

    person_id: int
    since: datetime
    case_refs: tuple[str, ...]
    caseworkers: frozenset[int]
    """The accounts that their cases name."""
    facts: tuple[HeldFact, ...]

    @property
    def key(self) -> Key:
        """What the list pages by."""
        return self.since, self.person_id

    @property
    def causes(self) -> tuple[str, ...]:
        """Each cause once, oldest first."""
        return tuple(dict.fromkeys(fact.cause for fact in self.facts))

    @property
    def lines(self) -> tuple[int, ...]:
        """Every line that a cause names, in order."""
        return tuple(sorted({line for fact in self.facts for line in fact.evidence.lines}))


@dataclass(frozen=True)
class HoldsEnd:
    """When and how the last hold of a person ended; `by` None: no person did it."""

    at: datetime
    how: str
    by: str | None


def held_people(
    session: Session, service_id: int, *, after: Key | None = None, limit: int | None = None
) -> list[HeldPerson]:
    """The held people of a service who come after a key; without a limit all of them."""
    held = _held(service_id).subquery()
    query = select(held.c.person_id, held.c.since).order_by(held.c.since, held.c.person_id)
    if after is not None:
        at, last = after
        query = query.where(
            or_(held.c.since > at, and_(held.c.since == at, held.c.person_id > last))
        )
    return _described(session, [row.person_id for row in session.execute(query.limit(limit))])


def find_held_person(session: Session, person_id: int) -> HeldPerson | None:
    """One held person; None for whoever is not held."""
    return next(iter(_described(session, [person_id])), None)


def last_end(session: Session, person_id: int) -> HoldsEnd | None:
    """How the hold of somebody ended that ended last; None where nobody ever held them."""
    row = session.execute(
        select(Hold.ended_at, Hold.ended_how, shown_name(StaffAccount))
        .outerjoin(StaffAccount, StaffAccount.id == Hold.ended_by_id)
        .where(Hold.person_id == person_id, Hold.ended_at.is_not(None))
        .order_by(Hold.ended_at.desc(), Hold.id.desc())
        .limit(1)
    ).first()
    return None if row is None else HoldsEnd(*row)


def held_due(desk: Desk, limit: int | None, after: tuple[str, int] | None) -> DueList:
    """The held people of whom a case is in this desk's care, as things to do: each once with
    everybody whose cases they are, by the newest of these."""
    held = _held(desk.service_id).subquery()
    newest = (
        select(func.max(Case.id))
        .where(
            Case.service_id == desk.service_id,
            Case.person_id.in_(select(held.c.person_id)),
            *desk.mine,
        )
        .group_by(Case.person_id, Case.caseworker_id, Case.caseworker_text)
    )
    query = (
        select(Case.id, held.c.since, Case.case_ref)
        .join(Case, Case.person_id == held.c.person_id)
        .where(Case.id.in_(newest))
    )
    rows, total = one_page(desk, query, held.c.since, Case.id, limit, instant_key(after))
    return DueList(
        tuple(
            DueRow(
                kind=DueKind.HELD,
                case_ref=row.case_ref,
                worker=worker_of(row),
                since=row.since.astimezone(LONDON).date(),
                is_overdue=False,
                key=(row.since.isoformat(), row.id),
            )
            for row in rows
        ),
        total,
    )


def held_rows(
    session: Session, service_id: int, *, after: Key | None = None, limit: int | None = None
) -> list[HeldRow]:
    """The rejected rows in force that come after a key, the longest waiting first."""
    query = select(HeldRow).where(HeldRow.service_id == service_id, HeldRow.ended_at.is_(None))
    if after is not None:
        at, last = after
        query = query.where(
            or_(HeldRow.arrived_at > at, and_(HeldRow.arrived_at == at, HeldRow.id > last))
        )
    return list(session.scalars(query.order_by(HeldRow.arrived_at, HeldRow.id).limit(limit)))


def _held(service_id: int) -> Select[Any]:
    """Every person with an open hold, and since when."""
    return (
        select(Hold.person_id, func.min(Hold.since).label("since"))
        .where(Hold.service_id == service_id, Hold.ended_at.is_(None))
        .group_by(Hold.person_id)
    )


def _described(session: Session, person_ids: Collection[int]) -> list[HeldPerson]:
    """These people with their cases and open holds, in the order given; who has no hold is left
    out."""
    facts: defaultdict[int, list[HeldFact]] = defaultdict(list)
    for hold in session.scalars(
        select(Hold)
        .where(Hold.person_id.in_(person_ids), Hold.ended_at.is_(None))
        .order_by(Hold.since, Hold.id)
    ):
        evidence = Evidence.read(hold.readable_evidence)
        facts[hold.person_id].append(
            HeldFact(hold.id, hold.cause, hold.stands_in_person, evidence, hold.since)
        )
    cases: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        select(Case.person_id, Case.case_ref, Case.caseworker_id)
        .where(Case.person_id.in_(person_ids))
        .order_by(Case.referred_on, Case.id)
    ):
        cases[row.person_id].append(row)
    return [
        HeldPerson(
            person_id=one,
            since=facts[one][0].since,
            case_refs=tuple(row.case_ref for row in cases[one]),
            caseworkers=frozenset(r.caseworker_id for r in cases[one] if r.caseworker_id),
            facts=tuple(facts[one]),
        )
        for one in person_ids
        if facts.get(one)
    ]
