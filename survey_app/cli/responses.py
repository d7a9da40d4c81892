"""`responses import`: bring a file of answers in, from history, paper or other systems."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from survey_app.cli.file_imports import (
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
from survey_app.usecases.import_responses.run import import_responses
from survey_app.usecases.import_responses.tally import ResponseTally
from survey_app.usecases.import_runs import ImportJob


@click.group()
def responses() -> None:
    """Bring answers in."""


@responses.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--service", "slug", required=True, help="The service's slug.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def import_command(file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Import the answers of FILE (CSV, one row an answer); importing it again changes nothing.

    Ends with 1 when the file or some of its responses were refused.
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
    with RejectedFile(file, dry_run) as rejected, progress_over("Responses") as progress:
        tally = import_responses(
            job,
            batches(process.database, is_dry_run=dry_run),
            on_rejected=rejected.add,
            on_progress=progress,
        )
    if isinstance(tally, FileFault):
        refuse_file(file, tally, as_json=as_json)
        return
    report_run(
        rejected,
        {"service": slug, **tally.as_json()},
        _in_words(tally, file.name, slug, is_dry_run=dry_run),
        as_json=as_json,
    )


def _in_words(tally: ResponseTally, name: str, slug: str, *, is_dry_run: bool) -> list[str]:
    verb = "Would import" if is_dry_run else "Imported"
    lines = [
        (
            f"{verb} {name} into {slug}: {tally.created} responses created, {tally.updated} "
            f"corrected, {tally.unchanged} unchanged, {tally.rejected} rejected "
            f"({tally.rejected_rows} rows)."
        )
    ]
    if tally.requests_ended:
        lines.append(f"Open requests ended, since they are answered: {tally.requests_ended}.")
    if tally.alerts_raised:
        lines.append(f"Alerts raised for staff, for what was said lately: {tally.alerts_raised}.")
    if tally.unknown_columns:
        lines.append(f"Unknown columns, not stored: {', '.join(tally.unknown_columns)}.")
    return lines
