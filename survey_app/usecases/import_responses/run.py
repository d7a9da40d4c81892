"""A responses file lands: rows are gathered into responses, each taken or rejected whole.

FORMATS.md, "Responses CSV". Running it again changes nothing more. It never makes a request.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.file_faults import FileFault, RowFault, RowFaultCode
from survey_app.domain.response_file import (
    REQUIRED_RESPONSE_COLUMNS,
    RESPONSE_COLUMNS,
    ResponseKey,
    read_response,
)
from survey_app.store.cases import Case
from survey_app.usecases.csv_files import CsvFile, look_through
from survey_app.usecases.import_responses.groups import FileGroups, Group, group_rows
from survey_app.usecases.import_responses.instruments import InstrumentShelf
from survey_app.usecases.import_responses.landing import Arrived, ResponseLanding
from survey_app.usecases.import_responses.tally import ResponseTally
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

RESPONSES_AT_ONCE = 200
"""Responses in one transaction."""


def import_responses(
    job: ImportJob,
    open_batch: OpenBatch,
    *,
    on_rejected: OnRejected = nobody_listens,
    on_progress: OnProgress = nobody_listens,
) -> ResponseTally | FileFault:
    """Import a responses file. `on_progress` hears how many responses of how many are done.

    Raises `ServiceNotFound`. Nothing is written on a file fault.
    """
    looked = look_through(
        job.path,
        RESPONSE_COLUMNS,
        REQUIRED_RESPONSE_COLUMNS,
        lambda file: group_rows(file, job.today),
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
            for group, faults in _land_batch(job, open_batch, groups, batch, shelf, tally):
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
) -> list[tuple[Group, list[RowFault]]]:
    """One transaction; the responses that were rejected, with their faults."""
    refused: list[tuple[Group, list[RowFault]]] = []
    with open_batch() as session:
        service = locked_service(session, job.slug)
        cases = _cases(session, service.id, {key.case_ref for key in keys})
        arrived: list[Arrived] = []
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
    return refused


def _cases(session: Session, service_id: int, refs: set[str]) -> Mapping[str, int]:
    rows = session.execute(
        select(Case.case_ref, Case.id).where(Case.service_id == service_id, Case.case_ref.in_(refs))
    )
    return {row.case_ref: row.id for row in rows}


def _judge(
    group: Group, shelf: InstrumentShelf, cases: Mapping[str, int]
) -> Arrived | list[RowFault]:
    key, line = group.key, group.rows[0].line
    faults = list(group.faults)
    case_id = cases.get(key.case_ref)
    if case_id is None:
        faults.append(RowFault(line, "case_ref", RowFaultCode.UNKNOWN_CASE, key.case_ref))
    found = shelf.find(key)
    if isinstance(found, tuple):
        column, flaw = found
        value = getattr(key, column)
        return [*faults, RowFault(line, column, flaw.code, value, flaw.about)]
    given = read_response(found, group.answers) if group.answers else []
    if isinstance(given, list):
        return faults + given
    if faults or case_id is None:
        return faults
    return Arrived(key, case_id, found, given)


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
