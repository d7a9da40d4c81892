"""`instruments check|show`: are the definition files right, and which codes do they have?"""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from survey_app.cli.fault_words import FAULT_WORDS
from survey_app.cli.runtime import runtime
from survey_app.domain.definitions import Fault, Faults
from survey_app.domain.instruments import Instrument, latest_versions
from survey_app.domain.programmes import licence_faults
from survey_app.store.definition_files import (
    SHIPPED,
    DefinitionFolder,
    FileFault,
    changed_versions,
    read_folder,
)
from survey_app.store.scope import Scope
from survey_app.store.used_definitions import ServiceTerms, has_tables, service_terms, used_hashes

_folder = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SHIPPED,
    help="Where the files stand; programmes in its folder `programmes`. Default: the shipped ones.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")


@click.group()
def instruments() -> None:
    """Check and show the questionnaires."""


@instruments.command("check")
@_folder
@_json
@with_appcontext
def check(folder: Path, as_json: bool) -> None:
    """Name every fault by file, item and kind; end with 1 where there is one."""
    definitions = read_folder(folder)
    faults = (*definitions.faults, *_faults_in_use(definitions))
    if as_json:
        click.echo(json.dumps({"faults": [_as_json(found) for found in faults]}, indent=2))
    else:
        for found in faults:
            click.echo(_in_words(found))
        click.echo(_summary(definitions, len(faults)))
    if faults:
        raise SystemExit(1)


@instruments.command("show")
@click.argument("key")
@click.option("--version", help="Default: the newest.")
@_folder
@_json
@with_appcontext
def show(key: str, version: str | None, folder: Path, as_json: bool) -> None:
    """Show the items and codes of the instrument KEY."""
    instrument = _find(read_folder(folder), key, version)
    if instrument is None:
        raise click.BadParameter(f"no file defines {' '.join(filter(None, (key, version)))}")
    if as_json:
        click.echo(json.dumps(_items_json(instrument), indent=2))
        return
    click.echo(f"{instrument.title} ({instrument.key}, version {instrument.version})")
    for item in instrument.items:
        click.echo(f"\n{item.id} ({item.type})\n  {item.text}")
        for option in item.options:
            click.echo(f"    {option.code}: {option.text}")


def _find(definitions: DefinitionFolder, key: str, version: str | None) -> Instrument | None:
    if version is None:
        return latest_versions(definitions.instruments.values()).get(key)
    return definitions.instruments.get((key, version))


def _items_json(instrument: Instrument) -> dict[str, object]:
    """Build the promise of FORMATS.md, "Commands"."""
    return {
        "key": instrument.key,
        "version": instrument.version,
        "items": [
            {
                "id": item.id,
                "type": item.type.value,
                "options": [{"code": option.code} for option in item.options],
            }
            for item in instrument.items
        ],
    }


def _faults_in_use(definitions: DefinitionFolder) -> tuple[FileFault, ...]:
    """Return used versions that changed, and services whose programme or licences fall short."""
    newest = latest_versions(definitions.instruments.values())
    with runtime().database.read(Scope.worker()) as session:
        if not has_tables(session):
            return ()
        changed = changed_versions(definitions, used_hashes(session))
        of_services = tuple(
            FileFault(f"service {terms.slug}", fault)
            for terms in service_terms(session)
            for fault in _service_faults(terms, newest)
        )
    return (*changed, *of_services)


def _service_faults(terms: ServiceTerms, newest: dict[str, Instrument]) -> tuple[Fault, ...]:
    if terms.programme is None:
        return ()
    if isinstance(terms.programme, Faults):
        return terms.programme.faults
    return licence_faults(terms.programme, newest, terms.licences)


def _in_words(found: FileFault) -> str:
    where = found.fault.item or "the whole"
    return f"{found.file}: {where}: {_words(found)}"


def _words(found: FileFault) -> str:
    return FAULT_WORDS[found.fault.code].format(detail=found.fault.detail)


def _as_json(found: FileFault) -> dict[str, str | None]:
    return {
        "file": found.file,
        "item": found.fault.item,
        "fault": found.fault.code.value,
        "detail": found.fault.detail,
        "message": _words(found),
    }


def _summary(definitions: DefinitionFolder, faults: int) -> str:
    read = f"{len(definitions.instruments)} instruments, {len(definitions.programmes)} programmes"
    found = {0: "no faults", 1: "1 fault"}.get(faults, f"{faults} faults")
    return f"{read}: {found}."
