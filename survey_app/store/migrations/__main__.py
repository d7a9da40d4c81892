"""`python -m survey_app.store.migrations "what changes"`: write the next migration for review."""

import sys
import tempfile

from alembic import command

from survey_app.store.database import Database
from survey_app.store.migrations import alembic_config


def main(message: str) -> None:
    """Compare the models with a freshly migrated database and write the difference."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/migrated.db")
        config = alembic_config(database)
        # Not `upgrade`: that compares, and here the models have gone ahead.
        command.upgrade(config, "head")
        command.revision(config, message=message, autogenerate=True)
        database.close()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit("Say what changes, in a few words."))
