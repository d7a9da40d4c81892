"""Signing in and out, the limits of a session, and the front door."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.staff import StaffAccount
from survey_app.usecases.sign_in import GUESSES
from survey_app.usecases.staff_sessions import ABSOLUTE_LIMIT
from survey_app.web.shared.identity import IDLE_LIMIT, safe_next
from tests.builders import a_service
from tests.staff import PASSWORD, an_account, csrf_of, send, sign_in

HOME = "/services/ours"


@pytest.fixture
def email(database) -> str:
    with database.write(Scope.worker()) as session:
        service = a_service(session, slug="ours", name="Our service")
        return an_account(session, (service, Role.MANAGER), name="Kim Doe").email


def test_the_front_door_leads_strangers_to_a_page_that_answers(client: FlaskClient):
    answer = client.get("/", follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/sign-in")


def test_who_works_in_one_service_comes_straight_to_it(client, email):
    answer = sign_in(client, email)
    assert (answer.status_code, answer.location) == (302, "/")
    home = client.get("/", follow_redirects=True)
    assert home.request.path == HOME
    assert "Kim Doe" in home.text


def test_who_works_in_several_services_chooses(client, database):
    with database.write(Scope.worker()) as session:
        services = [a_service(session, name=name) for name in ("North", "South")]
        account = an_account(session, *((s, Role.COMMISSIONER) for s in services))
        a_service(session, name="Elsewhere")
    sign_in(client, account.email)
    page = client.get("/", follow_redirects=True)
    assert page.request.path == "/services"
    assert "North" in page.text
    assert "South" in page.text
    assert "Elsewhere" not in page.text


def test_every_refusal_says_the_same(client, email):
    wrong = sign_in(client, email, "wrong")
    unknown = sign_in(client, "nobody@example.org", "wrong")
    for _n in range(GUESSES):
        sign_in(client, email, "wrong")
    locked = sign_in(client, email, PASSWORD)
    said = [
        page.text.split('<div role="alert">')[1].split("</div>")[0]
        for page in (wrong, unknown, locked)
    ]
    assert said[0] == said[1] == said[2]
    assert {p.status_code for p in (wrong, unknown, locked)} == {400}
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("fields", [{}, {"email": "a@example.org"}, {"password": "x"}])
def test_an_empty_field_is_named(client, fields):
    token = csrf_of(client.get("/sign-in"))
    answer = client.post("/sign-in", data={"csrf_token": token, **fields})
    assert answer.status_code == 400
    assert "There is a problem" in answer.text


def test_an_endless_password_is_refused_before_it_is_hashed(client, email):
    answer = sign_in(client, email, "x" * 2000)
    assert "too long" in answer.text


def test_a_form_without_its_token_says_what_to_do(client, email):
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 400
    assert "reload the page" in answer.text


def test_after_signing_in_one_is_where_one_wanted_to_be(client, email):
    asked = client.get(f"{HOME}/alerts?show=closed")
    page = client.get(asked.location)
    token = csrf_of(page)
    assert 'name="next" value="/services/ours/alerts?show=closed"' in page.text
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": token,
            "email": email,
            "password": PASSWORD,
            "next": "/services/ours/alerts?show=closed",
        },
    )
    assert answer.location == "/services/ours/alerts?show=closed"


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "evil",
        "",
        "/a\nb",
        "/\t/x",
        None,
    ],
)
def test_nobody_is_sent_to_another_site(typed):
    assert safe_next(typed) is None


def test_signing_out_ends_it_and_only_a_post_does(client, email):
    sign_in(client, email)
    assert client.get("/sign-out").status_code == 405
    assert client.get(HOME).status_code == 200
    answer = send(client, HOME, "/sign-out")
    assert answer.status_code == 302
    assert client.get(HOME).status_code == 302


def test_a_quiet_session_ends_and_says_why(client, email, clock):
    sign_in(client, email)
    clock.move(seconds=IDLE_LIMIT.total_seconds() - 1)
    assert client.get(HOME).status_code == 200
    clock.move(seconds=IDLE_LIMIT.total_seconds())
    answer = client.get(HOME, follow_redirects=True)
    assert answer.request.path == "/sign-in"
    assert "signed out because" in answer.text


def test_a_busy_session_ends_after_a_working_day(client, email, clock):
    sign_in(client, email)
    passed = timedelta()
    step = IDLE_LIMIT / 2
    while passed + step < ABSOLUTE_LIMIT:
        passed += step
        clock.move(seconds=step.total_seconds())
        assert client.get(HOME).status_code == 200, passed
    clock.move(seconds=step.total_seconds())
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("change", [{"session_epoch": 1}, {"is_active": False}])
def test_a_raised_epoch_or_a_switched_off_account_ends_every_session(
    client, email, database, change
):
    sign_in(client, email)
    with database.write() as session:
        account = session.query(StaffAccount).filter_by(email=email).one()
        for name, value in change.items():
            setattr(account, name, value)
    assert client.get(HOME).status_code == 302


def test_nothing_of_a_session_survives_a_sign_in(client, email):
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
    sign_in(client, email)
    with client.session_transaction() as after:
        assert "planted" not in after


@pytest.mark.parametrize("stored", ["", "1", "x.0", "1.x", "99999.0", "-1.0", "1.0.0"])
def test_a_made_up_identity_is_nobody(client, email, stored):
    sign_in(client, email)
    with client.session_transaction() as session:
        session["_user_id"] = stored
    assert client.get(HOME).status_code == 302
