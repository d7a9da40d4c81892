"""Alembic's entry: runs migrations on the connection or the engine that it is handed."""

from alembic import context
from sqlalchemy import Connection

from survey_app.store.models import metadata


def run(connection: Connection) -> None:
    """Migrate in the transaction that the connection is in, or in one of its own."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with context.config.attributes["engine"].connect() as connection:
        run(connection)
        connection.commit()
