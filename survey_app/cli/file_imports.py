"""What do the import commands share: transactions, progress, the rejected file, the report?"""

import csv
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

import click
from sqlalchemy.orm import Session

from survey_app.cli.import_words import file_message, note_reason, row_message, row_reason
from survey_app.domain.file_faults import FileFault, Note, RowFault
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.usecases.csv_files import BOOKKEEPING_COLUMNS, CsvFile
from survey_app.usecases.import_runs import OnProgress, OpenBatch, Rejected, nobody_listens

FAULTS_SHOWN = 20
"""On the terminal; the rejected file has them all."""


class _Undo(Exception):
    """Ends a transaction of a dry run."""


def batches(database: Database, *, is_dry_run: bool) -> OpenBatch:
    """How an import opens its transactions; those of a dry run are rolled back."""
    if is_dry_run:
        return lambda: _rehearsal(database)
    return lambda: database.write(Scope.worker())


@contextmanager
def _rehearsal(database: Database) -> Iterator[Session]:
    with suppress(_Undo), database.write(Scope.worker()) as session:
        yield session
        raise _Undo


@contextmanager
def progress_over(label: str) -> Iterator[OnProgress]:
    """A progress bar on a terminal, on standard error; silent elsewhere."""
    terminal = sys.stderr
    if not terminal.isatty():
        yield nobody_listens
        return
    with click.progressbar(length=1, label=label, file=terminal) as bar:

        def move(done: int, size: int) -> None:
            bar.length = size
            bar.update(done - bar.pos)

        yield move


@dataclass
class RejectedFile:
    """`FILE.rejected.csv`: the original columns of each rejected row, its line, and why.

    Made with the first rejected row, readable by its owner alone; one that a former run left is
    removed. In a dry run nothing is written.
    """

    source: Path
    is_dry_run: bool
    faults: list[RowFault] = field(default_factory=list)
    """The first FAULTS_SHOWN of them."""
    fault_count: int = 0
    _file: IO[str] | None = None

    @property
    def path(self) -> Path:
        """The full name of the source with `.rejected.csv`."""
        return self.source.with_name(self.source.name + ".rejected.csv")

    def __enter__(self) -> Self:
        if not self.is_dry_run:
            if not os.access(self.source.parent, os.W_OK):
                raise click.ClickException(
                    f"Rejected rows would be written beside {self.source.name}, but that folder "
                    "cannot be written to. Copy the file to one that can. Nothing was imported."
                )
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, file: CsvFile, rejected: Rejected) -> None:
        """Keep a rejected row with all its faults."""
        row, faults = rejected.row, rejected.faults
        self.fault_count += len(faults)
        self.faults += faults[: FAULTS_SHOWN - len(self.faults)]
        if self.is_dry_run:
            return
        if self._file is None:
            self._open([*file.columns, *BOOKKEEPING_COLUMNS])
        csv.writer(self._file).writerow(  # type: ignore[arg-type]
            [
                *(row.cells.get(column, "") for column in file.columns),
                row.line,
                ";".join(dict.fromkeys(fault.column for fault in faults)),
                " ".join(row_reason(fault) for fault in faults),
            ]
        )

    def _open(self, header: list[str]) -> None:
        # Contact details are in it: nobody else on this machine may read it.
        self._file = _own_file(self.path)
        csv.writer(self._file).writerow(header)


@dataclass
class NotesFile:
    """`FILE.notes.csv`: what is to be known of rows that landed, by line; never a value.

    Made with the first note, readable by its owner alone; one that a former run left is removed. In
    a dry run nothing is written.
    """

    source: Path
    is_dry_run: bool
    count: int = 0
    _file: IO[str] | None = None

    @property
    def path(self) -> Path:
        """The full name of the source with `.notes.csv`."""
        return self.source.with_name(self.source.name + ".notes.csv")

    @property
    def written(self) -> Path | None:
        """The file, where there is one."""
        return None if self._file is None else self.path

    def __enter__(self) -> Self:
        if not self.is_dry_run:
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, note: Note) -> None:
        """Keep a note."""
        self.count += 1
        if self.is_dry_run:
            return
        if self._file is None:
            self._file = _own_file(self.path)
            csv.writer(self._file).writerow(("line", "column", "code", "reason"))
        csv.writer(self._file).writerow((line, note.column, note.code, note_reason(note)))


def _own_file(path: Path) -> IO[str]:
    """A new file that its owner alone may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")


def refuse_file(file: Path, fault: FileFault, *, as_json: bool) -> None:
    """Say why nothing was imported, and end with 1."""
    message = file_message(file.name, fault)
    if as_json:
        fact = {"code": fault.code, "line": fault.line, "about": fault.about, "message": message}
        click.echo(json.dumps({"file": file.name, "file_fault": fact}, indent=2))
    click.echo(message, err=True)
    raise SystemExit(1)


def report_run(
    rejected: RejectedFile,
    notes: NotesFile,
    counts: dict[str, Any],
    lines: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Say what the run came to, `lines` in words or `counts` in JSON; end with 1 on rejections."""
    name = rejected.source.name
    written = bool(rejected.fault_count) and not rejected.is_dry_run
    if as_json:
        head = {"file": name, "dry_run": rejected.is_dry_run}
        tail = {
            "rejected_file": str(rejected.path) if written else None,
            "notes_file": None if notes.written is None else str(notes.written),
            "faults": [
                {"line": f.line, "column": f.column, "code": f.code, "reason": row_reason(f)}
                for f in rejected.faults
            ],
        }
        click.echo(json.dumps(head | counts | tail, indent=2))
    else:
        for line in lines:
            click.echo(line)
        if notes.written is not None:
            click.echo(f"What is to be known of rows that landed: {notes.written.name}.")
    for fault in rejected.faults:
        click.echo(row_message(name, fault), err=True)
    if rejected.fault_count > len(rejected.faults):
        click.echo(f"... and {rejected.fault_count - len(rejected.faults)} more.", err=True)
    if written:
        click.echo(
            f"The rejected rows are in {rejected.path}: correct them there and import that file.",
            err=True,
        )
    if rejected.fault_count:
        raise SystemExit(1)
