"""A service that texts, and a browser in which somebody of it is signed in."""

import pytest

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from tests.staff import an_account, sign_in
from tests.texting import a_texting_service


@pytest.fixture
def service(database):
    """Ours."""
    with database.write(Scope.worker()) as session:
        return a_texting_service(session, slug="ours", name="Our service")


@pytest.fixture
def signed_in_as(database, service, client):
    """Signs the browser in with a role in our service."""

    def sign(role: Role) -> int:
        with database.write(Scope.worker()) as session:
            account = an_account(session, (service, role))
        sign_in(client, account.email)
        return account.id

    return sign


@pytest.fixture
def caseworker(signed_in_as) -> int:
    """The signed-in caseworker's account."""
    return signed_in_as(Role.CASEWORKER)
