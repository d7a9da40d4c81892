"""How does a database come to hold today's tables?"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from survey_app.store.database import Database
from survey_app.store.models import metadata
from survey_app.store.move_marks import drop_marks, make_marks, marks_differ


def alembic_config(database: Database) -> Config:
    """Alembic's settings for this database; there is no alembic.ini to keep in step."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, and its triggers to how they should be."""
    if not is_current(database):
        with database.engine.execution_options(is_writer=True).begin() as connection:
            drop_marks(connection)
        command.upgrade(alembic_config(database), "head")
    with database.engine.execution_options(is_writer=True).begin() as connection:
        make_marks(connection)


def is_current(database: Database) -> bool:
    """Whether the newest revision has been applied."""
    newest = ScriptDirectory.from_config(alembic_config(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def drift(database: Database) -> list[object]:
    """What the migrated database has and the models have not, or the other way round."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [*compare_metadata(context, metadata), *marks_differ(connection)]
