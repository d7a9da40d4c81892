"""What contradicts in the rows of a batch as they land, and who is held or released by it?

FORMATS-INTAKE.md, section 3, points 6 to 9.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from survey_app.domain.birth_dates import birth_contradictions
from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_people import SaidOfPerson
from survey_app.domain.file_faults import Note, NoteCode
from survey_app.domain.holds import Contradiction, HoldCause
from survey_app.domain.safety_changes import is_newer_check
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.holds import Hold
from survey_app.store.people import Person
from survey_app.store.safety_details import flags_of
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.hold_person import (
    FACTS_CONTRADICT,
    Found,
    contradiction_of,
    end_by_file,
    hold_people,
)
from survey_app.usecases.import_cases.known import Known
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.tally import CaseTally


@dataclass
class Contradictions:
    """Gathered while a batch lands; `hold` writes them."""

    reading: Reading
    found: list[tuple[CaseRow, Case, Person, Contradiction]] = field(default_factory=list)
    released: list[Person] = field(default_factory=list)
    """People whose one number a newer check gave."""

    def add(self, row: CaseRow, case: Case, person: Person, why: Iterable[Contradiction]) -> None:
        """Take in what contradicts in a case as it landed, in its row, or in its client's rows."""
        self.found += ((row, case, person, each) for each in why)
        births = (
            readable_or_none(person.date_of_birth),
            row.person.get("date_of_birth"),
            row.impossible_birth,
        )
        if known := [born for born in births if born]:
            flags = (flags_of(case.flags) or frozenset()) | (
                flags_of(row.case.get("flags")) or frozenset()
            )
            of_births = birth_contradictions(known, flags, row.referred_on, row.line)
            self.found += ((row, case, person, each) for each in of_births)

    def add_new_case(self, row: CaseRow, case: Case, person: Person, before: date | None) -> None:
        """A new case with another birth date than was stored of its person."""
        born = row.person.get("date_of_birth")
        if born and before and born != before:
            both = tuple(sorted((born.isoformat(), before.isoformat())))
            why = HoldCause.SEVERAL_BIRTH_DATES
            found = Contradiction(why, "date_of_birth", both, (row.line,))
            self.found.append((row, case, person, found))

    def add_move(
        self, row: CaseRow, case: Case, person: Person, former: Person, holds: Iterable[Hold]
    ) -> None:
        """A case that moves to another client: whose number differs, or from somebody held."""
        self.found += ((row, case, person, contradiction_of(hold)) for hold in holds)
        if None not in (person.number_hash, former.number_hash) and (
            person.number_hash != former.number_hash
        ):
            values = tuple(sorted(readable_or_none(each.mobile) or "" for each in (person, former)))
            found = Contradiction(HoldCause.CLIENT_CHANGED, "mobile", values, (row.line,))
            self.found.append((row, case, person, found))

    def note_newer_check(
        self,
        known: Known,
        person: Person,
        said: SaidOfPerson,
        contradicting: Iterable[Contradiction],
    ) -> None:
        """Note that a newer check gives the single number of someone held for several."""
        open_holds = known.holds.get(person.id, ()) if person.id is not None else ()
        is_held = any(
            hold.cause == HoldCause.SEVERAL_NUMBERS and hold.since < self.reading.now
            for hold in open_holds
        )
        if (
            is_held
            and said.safety.get("mobile")
            and all(found.cause != HoldCause.SEVERAL_NUMBERS for found in contradicting)
            and is_newer_check(
                person.safety_checked_on,
                said.safety.get("safety_checked_on"),
                file_day=self.reading.today,
            )
        ):
            self.released.append(person)

    def hold(
        self, session: Session, service_id: int, file: str, tally: CaseTally
    ) -> tuple[set[int], list[tuple[int, Note]]]:
        """Hold whom facts contradict, and release whose one number a newer check gave.

        Who is to be decided on anew, and what is to be noted by line.
        """
        now = self.reading.now
        changed = {person.id for person in self.released}
        if changed:
            end_by_file(session, changed, HoldCause.SEVERAL_NUMBERS, now)
        found = [Found(person.id, why, case.id) for _, case, person, why in self.found]
        held = hold_people(session, service_id, found, file=file, now=now)
        tally.held |= held
        tally.texts_cancelled += cancel_queued(
            session, person_ids=held, reason=FACTS_CONTRADICT, now=now
        )
        notes = [
            (row.line, Note(why.column, NoteCode.HELD, why.cause))
            for row, _, person, why in self.found
            if person.id in held
        ]
        return changed | held, list(dict.fromkeys(notes))
