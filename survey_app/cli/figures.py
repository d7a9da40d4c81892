"""`figures check` and `figures rebuild`: are figures counted from what was recorded?"""

import json
from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.cli.file_imports import progress_over
from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.store.rebuild_facts import rebuild_facts
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.check_figures import FigureCheck, check_figures
from survey_app.usecases.check_pairs import rebuild_pairs

SHOWN = 20

_service = click.option("--service", "slug", help="Its slug; without one, every service.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")


@click.group()
def figures() -> None:
    """The rows that every figure is counted from."""


@figures.command("check")
@_service
@_json
@with_appcontext
def check_command(slug: str | None, as_json: bool) -> None:
    """Prove the rows behind figures equal to what is recorded; end with 1 where they differ."""
    with runtime().database.snapshot(Scope.worker()) as session, progress_over("Cases") as done:
        found = check_figures(session, services_named(session, slug), done)
    if as_json:
        differences = [
            {"case_ref": one.case_ref, "table": one.table, "columns": list(one.columns)}
            for one in found.differences
        ]
        click.echo(json.dumps({"cases": found.cases, "differences": differences}))
    else:
        for line in _in_words(found):
            click.echo(line)
    if found.differences:
        raise SystemExit(1)


@figures.command("rebuild")
@_service
@_json
@with_appcontext
def rebuild_command(slug: str | None, as_json: bool) -> None:
    """Make the rows behind figures anew from what is recorded."""
    with runtime().database.write(Scope.worker()) as session, progress_over("Cases") as done:
        services = services_named(session, slug)
        rebuild_pairs(session, services, lambda _behind, _of: None)
        cases = rebuild_facts(session, services, done)
    click.echo(json.dumps({"cases": cases}) if as_json else f"Made the facts of {cases} cases.")


def services_named(session: Session, slug: str | None) -> list[int]:
    """The service with this slug, or all of them."""
    if slug is not None:
        return [service_named(session, slug).id]
    return list(session.scalars(select(Service.id).order_by(Service.id)))


def _in_words(found: FigureCheck) -> Iterator[str]:
    for one in found.differences[:SHOWN]:
        what = f"{', '.join(one.columns)} differ" if one.columns else "a row is missing or too many"
        yield f"{one.case_ref}, {one.table}: {what}"
    more = len(found.differences) - SHOWN
    if more > 0:
        yield f"... and {more} more; --json names them all."
    if found.differences:
        yield (
            f"{len(found.differences)} rows of {found.cases} cases differ from what is recorded. "
            "Put them right with: figures rebuild"
        )
    else:
        yield f"Equal to what is recorded: the rows behind the figures of {found.cases} cases."
