"""Laws of access: every endpoint declares itself, and every staff page is held to its task."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey_app.domain.access import ALLOWED
from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.web.shared.access import Audience, Declared, declared_access
from tests.alerts import an_alert
from tests.builders import a_case, a_request, a_service
from tests.staff import PASSWORD, an_account
from tests.trials import a_trial
from tests.world import NOON

PERIOD = "2026-Q2"
END_OF_WALK = "/account/sessions/end-all"


@pytest.fixture
def ground(app: Flask, database: Database) -> dict[str, str]:
    """A service with an alert, and an address for everything an endpoint may ask for."""
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="ours")
        case = a_case(session, service)
        alert = an_alert(session, case)
        request = a_request(session, case)
        user = an_account(session, (service, Role.CASEWORKER))
        asked = {(key, version) for key, version in request.instruments}
        snapshot_instruments(session, service, asked, NOON)
        return {
            "slug": service.slug,
            "period": PERIOD,
            "alert_id": str(alert.id),
            "case_ref": case.case_ref,
            "request_id": str(request.id),
            "message_id": "1",
            "user_id": str(user.id),
            "act": "deactivate",
            "key": "no-such-session",
            "delivery_id": "1",
            "filter_id": "1",
            "response_id": "1",
            "wave": request.wave,
            "page": "reach",
            "dimension": "sex",
            "block": "losses",
            "trial_id": str(a_trial(session, service).id),
        }


@pytest.fixture
def walker(app: Flask) -> FlaskClient:
    """A client whose forms need no token: CSRF is tested by itself and would answer first."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


def declared(app: Flask, rule: Rule) -> Declared:
    found = declared_access(app.view_functions[rule.endpoint])
    assert found is not None, f"{rule.endpoint} does not declare its access"
    return found


def staff_calls(app: Flask, ground: dict[str, str]) -> list[tuple[str, str, Declared]]:
    """Method, address and declaration of every staff endpoint."""
    calls = []
    for rule in rules(app):
        declaration = declared(app, rule)
        if declaration.audience is not Audience.STAFF:
            continue
        missing = rule.arguments - set(ground)
        assert not missing, f"say in `ground` what {rule.rule} gets for {missing}"
        values = {name: ground[name] for name in rule.arguments}
        with app.test_request_context():
            address = str(app.url_map.bind("localhost").build(rule.endpoint, values))
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        calls.extend((method, address, declaration) for method in methods)
    # Whoever has signed out everywhere walks no further.
    return sorted(calls, key=lambda call: call[1] == END_OF_WALK)


def test_every_endpoint_declares_its_access(app: Flask):
    for rule in rules(app):
        declared(app, rule)


def test_a_view_that_declares_nothing_is_reached_by_nobody(own_app: Flask):
    own_app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    answer = own_app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_strangers_are_sent_to_the_sign_in_page(app: Flask, walker, ground):
    for method, address, _declared in staff_calls(app, ground):
        answer = walker.open(address, method=method)
        assert answer.status_code == 302, (method, address)
        assert answer.location.startswith("/sign-in"), (method, address)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_what_its_table_says_and_nothing_else(
    app: Flask, walker, database, ground, role
):
    with database.write(Scope.worker()) as session:
        account = an_account(session, (get_service(session, ground["slug"]), role))
    assert sign_in_without_token(walker, account.email).status_code == 302
    for method, address, declaration in staff_calls(app, ground):
        answer = walker.open(address, method=method)
        is_allowed = declaration.task is not None and role in ALLOWED[declaration.task]
        assert (answer.status_code != 403) is is_allowed, (role, method, address)
        assert answer.status_code < 500, (role, method, address)


def test_a_service_in_which_one_has_no_role_does_not_exist(app: Flask, walker, database, ground):
    with database.write(Scope.worker()) as session:
        elsewhere = a_service(session)
        account = an_account(session, *((elsewhere, role) for role in Role))
    sign_in_without_token(walker, account.email)
    for method, address, _declared in staff_calls(app, ground):
        if "/ours" not in address:
            continue
        ours = walker.open(address, method=method)
        nowhere = walker.open(address.replace("/ours", "/no-such-service"), method=method)
        assert ours.status_code == nowhere.status_code == 404, (method, address)
        assert without_token(ours.text) == without_token(nowhere.text), (method, address)


def without_token(page: str) -> str:
    """A page without its form token, which tells the second it was made in."""
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", page)


def sign_in_without_token(client: FlaskClient, email: str) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": PASSWORD})
