"""How does a command import a file, whatever stands in it?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
from flask.cli import with_appcontext

from survey_app.cli.file_imports import (
    NotesFile,
    RejectedFile,
    batches,
    progress_over,
    refuse_file,
    report_run,
)
from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.domain.file_faults import FileFault
from survey_app.store.scope import Scope
from survey_app.usecases.import_runs import (
    ImportJob,
    OnNote,
    OnProgress,
    OnRejected,
    OpenBatch,
)


class Tally(Protocol):
    """What an import came to."""

    def as_json(self) -> dict[str, Any]:
        """The counts, as the command prints them."""


TallyT = TypeVar("TallyT", bound=Tally)
TallyT_co = TypeVar("TallyT_co", bound=Tally, covariant=True)
Command = TypeVar("Command", bound=Callable[..., Any])


class Importer(Protocol[TallyT_co]):
    """A use case that imports a file."""

    def __call__(
        self,
        job: ImportJob,
        open_batch: OpenBatch,
        *,
        on_rejected: OnRejected,
        on_progress: OnProgress,
        on_note: OnNote,
    ) -> TallyT_co | FileFault:
        """Import the file of a job."""


def import_options(command: Command) -> Command:
    """The argument and the options of an import command: `file, slug, dry_run, as_json`."""
    for declare in reversed(
        (
            click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
            click.option("--service", "slug", required=True, help="The service's slug."),
            click.option("--dry-run", is_flag=True, help="Say what would happen, write nothing."),
            click.option("--json", "as_json", is_flag=True, help="Print JSON alone."),
            with_appcontext,
        )
    ):
        command = declare(command)
    return command


def import_file(
    importer: Importer[TallyT],
    in_words: Callable[[TallyT, ImportJob], list[str]],
    file: Path,
    slug: str,
    *,
    label: str,
    dry_run: bool,
    as_json: bool,
    once_landed: Callable[[], object] = lambda: None,
) -> None:
    """Import a file with a progress bar, and tell what it came to; ends with 1 on refusals.

    `once_landed` is called after rows were written, before the report.
    """
    process = runtime()
    with process.database.read(Scope.worker()) as session:
        service_named(session, slug)
    job = ImportJob(
        path=file,
        slug=slug,
        now=process.now(),
        drama_allowed=not process.settings.is_production,
        is_dry_run=dry_run,
    )
    with (
        RejectedFile(file, dry_run) as rejected,
        NotesFile(file, dry_run) as notes,
        progress_over(label) as progress,
    ):
        tally = importer(
            job,
            batches(process.database, is_dry_run=dry_run),
            on_rejected=rejected.add,
            on_progress=progress,
            on_note=notes.add,
        )
    if isinstance(tally, FileFault):
        refuse_file(file, tally, as_json=as_json)
        return
    if not dry_run:
        once_landed()
    counts = {"service": slug, **tally.as_json()}
    report_run(rejected, notes, counts, in_words(tally, job), as_json=as_json)
