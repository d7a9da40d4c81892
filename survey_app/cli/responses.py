"""`responses import`: bring a file of answers in, from history, paper or other systems."""

from pathlib import Path

import click

from survey_app.cli.import_command import import_file, import_options
from survey_app.usecases.import_responses.run import import_responses
from survey_app.usecases.import_responses.tally import ResponseTally
from survey_app.usecases.import_runs import ImportJob


@click.group()
def responses() -> None:
    """Bring answers in."""


@responses.command("import")
@import_options
def import_command(file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Import the answers of FILE (CSV, one row an answer); importing it again changes nothing.

    Ends with 1 when the file or some of its responses were refused.
    """
    import_file(
        import_responses,
        _in_words,
        file,
        slug,
        label="Responses",
        dry_run=dry_run,
        as_json=as_json,
    )


def _in_words(tally: ResponseTally, job: ImportJob) -> list[str]:
    did = f"{'Would import' if job.is_dry_run else 'Imported'} {job.path.name} into {job.slug}"
    lines = [
        (
            f"{did}: {tally.created} responses created, {tally.updated} corrected, "
            f"{tally.unchanged} unchanged, {tally.rejected} rejected "
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
