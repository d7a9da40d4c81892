"""A law: whatever a use case or a journey does, the rows behind figures move in its transaction."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.check_figures import FigureDifference, check_figures


def differences_of(database: Database) -> tuple[FigureDifference, ...]:
    """What `figures check` finds wrong in this database."""
    with database.read(Scope.worker()) as session:
        services = list(session.scalars(select(Service.id)))
        return check_figures(session, services, lambda _behind, _of: None).differences


@pytest.fixture(autouse=True)
def figures_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """Asked after every test that has a database, once all its own sessions are committed."""
    if not {"database", "sqlite_database"} & set(request.fixturenames):
        yield
        return
    kind = "database" if "database" in request.fixturenames else "sqlite_database"
    database: Database = request.getfixturevalue(kind)
    yield
    if request.node.get_closest_marker("writes_past_the_models") is None:
        assert differences_of(database) == ()
