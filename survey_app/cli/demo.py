"""`demo`: invented services to look at and to try things on."""

import gc

import click
from flask.cli import with_appcontext

from survey_app.cli.file_imports import progress_over
from survey_app.cli.runtime import runtime
from survey_app.store.scope import Scope
from survey_app.usecases.seed_demo.plans import ACCOUNTS, LARGE, PASSWORD, PLANS
from survey_app.usecases.seed_demo.seed import is_empty, seed_demo

USUAL_CASES = LARGE.history_closures
"""`--cases` is what the large service closes in a quarter before it went live."""


@click.group()
def demo() -> None:
    """Fill an empty installation with invented services."""


@demo.command("seed")
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    default=USUAL_CASES,
    show_default=True,
    help="How many cases the largest service closes in a quarter.",
)
@click.option("--if-empty", "if_empty", is_flag=True, help="Do nothing where there is a service.")
@with_appcontext
def seed_command(cases: int, if_empty: bool) -> None:
    """Invent three services, their staff and eight quarters of cases, texts and answers."""
    process = runtime()
    if process.settings.is_production:
        raise click.ClickException("Invented people do not belong into a production database.")
    with process.database.read(Scope.worker()) as session:
        may_seed = is_empty(session)
    if not may_seed:
        if if_empty:
            return
        raise click.ClickException("There are services already: the demonstration needs none.")
    _collect_seldom()
    with progress_over("Inventing eight quarters") as progress:
        seed_demo(process, now=process.now(), scale=cases / USUAL_CASES, on_progress=progress)
    click.echo(f"Made {len(PLANS)} demonstration services.")


def _collect_seldom() -> None:
    """Months of rows are made and let go: looking for garbage all the while takes an eighth."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@demo.command("sign-ins")
@with_appcontext
def sign_ins_command() -> None:
    """Print who can sign in to the demonstration."""
    if runtime().settings.is_production:
        raise click.ClickException("There is no demonstration in production.")
    click.echo(f"Sign in with the password: {PASSWORD}")
    for account in ACCOUNTS:
        click.echo(f"  {account.email:<34} {account.role}")
