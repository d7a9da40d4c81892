"""`pairs check` and `pairs rebuild`: are outcomes and stars counted from what people answered?"""

import json
from collections.abc import Iterator
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.cli.file_imports import progress_over
from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.check_pairs import PairCheck, PairDifference, check_pairs, rebuild_pairs

SHOWN = 20

_service = click.option("--service", "slug", help="Its slug; without one, every service.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")


@click.group()
def pairs() -> None:
    """The rows that outcomes and stars are counted from."""


@pairs.command("check")
@_service
@_json
@with_appcontext
def check_command(slug: str | None, as_json: bool) -> None:
    """Prove the pair rows equal to a rebuild from the raw answers; end with 1 where they differ."""
    with runtime().database.read(Scope.worker()) as session, progress_over("Cases") as done:
        found = check_pairs(session, _services(session, slug), done)
    if as_json:
        click.echo(json.dumps(_document(found), indent=2, default=str))
    else:
        for line in _in_words(found):
            click.echo(line)
    if found.differences:
        raise SystemExit(1)


@pairs.command("rebuild")
@_service
@_json
@with_appcontext
def rebuild_command(slug: str | None, as_json: bool) -> None:
    """Make the pair rows anew from the raw answers."""
    with runtime().database.write(Scope.worker()) as session, progress_over("Cases") as done:
        cases = rebuild_pairs(session, _services(session, slug), done)
    click.echo(json.dumps({"cases": cases}) if as_json else f"Made the pairs of {cases} cases.")


def _services(session: Session, slug: str | None) -> list[int]:
    if slug is not None:
        return [service_named(session, slug).id]
    return list(session.scalars(select(Service.id).order_by(Service.id)))


def _document(found: PairCheck) -> dict[str, Any]:
    return {
        "cases": found.cases,
        "pairs": found.pairs,
        "differences": [
            {
                "case_ref": one.case_ref,
                "instrument": one.instrument,
                "area": one.area,
                "stored": one.stored,
                "rebuilt": one.rebuilt,
            }
            for one in found.differences
        ],
    }


def _in_words(found: PairCheck) -> Iterator[str]:
    for one in found.differences[:SHOWN]:
        yield f"{one.case_ref}, {one.instrument}, {one.area}: {_what_differs(one)}"
    more = len(found.differences) - SHOWN
    if more > 0:
        yield f"... and {more} more; --json names them all."
    what = f"{found.pairs} pair rows of {found.cases} cases"
    if found.differences:
        yield (
            f"{len(found.differences)} differ from what the answers make of {what}. "
            "Put them right with: pairs rebuild"
        )
    else:
        yield f"Equal to a rebuild from the answers: {what}."


def _what_differs(one: PairDifference) -> str:
    if one.stored is None:
        return "the answers make a pair row, none is stored"
    if one.rebuilt is None:
        return "a pair row is stored, the answers make none"
    return "; ".join(
        f"{name} is {one.stored[name]}, should be {one.rebuilt[name]}" for name in one.columns
    )
