"""`db upgrade`: bring the database to today's tables."""

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from survey_app.cli import key_words, table_words
from survey_app.cli.runtime import runtime
from survey_app.store.installation import KeysRefused
from survey_app.store.migrations import NewerRelease, TablesDiffer, upgrade
from survey_app.store.migrations.shapes import NotAsReleased
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.hold_merged_people import hold_merged_people


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Create or update the tables.

    All of it or nothing. Of two at once the second waits. Ends with 1, having changed nothing,
    where the keys are not the database's or the tables are not as a release has them.
    """
    try:
        upgrade(runtime().database)
    except KeysRefused as fault:
        raise click.ClickException(key_words.in_words(fault.refusals)) from fault
    except NewerRelease as fault:
        raise click.ClickException(
            f"The database is of a newer release (revision {fault}). Install that release; nothing "
            "was changed."
        ) from fault
    except NotAsReleased as fault:
        raise click.ClickException(_not_as_released(fault)) from fault
    except TablesDiffer as fault:
        differences = table_words.in_words(fault.differences)
        raise click.ClickException(
            _listed("The tables are not as this release has them", differences)
            + "\nNothing was changed. Put this right, or restore a backup, and run it again."
        ) from fault
    _hold_merged_people(runtime())
    click.echo("The database is up to date.")


def _hold_merged_people(process: Runtime) -> None:
    """Former releases took a placeholder for somebody's reference: whoever was merged by one is
    held before anything is sent."""
    with process.database.write(Scope.worker()) as session:
        held = [
            person_id
            for service in session.scalars(select(Service).order_by(Service.id))
            for person_id in hold_merged_people(session, service, process.now())[0]
        ]
    if held:
        click.echo(
            f"{len(held)} people were made of several by a placeholder as their client reference. "
            "Nobody contacts them until somebody decides: see Cases > Held."
        )


def _not_as_released(fault: NotAsReleased) -> str:
    if fault.revision is None:
        return (
            _listed("This database holds tables and does not say of which release", fault.faults)
            + "\nNothing was changed. Give an empty database in DATABASE_URL, or a release's."
        )
    return (
        _listed(f"The database says revision {fault.revision}, and is not as it", fault.faults)
        + "\nIt was made by a build older than the first release, or changed by hand. It cannot be "
        "upgraded; nothing was changed. Import your cases into an empty database, or restore a "
        "backup that a release made."
    )


def _listed(title: str, lines: list[str]) -> str:
    return f"{title}:\n" + "\n".join(f"  {line}" for line in lines)
