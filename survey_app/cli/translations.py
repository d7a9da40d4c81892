"""`translations extract|check|status|review`: what is to be said in which language, and is it?"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog

from survey_app.cli.extraction import extract
from survey_app.domain.languages import ENGLISH, LANGUAGES
from survey_app.store.catalogue_status import write_review
from survey_app.store.catalogues import (
    TRANSLATIONS,
    Catalogues,
    WordsOf,
    catalogue_path,
    is_sound,
    messages_of,
    read_catalogue,
)

_folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=TRANSLATIONS,
    help="Where the catalogues stand. Default: the shipped ones.",
)
_TAGS = [language.tag for language in LANGUAGES if language is not ENGLISH]


@click.group()
def translations() -> None:
    """Keep the catalogues of the people's languages up to date."""


@translations.command("extract")
@_folder
def extract_command(folder: Path) -> None:
    """Bring templates and catalogues up to date with pages, texts and instruments."""
    changed = [file for file in extract(folder) if not file.is_up_to_date]
    for file in changed:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(file.content)
    click.echo(f"{len(changed)} files changed.")


@translations.command("check")
@_folder
def check(folder: Path) -> None:
    """Name files that `extract` would change, and translations that cannot be used; then end 1."""
    stale = [file.path for file in extract(folder) if not file.is_up_to_date]
    for path in stale:
        click.echo(f"{path.relative_to(folder)}: out of date. Run: make translations")
    faults = [fault for tag in _TAGS for words in WordsOf for fault in _faults(folder, tag, words)]
    for fault in faults:
        click.echo(fault)
    if stale or faults:
        raise SystemExit(1)
    click.echo("Catalogues are up to date.")


@translations.command("status")
@_folder
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def status(folder: Path, as_json: bool) -> None:
    """Say for each language what is missing, and who has reviewed it."""
    catalogues = Catalogues(folder)
    rows = [_row(catalogues, tag) for tag in _TAGS]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        counts = ", ".join(f"{words} {row['missing'][words]}" for words in WordsOf)
        reviewed = f"reviewed by {row['reviewed_by']} on {row['reviewed_on']}"
        changed = ", changed since" if row["status"] == "draft" else ""
        read = reviewed + changed if row["reviewed_by"] else "not reviewed yet"
        click.echo(f"{row['language']:<3} {row['status']:<8} missing: {counts}; {read}")


@translations.command("review")
@click.argument("language", type=click.Choice(_TAGS))
@click.option("--by", required=True, help="Who read all of it; a speaker of the language.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day, YYYY-MM-DD.")
@_folder
def review(language: str, by: str, on: date, folder: Path) -> None:
    """Write down that a speaker has read the whole catalogue of LANGUAGE as it stands."""
    if missing := sum(_missing(Catalogues(folder), language).values()):
        click.echo(f"Refused: {missing} strings are not translated yet.", err=True)
        raise SystemExit(1)
    files = [read_catalogue(catalogue_path(folder, language, words), language) for words in WordsOf]
    day = date(on.year, on.month, on.day)
    write_review(folder / language, files, by=by, on=day)
    click.echo(f"{language}: reviewed by {by} on {day}.")


def _row(catalogues: Catalogues, tag: str) -> dict[str, Any]:
    status = catalogues.get(tag).status
    return {
        "language": tag,
        "status": "draft" if status.is_draft else "reviewed",
        "reviewed_by": status.reviewed_by,
        "reviewed_on": status.reviewed_on.isoformat() if status.reviewed_on else None,
        "missing": _missing(catalogues, tag),
    }


def _missing(catalogues: Catalogues, tag: str) -> dict[str, int]:
    """How many strings of each template the language cannot say."""
    sound = catalogues.get(tag).sound
    return {words.value: len(catalogues.wanted[words] - sound[words]) for words in WordsOf}


def _faults(folder: Path, tag: str, words: WordsOf) -> list[str]:
    """Translations that are there but cannot be used: placeholders differ, a form is missing."""
    path = catalogue_path(folder, tag, words)
    catalogue: Catalog = read_catalogue(path, tag)
    return [
        f"{path.relative_to(folder)}: {message.id!r}: placeholders or plural forms are wrong"
        for message in messages_of(catalogue)
        if _is_begun(message.string)
        and not message.fuzzy
        and not is_sound(message, catalogue.num_plurals)
    ]


def _is_begun(string: object) -> bool:
    return any(string) if isinstance(string, list | tuple) else bool(string)
