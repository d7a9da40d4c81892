"""What becomes of a database that already holds data?"""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from survey_app.store.database import Database
from survey_app.store.migrations import alembic_config, upgrade
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from tests.builders import a_service


def test_a_service_keeps_its_words_and_may_say_them_in_other_languages(database: Database):
    with database.write(Scope.worker()) as session:
        a_service(
            session, slug="ours", accessibility_contact="Ring us.", help_lines=[{"name": "L"}]
        )
    config = alembic_config(database)
    before = ScriptDirectory.from_config(config).get_revision("0003").down_revision
    command.downgrade(config, str(before))
    with database.engine.connect() as connection:
        columns = connection.execute(text("SELECT * FROM services")).keys()
    assert "accessibility_contacts" not in columns
    upgrade(database)
    with database.read(Scope.worker()) as session:
        service = get_service(session, "ours")
        assert service.accessibility_contacts == {}
        assert (service.accessibility_contact, service.help_lines) == ("Ring us.", [{"name": "L"}])
