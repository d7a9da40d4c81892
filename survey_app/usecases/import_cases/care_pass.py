"""What do the rows of a file that do not land ask for? Written before any row lands.

The care pass (FORMATS-INTAKE.md, section 3): what unsound rows say goes through the one merge that
exists and may only tighten; what contradicts holds. Whatever happens after it, the file has only
tightened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.birth_dates import ADULT, birth_contradictions
from survey_app.domain.care import HOURS_COLUMNS, Care
from survey_app.domain.case_file_columns import YES_NO_COLUMNS
from survey_app.domain.contact_facts import age_on, flags_meant
from survey_app.domain.file_cells import read_date
from survey_app.domain.file_faults import Flaw
from survey_app.domain.holds import Contradiction, HoldCause
from survey_app.domain.safety_changes import merge_birth_date, merge_flags, merge_safety
from survey_app.domain.safety_details import PERMISSIONS, RecordedNumber, SafetyDetails
from survey_app.messaging.numbers import classify
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.safety_details import (
    days_of,
    flags_of,
    keep_safety,
    safety_details_of,
    stored_flags,
)
from survey_app.store.services import Service
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.change_safety import SAFETY_CHANGED, number_as_recorded
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.hold_person import FACTS_CONTRADICT, Found, hold_people
from survey_app.usecases.import_cases.case_facts import CaseTerms, state_age
from survey_app.usecases.import_cases.held_rows import RowToHold, keep_row
from survey_app.usecases.import_cases.known import Known, load_known, people_with_numbers
from survey_app.usecases.import_cases.numbers_to_come import RowToCome
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.import_cases.unsound_rows import FileCare, UnsoundRow


@dataclass
class CareBatch:
    """Some unsound rows within one transaction."""

    session: Session
    service: Service
    terms: CaseTerms
    reading: Reading
    file: str
    care: FileCare
    tally: CaseTally
    known: Known = field(default_factory=Known)
    found: list[Found] = field(default_factory=list)
    tightened: set[int] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    """Hashes of the numbers that rows held from now on name."""

    def write(self, rows: Iterable[UnsoundRow]) -> None:
        """Tighten, hold and take back what these rows ask for."""
        rows = list(rows)
        self.known = load_known(
            self.session,
            self.service.id,
            {row.case_ref for row in rows if row.case_ref},
            {row.client_ref for row in rows if row.client_ref},
        )
        for row in rows:
            self._write_row(row)
        self.session.flush()
        self._follow_up()

    def expect(self, rows: Iterable[RowToCome]) -> None:
        """Let numbers of rows still to come count as somebody's until their new case lands."""
        rows = list(rows)
        clients = {row.client_ref for row in rows if row.client_ref}
        self.known = load_known(
            self.session, self.service.id, [row.case_ref for row in rows], clients
        )
        allowed = self.reading.drama_allowed
        for row in rows:
            number = number_as_recorded(row.mobile, drama_allowed=allowed)
            is_known = row.case_ref in self.known.cases or self.known.held_for(row.case_ref, None)
            if not is_known and number and number.number_hash:
                client = self.known.clients.get(row.client_ref or "")
                to_hold = RowToHold(
                    row.case_ref, row.client_ref, client and client.id, row.line, (), {}, {}, number
                )
                keep_row(self.session, self.service.id, self.known, to_hold, self.reading.now)
                self.numbers.add(number.number_hash)
        self.session.flush()
        self._follow_up()

    def _write_row(self, row: UnsoundRow) -> None:
        case = self._case(row)
        people = self._people(row, case)
        number = number_as_recorded(row.care.mobile, drama_allowed=self.reading.drama_allowed)
        words = row.care.careful_words(self.terms.sensitive_crimes)
        found = row.contradictions()
        self._remember(row, people, found)
        is_tighter = False
        for person in people:
            own = [*found, *self._about(row, person, case, number)]
            own_case = case if case is not None and case.person_id == person.id else None
            self.found += [Found(person.id, each, own_case and own_case.id) for each in own]
            is_tighter |= bool(own) | self._tighten(person, row)
        if case is not None:
            is_tighter |= self._tighten_flags(case, row)
            if is_tighter:
                state_age(case, self.known.people[case.person_id], self.reading.now)
        is_number_new = _is_elsewhere(number, people)
        if is_tighter or is_number_new or self._is_owed(row, words, case):
            self._hold_row(row, people, words, number)

    def _case(self, row: UnsoundRow) -> Case | None:
        """The case that a row names; where it names none, the client's newest bears its flags."""
        client = self.known.clients.get(row.client_ref or "")
        if row.case_ref or client is None:
            return self.known.cases.get(row.case_ref or "")
        newest = (
            select(Case)
            .where(Case.person_id == client.id)
            .order_by(Case.referred_on.desc(), Case.id.desc())
        )
        return self.session.scalars(newest.limit(1)).first()

    def _people(self, row: UnsoundRow, case: Case | None) -> list[Person]:
        """The person of the case, and of the client."""
        client = self.known.clients.get(row.client_ref or "")
        people = [client] if client is not None else []
        if case is not None and (client is None or case.person_id != client.id):
            people.insert(0, self.known.people[case.person_id])
        return people

    def _remember(self, row: UnsoundRow, people: list[Person], found: list[Contradiction]) -> None:
        """What sound rows of the same person are to land with."""
        said = {
            c: row.care.said[c] for c in (*YES_NO_COLUMNS, *HOURS_COLUMNS) if c in row.care.said
        }
        if row.client_ref:
            self.care.contradictions[row.client_ref] += found
        if not said:
            return
        if row.client_ref:
            self.care.of_client[row.client_ref].append(said)
        for person in people:
            self.care.of_person[person.id].append(said)

    def _tighten(self, person: Person, row: UnsoundRow) -> bool:
        said = row.care.said
        details = SafetyDetails(
            **{name: said.get(name) for name in PERMISSIONS},
            safe_days=days_of(said.get("safe_days")),
            safe_from=said.get("safe_from"),
            safe_until=said.get("safe_until"),
        )
        merge = merge_safety(safety_details_of(person), details, file_day=self.reading.today)
        is_younger = self._is_made_younger(person, row.care)
        if merge.changed:
            keep_safety(person, merge, self.reading.now)
        if merge.changed or is_younger:
            person.changed_at = self.reading.now
            self.tightened.add(person.id)
        return bool(merge.changed) or is_younger

    def _is_made_younger(self, person: Person, care: Care) -> bool:
        """Let a row make someone a child, or a younger one, and nobody older."""
        born, today = care.born, self.reading.today
        if born is None or born > today or age_on(today, born) >= ADULT:
            return False
        stored = readable_or_none(person.date_of_birth)
        younger = merge_birth_date(stored, born, is_newer=False, is_flagged_child=False)
        if younger == stored:
            return False
        person.date_of_birth, person.birth_not_given = younger, None
        return True

    def _tighten_flags(self, case: Case, row: UnsoundRow) -> bool:
        crimes = self.terms.sensitive_crimes
        stored = flags_of(case.flags)
        added = row.care.flags(crimes) - flags_meant(
            stored or frozenset(), case.crime_category, crimes
        )
        if not added:
            return False
        merge = merge_flags(stored, (stored or frozenset()) | added, is_newer=False)
        case.flags = stored_flags(merge.result)
        case.changed_at = self.reading.now
        self.tightened.add(case.person_id)
        return True

    def _about(
        self, row: UnsoundRow, person: Person, case: Case | None, number: RecordedNumber | None
    ) -> list[Contradiction]:
        """What contradicts what is stored of a known person."""
        line, found = row.row.line, []
        stored = safety_details_of(person).number
        if number and stored and row.row.is_in_columns and not number.is_same_as(stored):
            values = tuple(sorted({self._e164(stored), self._e164(number)}))
            found.append(Contradiction(HoldCause.SEVERAL_NUMBERS, "mobile", values, (line,)))
        born = row.care.born
        stored_born = readable_or_none(person.date_of_birth)
        if case is None and born and stored_born and born != stored_born:
            births = tuple(sorted((born.isoformat(), stored_born.isoformat())))
            why = HoldCause.SEVERAL_BIRTH_DATES
            found.append(Contradiction(why, "date_of_birth", births, (line,)))
        if born or row.care.said.get("flags"):
            flags = row.care.flags(self.terms.sensitive_crimes)
            if case is not None:
                flags |= flags_of(case.flags) or frozenset()
            known = [each for each in (born, stored_born) if each]
            found += birth_contradictions(known, flags, self._referral(row, case), line)
        return found

    def _referral(self, row: UnsoundRow, case: Case | None) -> date:
        """The day of the referral, as stored or as the row has it; today where neither says."""
        if case is not None:
            return case.referred_on
        said = read_date(row.row.cells.get("referred_on", ""))
        return self.reading.today if isinstance(said, Flaw) else said

    def _e164(self, number: RecordedNumber) -> str:
        """A number in one form, so that equal ones are one value to who decides."""
        typed = readable_or_none(number.typed) or ""
        return classify(typed, drama_allowed=self.reading.drama_allowed).e164 or typed

    def _is_owed(self, row: UnsoundRow, words: Mapping[str, str], case: Case | None) -> bool:
        """Whether the row says what only its case could keep."""
        return bool(words) and (case is None or "closure_reason" in words)

    def _hold_row(
        self,
        row: UnsoundRow,
        people: list[Person],
        words: Mapping[str, str],
        number: RecordedNumber | None,
    ) -> None:
        to_hold = RowToHold(
            case_ref=row.case_ref,
            client_ref=row.client_ref,
            person_id=people[0].id if people else None,
            line=row.row.line,
            faults=row.faults,
            words=words,
            cells=row.row.cells,
            number=number,
        )
        held = keep_row(self.session, self.service.id, self.known, to_hold, self.reading.now)
        if held.number_hash:
            self.numbers.add(held.number_hash)
        self.tightened.update(person.id for person in people)

    def _follow_up(self) -> None:
        session, now = self.session, self.reading.now
        held = hold_people(session, self.service.id, self.found, file=self.file, now=now)
        self.tally.held |= held
        sharing = people_with_numbers(session, self.service.id, self.numbers)
        for people, reason in (
            (held, FACTS_CONTRADICT),
            (self.tightened.union(sharing), SAFETY_CHANGED),
        ):
            self.tally.texts_cancelled += cancel_queued(
                session, person_ids=people, reason=reason, now=now
            )
        if changed := self.tightened.union(held, sharing):
            decide_again(session, changed, now)


def _is_elsewhere(number: RecordedNumber | None, people: Iterable[Person]) -> bool:
    """Whether a row names a number that none of its people is known by."""
    if number is None or number.number_hash is None:
        return False
    return all(person.number_hash != number.number_hash for person in people)
