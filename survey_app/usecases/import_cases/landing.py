"""A batch of sound rows lands: which people and cases are made, changed, or left as they are?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_people import SaidOfPerson, said_by, with_care
from survey_app.domain.cases import NumberKind
from survey_app.domain.file_faults import Note
from survey_app.domain.holds import Contradiction
from survey_app.domain.number_notes import number_note
from survey_app.domain.safety_changes import is_newer_check
from survey_app.store.cases import Case
from survey_app.store.holds import HeldRow
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.import_cases.case_facts import (
    CaseTerms,
    has_child_flag,
    state_age,
    state_case,
)
from survey_app.usecases.import_cases.contradictions import Contradictions
from survey_app.usecases.import_cases.follow_up import Changes
from survey_app.usecases.import_cases.held_rows import HeldCare, end_landed, held_care
from survey_app.usecases.import_cases.known import Known, load_known
from survey_app.usecases.import_cases.people import (
    PersonChange,
    Reading,
    state_person,
    take_over,
)
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.import_cases.unsound_rows import FileCare


@dataclass
class FileState:
    """What batches of one file share: its name, what was heard of it as a whole, and who was heard.

    `checked_before`: when these people's safety had been checked before this file came.
    """

    file: str = ""
    care: FileCare = field(default_factory=FileCare)
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
    known: Known = field(default_factory=Known)
    unheard: set[Person] = field(default_factory=set)
    """People made by this batch of whom nothing was written yet."""

    notes: list[tuple[int, Note]] = field(default_factory=list)
    """What is to be known of rows of this batch, by line."""

    to_link: list[tuple[HeldRow, Person]] = field(default_factory=list)
    """Held rows of clients who were nobody yet when the rows came."""

    contradictions: Contradictions = field(init=False)
    changes: Changes = field(default_factory=Changes)

    def __post_init__(self) -> None:
        self.contradictions = Contradictions(self.reading)

    def land(self, rows: Sequence[CaseRow]) -> None:
        """Write the rows of this batch, and what follows from them, into the transaction."""
        client_refs = {row.client_ref for row in rows if row.client_ref}
        self.known = load_known(
            self.session, self.service.id, [row.case_ref for row in rows], client_refs
        )
        with self.session.no_autoflush:
            landed = [(row, self._land_row(row)) for row in rows]
        self.session.flush()
        for held, person in self.to_link:
            held.person_id = person.id
        for row, person in landed:
            self._note(row, person)
        held, notes = self.contradictions.hold(
            self.session, self.service.id, self.state.file, self.tally
        )
        self.notes += notes
        self.changes.undecided |= held
        self.changes.follow_up(self.session, self.service, self.reading, self.tally)

    def _note(self, row: CaseRow, person: Person) -> None:
        """Say of a row that landed what its source should know."""
        self.notes += ((row.line, note) for note in row.notes)
        if person.number_kind == NumberKind.UK_MOBILE:
            return
        self.tally.not_textable[person.number_kind] += 1
        typed = row.safety.get("mobile")
        code = number_note(typed, NumberKind(person.number_kind)) if typed else None
        if code is not None:
            self.notes.append((row.line, Note("mobile", code)))

    def _land_row(self, row: CaseRow) -> Person:
        case = self.known.cases.get(row.case_ref)
        if case is None:
            return self._create(row)
        former = self.known.people[case.person_id]
        known_as = former.client_ref
        person = self._person_for(row.client_ref, former)
        is_newer = self._is_newer(person, row)
        change = self._state(person, row, is_flagged_child=has_child_flag(case))
        if person is not former:
            self._move(row, case, person, former)
        facts = state_case(case, row, self.terms, self.reading.now, is_new=False, is_newer=is_newer)
        is_aged = state_age(case, person, self.reading.now)
        self._end_held(row)
        self.contradictions.add(row, case, person, self._of_client(row))
        if facts.is_loosening_refused:
            self.tally.refused_loosening["flags"] += 1
        if facts.are_flags_changed:
            self.changes.unsettled.append(person)
        if facts.is_closing_changed:
            self.changes.to_pair.append(case)
        if facts.is_changed or is_aged or person is not former:
            self.changes.to_plan.append(case)
        elif not change.is_changed and former.client_ref == known_as:
            self.tally.unchanged += 1
            return person
        self.tally.updated += 1
        return person

    def _create(self, row: CaseRow) -> Person:
        person = self.known.clients.get(row.client_ref) if row.client_ref else None
        born_before = person and readable_or_none(person.date_of_birth)
        person = person or self._new_person(row.client_ref)
        held = held_care(self.known, row, is_person_new=person in self.unheard)
        self.to_link += (
            (each, person)
            for each in self.known.held_for(None, row.client_ref)
            if each.person_id is None
        )
        row = held.flagged(row)
        said_flags = row.case.get("flags") or ""
        self._state(person, row, held, is_flagged_child="child" in said_flags.split(";"))
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
        self._end_held(row)
        found = [*held.contradictions, *self._of_client(row)]
        self.contradictions.add(row, case, person, found)
        self.contradictions.add_new_case(row, case, person, born_before)
        if person.id is not None:
            # Another case of a known person may bring flags, which hold for all their cases.
            self.changes.unsettled.append(person)
        self.session.add(case)
        self.changes.to_plan.append(case)
        self.tally.created += 1
        return person

    def _end_held(self, row: CaseRow) -> None:
        self.changes.freed |= end_landed(self.known, row.case_ref, row.client_ref, self.reading.now)

    def _of_client(self, row: CaseRow) -> Sequence[Contradiction]:
        """What all rows of the client together contradict in."""
        return self.state.care.contradictions.get(row.client_ref or "", ())

    def _person_for(self, client_ref: str | None, former: Person) -> Person:
        """Whose an existing case is: an empty client leaves it where it is."""
        if client_ref is None or former.client_ref == client_ref:
            return former
        known = self.known.clients.get(client_ref)
        if known is not None:
            return known
        if former.client_ref is None:
            former.client_ref = client_ref
            former.changed_at = self.reading.now
            self.known.clients[client_ref] = former
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
            self.known.clients[client_ref] = person
        return person

    def _is_newer(self, person: Person, row: CaseRow) -> bool:
        before = self.state.checked_before.get(row.client_ref or "", person.safety_checked_on)
        said = row.safety.get("safety_checked_on")
        return is_newer_check(before, said, file_day=self.reading.today)

    def _state(
        self,
        person: Person,
        row: CaseRow,
        held: HeldCare | None = None,
        *,
        is_flagged_child: bool,
    ) -> PersonChange:
        """A person of several rows is heard once, by what all the rows say together."""
        care = self.state.care
        together = care.combined.get(row.client_ref or "")
        is_new = person in self.unheard
        from_held = () if held is None else held.said
        if together and not is_new and row.client_ref in self.state.checked_before:
            if not from_held:
                return PersonChange()
            # The person was heard; what an earlier file left held about this case was not.
            together = SaidOfPerson(row.case_ref, row.referred_on, {}, {})
        self.unheard.discard(person)
        if together and row.client_ref:
            self.state.checked_before.setdefault(row.client_ref, person.safety_checked_on)
        unsound = care.unsound(person.id, row.client_ref)
        said = with_care(together or said_by(row), [*unsound, *from_held])
        self.contradictions.note_newer_check(self.known, person, said, self._of_client(row))
        change = state_person(
            person, said, self.reading, is_new=is_new, is_flagged_child=is_flagged_child
        )
        self.tally.refused_loosening.update(change.refused_loosening)
        if change.cancels_queued and not is_new:
            self.changes.unsettled.append(person)
        return change

    def _move(self, row: CaseRow, case: Case, person: Person, former: Person) -> None:
        change = take_over(person, former, self.reading)
        self.contradictions.add_move(row, case, person, former, self.known.holds.get(former.id, ()))
        case.person = person
        case.changed_at = self.reading.now
        self.changes.moved.append(case)
        if change.cancels_queued:
            self.changes.unsettled.append(person)
