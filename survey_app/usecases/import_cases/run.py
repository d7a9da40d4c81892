"""A cases file lands: read once to see that all of it may, then row by row, batch by batch.

FORMATS.md, "Cases CSV". A file fault writes nothing; a faulty row is handed back and the others
land. Running it again changes nothing more.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from survey_app.domain.case_file import CASE_COLUMNS, REQUIRED_CASE_COLUMNS, CaseRow, read_case_row
from survey_app.domain.case_file_people import SaidOfPerson, combine, said_by
from survey_app.domain.file_faults import FileFault, FileFaultCode, RowFault, RowFaultCode
from survey_app.usecases.csv_files import CsvFile, FileRow, look_through
from survey_app.usecases.import_cases.case_facts import case_terms
from survey_app.usecases.import_cases.landing import FileState, Landing
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.import_runs import (
    ImportJob,
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


def import_cases(
    job: ImportJob,
    open_batch: OpenBatch,
    *,
    on_rejected: OnRejected = nobody_listens,
    on_progress: OnProgress = nobody_listens,
) -> CaseTally | FileFault:
    """Import a cases file. `on_progress` hears how many bytes of how many are behind it.

    Raises `ServiceNotFound`. Nothing is written on a file fault.
    """
    looked = look_through(
        job.path, CASE_COLUMNS, REQUIRED_CASE_COLUMNS, lambda file: _first_look(file, job)
    )
    if isinstance(looked, FileFault):
        return looked
    file, first_look = looked
    return _land(file, job, FileState(first_look), open_batch, on_rejected, on_progress)


def _first_look(file: CsvFile, job: ImportJob) -> dict[str, SaidOfPerson] | FileFault:
    """See that every row can be read and is this service's; gather who has several rows."""
    seen: set[str] = set()
    repeated: set[str] = set()
    for row in file.rows():
        slug = row.cells.get("service")
        if slug and slug != job.slug:
            return FileFault(FileFaultCode.OTHER_SERVICE, slug, row.line)
        client_ref = row.cells.get("client_ref")
        if client_ref:
            (repeated if client_ref in seen else seen).add(client_ref)
    return _combined(file, repeated, job) if repeated else {}


def _combined(file: CsvFile, repeated: set[str], job: ImportJob) -> dict[str, SaidOfPerson]:
    said: dict[str, list[SaidOfPerson]] = {client_ref: [] for client_ref in repeated}
    for row, fault in _checked(file):
        client_ref = row.cells.get("client_ref")
        if fault is None and client_ref in said:
            read = read_case_row(row.line, row.cells, job.today)
            if isinstance(read, CaseRow):
                said[client_ref].append(said_by(read))
    return {client_ref: combine(rows) for client_ref, rows in said.items() if rows}


def _checked(file: CsvFile) -> Iterator[tuple[FileRow, RowFault | None]]:
    """Every row with what is wrong with it as a whole."""
    lines: dict[str, int] = {}
    for row in file.rows():
        yield row, _whole_row_fault(row) or _second_row_fault(row, lines)


def _read(file: CsvFile, today: date) -> Iterator[tuple[FileRow, CaseRow | list[RowFault]]]:
    for row, fault in _checked(file):
        yield row, [fault] if fault else read_case_row(row.line, row.cells, today)


def _whole_row_fault(row: FileRow) -> RowFault | None:
    if row.is_broken:
        return RowFault(row.line, "", RowFaultCode.BROKEN_QUOTES)
    if row.has_surplus:
        return RowFault(row.line, "", RowFaultCode.TOO_MANY_CELLS)
    return None


def _second_row_fault(row: FileRow, lines: dict[str, int]) -> RowFault | None:
    ref = row.cells.get("case_ref")
    if not ref:
        return None
    first = lines.setdefault(ref, row.line)
    if first == row.line:
        return None
    return RowFault(row.line, "case_ref", RowFaultCode.CASE_TWICE, ref, str(first))


def _land(
    file: CsvFile,
    job: ImportJob,
    state: FileState,
    open_batch: OpenBatch,
    on_rejected: OnRejected,
    on_progress: OnProgress,
) -> CaseTally:
    tally = CaseTally(unknown_columns=file.unknown_columns)
    reading = Reading(job.now, job.today, job.drama_allowed)
    with noted_run(job, open_batch, "cases", tally, case_terms) as terms:
        rows = _read(file, job.today)
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            sound = [read for _, read in batch if isinstance(read, CaseRow)]
            if sound:
                with open_batch() as session:
                    service = locked_service(session, job.slug)
                    Landing(session, service, terms, reading, state, tally).land(sound)
            for row, read in batch:
                if not isinstance(read, CaseRow):
                    tally.rejected += 1
                    on_rejected(file, Rejected(row, tuple(read)))
            on_progress(batch[-1][0].offset, file.size)
    return tally
