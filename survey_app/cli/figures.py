"""`figures keep` and `figures check`: are kept months what a count of the rows makes of them?"""

import json

import click
from flask.cli import with_appcontext

from survey_app.cli.file_imports import progress_over
from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.store.scope import Scope
from survey_app.usecases.check_months import MonthCheck, check_months
from survey_app.usecases.keep_months import keep_months

_service = click.option("--service", "slug", help="Its slug; without one, every service.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")


@click.group()
def figures() -> None:
    """The months of figures that are kept as counted."""


@figures.command("keep")
@_service
@click.option("--again", is_flag=True, help="Also those that have not moved.")
@_json
@with_appcontext
def keep_command(slug: str | None, again: bool, as_json: bool) -> None:
    """Count every month that has moved since it was kept; the worker does so by itself."""
    done = keep_months(runtime(), slugs=_slugs(slug), is_again=again)
    if not done.is_marked:
        click.echo("Nothing is kept: triggers are missing. Make them with: db upgrade", err=True)
        raise SystemExit(1)
    if as_json:
        click.echo(json.dumps({"kept": done.kept, "left_out": done.left_out, "left": done.left}))
        return
    click.echo(
        f"Kept anew: {done.kept} months. Left out of them, with requests that wait for their day: "
        f"{done.left_out} cases."
    )
    if done.left:
        click.echo(f"Left to somebody else who counted at the same time: {done.left}.")


@figures.command("check")
@_service
@_json
@with_appcontext
def check_command(slug: str | None, as_json: bool) -> None:
    """Prove the kept months equal to a count of the rows; end with 1 where they differ.

    Cases that have moved since are not looked at: they are counted as they are asked for.
    """
    slugs = _slugs(slug)
    with runtime().database.snapshot(Scope.worker()) as session, progress_over("Months") as done:
        found: list[MonthCheck] = []
        for month, behind, of in check_months(session, runtime().now(), slugs):
            found.append(month)
            done(behind, of)
    wrong = [month for month in found if month.different]
    if as_json:
        click.echo(json.dumps({"months": len(found), "differences": [_document(m) for m in wrong]}))
    else:
        for month in wrong:
            click.echo(f"{month.service}, {month.month}: {', '.join(month.different)}")
        click.echo(_summary(len(found), len(wrong)))
    if wrong:
        raise SystemExit(1)


def _slugs(slug: str | None) -> list[str] | None:
    if slug is None:
        return None
    with runtime().database.read(Scope.worker()) as session:
        return [service_named(session, slug).slug]


def _document(month: MonthCheck) -> dict[str, object]:
    return {"service": month.service, "month": month.month, "tallies": list(month.different)}


def _summary(months: int, wrong: int) -> str:
    if wrong:
        return (
            f"{wrong} of {months} kept months differ from a count of the rows. "
            "Have them counted anew with: figures keep --again"
        )
    return f"Equal to a count of the rows: {months} kept months."
