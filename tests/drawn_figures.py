"""A service with a drawn quarter, for tests of what its figures pages and files say.

One database: what differs between the two is in the queries, and tests of reporting count those on
both. A test module takes these fixtures by name, and says with CASES how many cases it draws.
"""

from collections.abc import Callable
from random import Random

import pytest
from flask.testing import FlaskClient

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.reporting.worlds import World, fill
from tests.staff import an_account, sign_in

FEW = 25
SignIn = Callable[[Role], str]


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def world(database: Database, request: pytest.FixtureRequest) -> World:
    with database.write(Scope.worker()) as session:
        world = World(session, Random(9))
        fill(world, getattr(request.module, "CASES", FEW))
        return world


@pytest.fixture
def place(database: Database, world: World, client: FlaskClient) -> SignIn:
    """Sign in somebody of a role; returns the address that the service's figures stand under."""

    def stand(role: Role) -> str:
        with database.write(Scope.worker()) as session:
            account = an_account(session, (world.service, role))
        sign_in(client, account.email)
        return f"/services/{world.service.slug}/figures"

    return stand
