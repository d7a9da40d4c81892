"""`db upgrade`: bring the database to today's tables."""

import click
from flask.cli import with_appcontext

from survey_app.cli.runtime import runtime
from survey_app.store.migrations import upgrade


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Create or update the tables."""
    upgrade(runtime().database)
    click.echo("The database is up to date.")
