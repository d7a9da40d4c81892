"""A batch of sound rows lands: which people and cases are made, changed, or left as they are?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_people import SaidOfPerson, said_by
from survey_app.domain.cases import NumberKind
from survey_app.domain.safety_changes import is_newer_check
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.change_safety import SAFETY_CHANGED
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.import_cases.case_facts import (
    CaseTerms,
    has_child_flag,
    state_age,
    state_case,
)
from survey_app.usecases.import_cases.people import (
    PersonChange,
    Reading,
    state_person,
    take_over,
)
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.plan_requests import plan_requests
from survey_app.usecases.refresh_pairs import refresh_pairs


@dataclass
class FileState:
    """What batches of one file share: who is spoken of by several rows, and who was heard already.

    `checked_before`: when these people's safety had been checked before this file came.
    """

    combined: Mapping[str, SaidOfPerson] = field(default_factory=dict)
    checked_before: dict[str, date | None] = field(default_factory=dict)


@dataclass
class Landing:
    """One batch within its transaction."""

    session: Session
    service: Service
    terms: CaseTerms
    reading: Reading
    state: FileState
    tally: CaseTally
    cases: dict[str, Case] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    clients: dict[str, Person] = field(default_factory=dict)
    unheard: set[Person] = field(default_factory=set)
    """People made by this batch of whom nothing was written yet."""

    to_plan: list[Case] = field(default_factory=list)
    to_pair: list[Case] = field(default_factory=list)
    moved: list[Case] = field(default_factory=list)
    unsettled: list[Person] = field(default_factory=list)
    """People about whose safety something changed."""

    def land(self, rows: Sequence[CaseRow]) -> None:
        """Write the rows of this batch, and what follows from them, into the transaction."""
        self._load(rows)
        with self.session.no_autoflush:
            landed = [(row, self._land_row(row)) for row in rows]
        self.session.flush()
        for _, person in landed:
            if person.number_kind != NumberKind.UK_MOBILE:
                self.tally.not_textable[person.number_kind] += 1
        self._follow_up()

    def _load(self, rows: Sequence[CaseRow]) -> None:
        refs = [row.case_ref for row in rows]
        cases = self.session.scalars(
            select(Case).where(Case.service_id == self.service.id, Case.case_ref.in_(refs))
        )
        self.cases = {case.case_ref: case for case in cases}
        wanted = select(Person).where(Person.service_id == self.service.id).order_by(Person.id)
        # Locked, as a text's claim locks its person first: whichever comes second sees the other.
        wanted = wanted.with_for_update(key_share=True)
        client_refs = {row.client_ref for row in rows if row.client_ref}
        person_ids = {case.person_id for case in self.cases.values()}
        found = self.session.scalars(
            wanted.where(Person.id.in_(person_ids) | Person.client_ref.in_(client_refs))
        )
        self.people = {person.id: person for person in found}
        self.clients = {p.client_ref: p for p in self.people.values() if p.client_ref}

    def _land_row(self, row: CaseRow) -> Person:
        case = self.cases.get(row.case_ref)
        if case is None:
            return self._create(row)
        former = self.people[case.person_id]
        known_as = former.client_ref
        person = self._person_for(row.client_ref, former)
        is_newer = self._is_newer(person, row)
        change = self._state(person, row, is_flagged_child=has_child_flag(case))
        if person is not former:
            self._move(case, person, former)
        facts = state_case(case, row, self.terms, self.reading.now, is_new=False, is_newer=is_newer)
        is_aged = state_age(case, person, self.reading.now)
        if facts.is_loosening_refused:
            self.tally.refused_loosening["flags"] += 1
        if facts.are_flags_changed:
            self.unsettled.append(person)
        if facts.is_closing_changed:
            self.to_pair.append(case)
        if facts.is_changed or is_aged or person is not former:
            self.to_plan.append(case)
        elif not change.is_changed and former.client_ref == known_as:
            self.tally.unchanged += 1
            return person
        self.tally.updated += 1
        return person

    def _create(self, row: CaseRow) -> Person:
        person = self.clients.get(row.client_ref) if row.client_ref else None
        person = person or self._new_person(row.client_ref)
        said_flags = row.case.get("flags") or ""
        self._state(person, row, is_flagged_child="child" in said_flags.split(";"))
        case = Case(
            service_id=self.service.id,
            case_ref=row.case_ref,
            person=person,
            created_at=self.reading.now,
            changed_at=self.reading.now,
            arrived_on=self.reading.today,
        )
        state_case(case, row, self.terms, self.reading.now, is_new=True, is_newer=True)
        state_age(case, person, self.reading.now)
        if person.id is not None:
            # Another case of a known person may bring flags, which hold for all their cases.
            self.unsettled.append(person)
        self.session.add(case)
        self.to_plan.append(case)
        self.tally.created += 1
        return person

    def _person_for(self, client_ref: str | None, former: Person) -> Person:
        """Whose an existing case is: an empty client leaves it where it is."""
        if client_ref is None or former.client_ref == client_ref:
            return former
        known = self.clients.get(client_ref)
        if known is not None:
            return known
        if former.client_ref is None:
            former.client_ref = client_ref
            former.changed_at = self.reading.now
            self.clients[client_ref] = former
            return former
        return self._new_person(client_ref)

    def _new_person(self, client_ref: str | None) -> Person:
        person = Person(
            service_id=self.service.id,
            client_ref=client_ref,
            number_kind=NumberKind.NONE,
            created_at=self.reading.now,
            changed_at=self.reading.now,
        )
        self.session.add(person)
        self.unheard.add(person)
        if client_ref:
            self.clients[client_ref] = person
        return person

    def _is_newer(self, person: Person, row: CaseRow) -> bool:
        before = self.state.checked_before.get(row.client_ref or "", person.safety_checked_on)
        said = row.safety.get("safety_checked_on")
        return is_newer_check(before, said, file_day=self.reading.today)

    def _state(self, person: Person, row: CaseRow, *, is_flagged_child: bool) -> PersonChange:
        """A person of several rows is heard once, by what all the rows say together."""
        together = self.state.combined.get(row.client_ref or "")
        is_new = person in self.unheard
        if together and not is_new and row.client_ref in self.state.checked_before:
            return PersonChange()
        self.unheard.discard(person)
        if together and row.client_ref:
            self.state.checked_before[row.client_ref] = person.safety_checked_on
        change = state_person(
            person,
            together or said_by(row),
            self.reading,
            is_new=is_new,
            is_flagged_child=is_flagged_child,
        )
        self.tally.refused_loosening.update(change.refused_loosening)
        if change.cancels_queued and not is_new:
            self.unsettled.append(person)
        return change

    def _move(self, case: Case, person: Person, former: Person) -> None:
        change = take_over(person, former, self.reading)
        case.person = person
        case.changed_at = self.reading.now
        self.moved.append(case)
        if change.cancels_queued:
            self.unsettled.append(person)

    def _follow_up(self) -> None:
        """Take back texts decided on what no longer holds, then plan and decide anew."""
        session, now = self.session, self.reading.now
        person_ids = _ids(self.unsettled)
        request_ids = self._requests_of(self.moved)
        self.tally.texts_cancelled += cancel_queued(
            session,
            person_ids=person_ids,
            request_ids=request_ids,
            reason=SAFETY_CHANGED,
            now=now,
        )
        if self.to_plan:
            counts = plan_requests(
                session, self.service, _ids(self.to_plan), self.reading.today, now
            )
            self.tally.too_late += counts.too_late
        if person_ids:
            decide_again(session, person_ids, now)
        if self.to_pair:
            refresh_pairs(session, _ids(self.to_pair))

    def _requests_of(self, cases: Iterable[Case]) -> list[int]:
        case_ids = _ids(cases)
        if not case_ids:
            return []
        return list(
            self.session.scalars(
                select(SurveyRequest.id).where(SurveyRequest.case_id.in_(case_ids))
            )
        )


def _ids(rows: Iterable[Case] | Iterable[Person]) -> list[int]:
    return sorted({row.id for row in rows})
