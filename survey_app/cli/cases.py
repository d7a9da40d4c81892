"""`cases import`: bring a file of cases in."""

from pathlib import Path

import click

from survey_app.cli.import_command import import_file, import_options
from survey_app.cli.runtime import queue
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
@import_options
def import_command(file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Import the cases of FILE (CSV); importing it again changes nothing more.

    Ends with 1 when the file or some of its rows were refused.
    """
    import_file(
        import_cases,
        _in_words,
        file,
        slug,
        label="Cases",
        dry_run=dry_run,
        as_json=as_json,
        once_landed=queue().nudge,
    )


def _in_words(tally: CaseTally, job: ImportJob) -> list[str]:
    did = f"{'Would import' if job.is_dry_run else 'Imported'} {job.path.name} into {job.slug}"
    head = (
        f"{did}: {tally.created} created, {tally.updated} updated, "
        f"{tally.unchanged} unchanged, {tally.rejected} rejected."
    )
    counted = (
        ("Held until somebody decides, for facts contradict (people)", len(tally.held)),
        ("Rows repeated word for word, counted once", tally.repeated),
        ("Rows joined to another of their case, for other flags or words", tally.joined),
        ("Client references that stand for nobody", tally.placeholder_clients),
        ("References that look like another one", tally.near_twins),
        ("Days that have not come yet, not recorded", tally.planned),
        ("Too late to be asked anything now (history)", tally.too_late),
    )
    lines = [head, *(f"{words}: {count}." for words, count in counted if count)]
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
