"""`cases import`: bring a file of cases in."""

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
from survey_app.cli.runtime import queue, runtime
from survey_app.domain.file_faults import FileFault
from survey_app.store.scope import Scope
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.import_runs import ImportJob

_KINDS = {
    "none": "no number",
    "uk-landline": "UK landline",
    "uk-premium": "UK premium rate",
    "foreign": "not a UK number",
    "invalid": "not a phone number",
}


@click.group()
def cases() -> None:
    """Bring cases in."""


@cases.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--service", "slug", required=True, help="The service's slug.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def import_command(file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Import the cases of FILE (CSV); importing it again changes nothing more.

    Ends with 1 when the file or some of its rows were refused.
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
    with RejectedFile(file, dry_run) as rejected, progress_over("Cases") as progress:
        tally = import_cases(
            job,
            batches(process.database, is_dry_run=dry_run),
            on_rejected=rejected.add,
            on_progress=progress,
        )
    if isinstance(tally, FileFault):
        refuse_file(file, tally, as_json=as_json)
        return
    if not dry_run:
        queue().nudge()
    report_run(
        rejected,
        {"service": slug, **tally.as_json()},
        _in_words(tally, file.name, slug, is_dry_run=dry_run),
        as_json=as_json,
    )


def _in_words(tally: CaseTally, name: str, slug: str, *, is_dry_run: bool) -> list[str]:
    verb = "Would import" if is_dry_run else "Imported"
    lines = [
        (
            f"{verb} {name} into {slug}: {tally.created} created, {tally.updated} updated, "
            f"{tally.unchanged} unchanged, {tally.rejected} rejected."
        )
    ]
    if tally.too_late:
        lines.append(f"Too late to be asked anything now (history): {tally.too_late}.")
    if tally.not_textable:
        kinds = ", ".join(
            f"{_KINDS.get(kind, kind)} {count}"
            for kind, count in sorted(tally.not_textable.items())
        )
        lines.append(f"Cannot be texted: {kinds}.")
    if tally.texts_cancelled:
        lines.append(f"Queued texts taken back, for safety changed: {tally.texts_cancelled}.")
    if tally.refused_loosening:
        fields = ", ".join(f"{f} {count}" for f, count in sorted(tally.refused_loosening.items()))
        lines.append(
            "Left as stored, for a file may loosen safety only with a newer safety_checked_on: "
            f"{fields}."
        )
    if tally.unknown_columns:
        lines.append(f"Unknown columns, not stored: {', '.join(tally.unknown_columns)}.")
    return lines
