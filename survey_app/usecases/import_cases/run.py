"""A cases file lands: seen as a whole, then heard for care, then row by row, batch by batch.

FORMATS.md, "Cases CSV"; FORMATS-INTAKE.md, section 3. A file fault writes nothing; a faulty row is
handed back and the others land. Running it again changes nothing more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_columns import (
    CASE_COLUMNS,
    FREE_TEXT_COLUMNS,
    REQUIRED_CASE_COLUMNS,
)
from survey_app.domain.file_faults import FileFault, Note, NoteCode
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.usecases.csv_files import CsvFile, look_through
from survey_app.usecases.hold_merged_people import hold_merged_people
from survey_app.usecases.import_cases.care_pass import CareBatch
from survey_app.usecases.import_cases.case_facts import CaseTerms, case_terms
from survey_app.usecases.import_cases.client_facts import ClientFacts
from survey_app.usecases.import_cases.first_look import (
    COMMON_BIRTH,
    FirstLook,
    client_of,
    first_look,
)
from survey_app.usecases.import_cases.landing import FileState, Landing
from survey_app.usecases.import_cases.numbers_to_come import NumbersToCome
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.row_reading import ReadRow, RowReader
from survey_app.usecases.import_cases.spellings import Spellings, find_spellings
from survey_app.usecases.import_cases.stored_keys import stored_keys
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.import_cases.unsound_rows import (
    FileCare,
    UnsoundRow,
    gather,
    unsound_row,
)
from survey_app.usecases.import_runs import (
    ImportJob,
    OnNote,
    OnProgress,
    OnRejected,
    OpenBatch,
    Rejected,
    locked_service,
    nobody_listens,
    noted_run,
)

ROWS_AT_ONCE = 500
"""Rows in one transaction: memory stays flat, and other writers get their turn."""

Item = TypeVar("Item")


def import_cases(
    job: ImportJob,
    open_batch: OpenBatch,
    *,
    on_rejected: OnRejected = nobody_listens,
    on_progress: OnProgress = nobody_listens,
    on_note: OnNote = nobody_listens,
) -> CaseTally | FileFault:
    """Import a cases file. `on_progress` hears how many bytes of how many are behind it.

    Raises `ServiceNotFound`. Nothing is written on a file fault.
    """
    looked = look_through(
        job.path,
        CASE_COLUMNS,
        REQUIRED_CASE_COLUMNS,
        lambda file: first_look(file, job),
        FREE_TEXT_COLUMNS,
    )
    if isinstance(looked, FileFault):
        return looked
    file, look = looked
    run = _Run(file, look, job, open_batch, CaseTally(unknown_columns=file.unknown_columns))
    with noted_run(job, open_batch, "cases", run.tally, run.prepare) as prepared:
        state = FileState(job.path.name, run.hear_care(prepared))
        for batch in _batches(run.reader.rows()):
            run.land(batch, state, prepared, on_note)
            for each in batch:
                if isinstance(each.read, list):
                    run.tally.rejected += 1
                    on_rejected(file, Rejected(each.row, tuple(each.read)))
            on_progress(batch[-1].row.offset, file.size)
    return run.tally


@dataclass(frozen=True)
class _Prepared:
    terms: CaseTerms
    spellings: Spellings


class _Run:
    """One file on its way in."""

    def __init__(
        self,
        file: CsvFile,
        look: FirstLook,
        job: ImportJob,
        open_batch: OpenBatch,
        tally: CaseTally,
    ) -> None:
        self.look, self.job, self.open_batch, self.tally = look, job, open_batch, tally
        self.reading = Reading(job.now, job.today, job.drama_allowed)
        self.reader = RowReader(file, look, job.today)

    def prepare(self, session: Session, service: Service) -> _Prepared:
        """What the service says of its cases, and what is stored that the file is read beside."""
        of_service = Case.service_id == service.id
        if self.look.doubtful_refs:
            stored = select(Case.case_ref).where(
                of_service, Case.case_ref.in_(self.look.doubtful_refs)
            )
            self.look.known_refs = frozenset(session.scalars(stored))
        self.look.case_twins.compare(stored_keys(session, service.id, Case.case_ref))
        self.look.client_twins.compare(stored_keys(session, service.id, Person.client_ref))
        held, taken_back = hold_merged_people(session, service, self.job.now)
        self.tally.held |= held
        self.tally.texts_cancelled += taken_back
        spellings = find_spellings(session, service.id, self.look.spellings)
        return _Prepared(case_terms(session, service), spellings)

    def hear_care(self, prepared: _Prepared) -> FileCare:
        """The care pass: what rows that do not land ask for is written before any row lands."""
        care = FileCare()
        clients = {client_ref: ClientFacts() for client_ref in self.look.clients}
        numbers = NumbersToCome()
        for batch in _batches(self._unsound(clients, numbers, prepared.spellings)):
            with self._care_batch(care, prepared) as care_batch:
                care_batch.write(batch)
        for to_come in _batches(iter(numbers.rows.values())):
            with self._care_batch(care, prepared) as care_batch:
                care_batch.expect(to_come)
        gather(care, clients, self.reading)
        return care

    @contextmanager
    def _care_batch(self, care: FileCare, prepared: _Prepared) -> Iterator[CareBatch]:
        with self.open_batch() as session:
            service = locked_service(session, self.job.slug)
            file = self.job.path.name
            yield CareBatch(session, service, prepared.terms, self.reading, file, care, self.tally)

    def _unsound(
        self, clients: dict[str, ClientFacts], numbers: NumbersToCome, spellings: Spellings
    ) -> Iterator[UnsoundRow]:
        for place, each in enumerate(self.reader.rows()):
            facts = clients.get(client_of(each.row.cells) or "")
            if isinstance(each.read, CaseRow):
                numbers.add(each.read, place // ROWS_AT_ONCE)
                if facts is not None:
                    facts.add(spellings.adopt(each.read), self.job.today)
                continue
            row = unsound_row(each)
            if row is not None:
                if facts is not None and row.row.is_in_columns:
                    facts.add_unsound(row.case_ref, row.care, row.row.line)
                yield row

    def land(
        self, batch: list[ReadRow], state: FileState, prepared: _Prepared, on_note: OnNote
    ) -> None:
        """One transaction; what is to be known of its rows is said once it is kept."""
        notes = [note for each in batch for note in self._notes(each)]
        sound = [
            prepared.spellings.adopt(each.read) for each in batch if isinstance(each.read, CaseRow)
        ]
        if sound:
            with self.open_batch() as session:
                service = locked_service(session, self.job.slug)
                landing = Landing(session, service, prepared.terms, self.reading, state, self.tally)
                landing.land(sound)
            notes += landing.notes
        for line, note in sorted(notes, key=lambda known: known[0]):
            self._count(note)
            on_note(line, note)

    def _notes(self, each: ReadRow) -> Iterator[tuple[int, Note]]:
        line, read = each.row.line, each.read
        if isinstance(read, NoteCode):
            yield line, Note("case_ref", read, each.row.cells["case_ref"])
        if not isinstance(read, CaseRow):
            return
        for note in (
            self.look.case_twins.of(read.case_ref),
            self.look.client_twins.of(read.client_ref),
        ):
            if note is not None:
                yield line, note
        if self.look.is_birth_common and each.row.cells.get("date_of_birth") in COMMON_BIRTH:
            yield line, Note("date_of_birth", NoteCode.COMMON_BIRTH_DATE)

    def _count(self, note: Note) -> None:
        name = _COUNTED.get(note.code)
        if name is not None:
            setattr(self.tally, name, getattr(self.tally, name) + 1)


_COUNTED = {
    NoteCode.REPEATED: "repeated",
    NoteCode.JOINED: "joined",
    NoteCode.PLACEHOLDER_CLIENT: "placeholder_clients",
    NoteCode.NEAR_TWIN: "near_twins",
    NoteCode.PLANNED: "planned",
}


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, ROWS_AT_ONCE)):
        yield batch
