"""How does a database come to hold today's tables?"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import exists, select

from survey_app.store.case_facts import CaseFact
from survey_app.store.cases import Case
from survey_app.store.database import Database
from survey_app.store.migrations.old_triggers import drop_marks
from survey_app.store.models import metadata
from survey_app.store.rebuild_facts import rebuild_facts
from survey_app.store.scope import Scope


def alembic_config(database: Database) -> Config:
    """Alembic's settings for this database; there is no alembic.ini to keep in step."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, and make the fact rows of figures anew."""
    if not is_current(database):
        with database.engine.execution_options(is_writer=True).begin() as connection:
            drop_marks(connection)
        command.upgrade(alembic_config(database), "head")
    elif not _are_facts_missing(database):
        return
    with database.write(Scope.worker()) as session:
        rebuild_facts(session)


def _are_facts_missing(database: Database) -> bool:
    """Whether an upgrade was cut short between the migrations and the facts."""
    has_facts = select(CaseFact.case_id).where(CaseFact.case_id == Case.id).correlate(Case).exists()
    with database.read(Scope.worker()) as session:
        return bool(session.scalar(select(exists(select(Case.id).where(~has_facts)))))


def is_current(database: Database) -> bool:
    """Whether the newest revision has been applied."""
    newest = ScriptDirectory.from_config(alembic_config(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def drift(database: Database) -> list[object]:
    """What the migrated database has and the models have not, or the other way round."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))
