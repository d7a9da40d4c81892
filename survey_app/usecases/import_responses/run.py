"""A responses file lands: rows are gathered into responses, each taken or rejected whole.

FORMATS.md, "Responses CSV". Running it again changes nothing more. It never makes a request.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from survey_app.domain.file_faults import FileFault, Note, NoteCode, RowFault, RowFaultCode
from survey_app.domain.response_file import (
    FREE_TEXT_COLUMNS,
    REQUIRED_RESPONSE_COLUMNS,
    RESPONSE_COLUMNS,
    ResponseKey,
    date_faults,
    read_response,
)
from survey_app.usecases.csv_files import CsvFile, look_through
from survey_app.usecases.import_responses.days import KnownCases, known_cases
from survey_app.usecases.import_responses.groups import FileGroups, Group, group_rows
from survey_app.usecases.import_responses.instruments import InstrumentShelf
from survey_app.usecases.import_responses.landing import Arrived, ResponseLanding
from survey_app.usecases.import_responses.tally import ResponseTally
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

RESPONSES_AT_ONCE = 200
"""Responses in one transaction."""


def import_responses(
    job: ImportJob,
    open_batch: OpenBatch,
    *,
    on_rejected: OnRejected = nobody_listens,
    on_progress: OnProgress = nobody_listens,
    on_note: OnNote = nobody_listens,
) -> ResponseTally | FileFault:
    """Import a responses file. `on_progress` hears how many responses of how many are done.

    Raises `ServiceNotFound`. Nothing is written on a file fault.
    """
    looked = look_through(
        job.path,
        RESPONSE_COLUMNS,
        REQUIRED_RESPONSE_COLUMNS,
        lambda file: group_rows(file, job.today),
        FREE_TEXT_COLUMNS,
    )
    if isinstance(looked, FileFault):
        return looked
    file, groups = looked
    tally = ResponseTally(unknown_columns=file.unknown_columns)
    with noted_run(job, open_batch, "responses", tally, InstrumentShelf.of) as shelf:
        for row, faults in groups.strays:
            tally.rejected += 1
            tally.rejected_rows += 1
            on_rejected(file, Rejected(row, tuple(faults)))
        keys = iter(groups.places)
        done = 0
        while batch := list(islice(keys, RESPONSES_AT_ONCE)):
            arrived, refused = _land_batch(job, open_batch, groups, batch, shelf, tally)
            for line in (line for each in arrived for line in each.given.blank_words):
                on_note(line, Note("value", NoteCode.BLANK_WORD))
            for group, faults in refused:
                _reject(file, group, faults, tally, on_rejected)
            done += len(batch)
            on_progress(done, len(groups.places))
    return tally


def _land_batch(
    job: ImportJob,
    open_batch: OpenBatch,
    groups: FileGroups,
    keys: Sequence[ResponseKey],
    shelf: InstrumentShelf,
    tally: ResponseTally,
) -> tuple[list[Arrived], list[tuple[Group, list[RowFault]]]]:
    """One transaction; the sound responses, and those that were rejected with their faults."""
    arrived: list[Arrived] = []
    refused: list[tuple[Group, list[RowFault]]] = []
    with open_batch() as session:
        service = locked_service(session, job.slug)
        cases = known_cases(session, service.id, keys, groups.baselines)
        for group in groups.read(keys):
            judged = _judge(group, shelf, cases)
            if isinstance(judged, Arrived):
                arrived.append(judged)
            else:
                refused.append((group, judged))
        if arrived:
            used = {(each.instrument.key, each.instrument.version) for each in arrived}
            ids = shelf.ids(session, service, used, job.now)
            landing = ResponseLanding(session, service, ids, job.now, job.today, tally)
            landing.land(arrived)
    return arrived, refused


def _judge(group: Group, shelf: InstrumentShelf, cases: KnownCases) -> Arrived | list[RowFault]:
    key, line = group.key, group.rows[0].line
    faults = list(group.faults)
    case = cases.by_ref.get(key.case_ref)
    if case is None:
        faults.append(RowFault(line, "case_ref", RowFaultCode.UNKNOWN_CASE, key.case_ref))
    else:
        faults += date_faults(line, key, case.referred_on, cases.baseline_on(key))
    found = shelf.find(key)
    if isinstance(found, tuple):
        column, flaw = found
        value = getattr(key, column)
        return [*faults, RowFault(line, column, flaw.code, value, flaw.about)]
    given = read_response(found, group.answers) if group.answers else []
    if isinstance(given, list):
        return faults + given
    if faults or case is None:
        return faults
    return Arrived(key, case.id, found, given)


def _reject(
    file: CsvFile,
    group: Group,
    faults: Sequence[RowFault],
    tally: ResponseTally,
    on_rejected: OnRejected,
) -> None:
    """Hand back every row of the response: corrected, it must come again whole."""
    tally.rejected += 1
    tally.rejected_rows += len(group.rows)
    for rejected in _with_their_faults(group, faults):
        on_rejected(file, rejected)


def _with_their_faults(group: Group, faults: Sequence[RowFault]) -> Iterator[Rejected]:
    lines = {row.line for row in group.rows}
    about = ", ".join(str(line) for line in sorted({fault.line for fault in faults}))
    for row in group.rows:
        own = tuple(
            fault
            for fault in faults
            if fault.line == row.line or (fault.line not in lines and row is group.rows[0])
        )
        held_back = RowFault(row.line, "", RowFaultCode.PART_REJECTED, "", about)
        yield Rejected(row, own or (held_back,))
