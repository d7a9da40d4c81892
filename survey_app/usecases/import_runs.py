"""Which file is landing, in whose name, and what did it come to? Kept with an audit row."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.file_cells import LONDON
from survey_app.domain.file_faults import Note, RowFault
from survey_app.store.audit import write_audit
from survey_app.store.imports import ImportRun
from survey_app.store.services import Service, get_service
from survey_app.usecases.csv_files import CsvFile, FileRow

OpenBatch = Callable[[], AbstractContextManager[Session]]
"""Opens the transaction of one batch; the edge decides whether it is kept (or a dry run)."""


@dataclass(frozen=True)
class ImportJob:
    """What to import, for which service, and how; `drama_allowed` as in `messaging.numbers`."""

    path: Path
    slug: str
    now: datetime
    drama_allowed: bool
    is_dry_run: bool = False
    account_id: int | None = None

    @property
    def today(self) -> date:
        """The London day of the import."""
        return self.now.astimezone(LONDON).date()


@dataclass(frozen=True)
class Rejected:
    """A row that did not land, with every fault of it."""

    row: FileRow
    faults: tuple[RowFault, ...]


OnRejected = Callable[[CsvFile, Rejected], None]
"""Hears of each rejected row; the file knows the columns."""

OnNote = Callable[[int, Note], None]
"""Hears of each thing to know of a row that landed, with its line."""

OnProgress = Callable[[int, int], None]
"""Hears how much of how much is done."""

Prepared = TypeVar("Prepared")


class Tally(Protocol):
    """What an import came to so far."""

    def as_json(self) -> dict[str, Any]:
        """The counts."""


def nobody_listens(*_: object) -> None:
    """Where nobody wants to hear of rejected rows, of notes or of progress."""


def locked_service(session: Session, slug: str) -> Service:
    """The service, locked so that one import at a time lands there. Raises `ServiceNotFound`."""
    service = get_service(session, slug)
    session.execute(
        select(Service.id).where(Service.id == service.id).with_for_update(key_share=True)
    )
    return service


@contextmanager
def noted_run(
    job: ImportJob,
    open_batch: OpenBatch,
    kind: str,
    tally: Tally,
    prepare: Callable[[Session, Service], Prepared],
) -> Iterator[Prepared]:
    """Note that a file lands, and at its end what it came to; gives what was prepared for it.

    A run that breaks off stays without an end, and a dry run comes to nothing. Raises
    `ServiceNotFound`.
    """
    with open_batch() as session:
        service = locked_service(session, job.slug)
        prepared = prepare(session, service)
        run_id = _begin_run(session, service.id, kind, job)
    yield prepared
    if not job.is_dry_run:
        with open_batch() as session:
            run = session.get_one(ImportRun, run_id)
            run.counts, run.finished_at = tally.as_json(), job.now


def _begin_run(session: Session, service_id: int, kind: str, job: ImportJob) -> int:
    """Note that an import of `kind` (`cases` or `responses`) begins; the id of its run."""
    run = ImportRun(
        service_id=service_id,
        kind=kind,
        file_name=job.path.name,
        started_at=job.now,
        counts={},
        account_id=job.account_id,
    )
    session.add(run)
    session.flush()
    write_audit(
        session,
        at=job.now,
        actor="import",
        action=f"import-{kind}",
        subject="import-run",
        subject_id=run.id,
        service_id=service_id,
        account_id=job.account_id,
        details={"file": job.path.name},
    )
    return run.id
