"""The second step of signing in: a code, a recovery code, or setting the app up."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope
from survey_app.store.second_factors import find_second_factor, recovery_codes_left
from survey_app.store.sign_in_addresses import MOST_FAILURES, count_failure
from survey_app.store.staff import StaffAccount
from survey_app.usecases.sign_in import GUESSES, LOCKED_FOR
from survey_app.web.account.half_way import TIME_FOR_CODE
from tests.staff import PASSWORD, a_second_factor, csrf_of, send, sign_in

HOME = "/services/ours"
CODE, SET_UP = "/sign-in/code", "/sign-in/set-up"


@pytest.fixture
def database_kind() -> str:
    """What differs between databases is tested below the pages."""
    return "sqlite"


@pytest.fixture
def client(work):
    return work.test_client()


@pytest.fixture
def secret(database, kim) -> str:
    with database.write(Scope.worker()) as session:
        return a_second_factor(session, session.get_one(StaffAccount, kim.id))


def code_now(secret, clock) -> str:
    return pyotp.TOTP(secret).at(clock.now)


def shown_secret(page) -> str:
    return re.search(r'one-time-link">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")


def test_a_right_password_alone_signs_nobody_in(client, kim, secret):
    answer = sign_in(client, kim.email)
    assert answer.location == CODE
    for page in (HOME, "/account", "/services"):
        assert client.get(page).location.startswith("/sign-in?"), page


def test_password_and_code_do_and_lead_where_one_wanted_to_be(client, kim, secret, clock):
    wanted = f"{HOME}/alerts?show=closed"
    token = csrf_of(client.get("/sign-in"))
    fields = {"email": kim.email, "password": PASSWORD, "next": wanted}
    client.post("/sign-in", data={"csrf_token": token, **fields})
    answer = send(client, CODE, CODE, code=code_now(secret, clock))
    assert (answer.status_code, answer.location) == (302, wanted)
    assert client.get(HOME).status_code == 200


def test_a_wrong_code_says_what_to_do_and_the_lock_holds(client, kim, secret, clock):
    sign_in(client, kim.email)
    for _n in range(GUESSES):
        wrong = send(client, CODE, CODE, code="nonsense")
        assert wrong.status_code == 400
        assert "check the phone" in wrong.text
    locked = send(client, CODE, CODE, code=code_now(secret, clock))
    assert locked.status_code == 400
    clock.move(seconds=LOCKED_FOR.total_seconds())
    sign_in(client, kim.email)
    assert send(client, CODE, CODE, code=code_now(secret, clock)).status_code == 302


def test_a_code_seen_over_ones_shoulder_is_worth_nothing_any_more(client, work, kim, secret, clock):
    sign_in(client, kim.email)
    code = code_now(secret, clock)
    assert send(client, CODE, CODE, code=code).status_code == 302
    other = work.test_client()
    sign_in(other, kim.email)
    again = send(other, CODE, CODE, code=code)
    assert again.status_code == 400
    assert "used already" in again.text
    assert other.get(HOME).status_code == 302


def test_the_second_step_waits_ten_minutes(client, kim, secret, clock):
    sign_in(client, kim.email)
    clock.move(seconds=TIME_FOR_CODE.total_seconds() - 1)
    assert client.get(CODE).status_code == 200
    clock.move(seconds=1)
    late = client.get(CODE, follow_redirects=True)
    assert late.request.path == "/sign-in"
    assert "took too long" in late.text


@pytest.mark.parametrize("change", [{"session_epoch": 7}, {"is_active": False}])
def test_it_ends_when_the_account_changes_meanwhile(client, kim, secret, clock, database, change):
    sign_in(client, kim.email)
    token = csrf_of(client.get(CODE))
    with database.write() as session:
        account = session.get_one(StaffAccount, kim.id)
        for name, value in change.items():
            setattr(account, name, value)
    answer = client.post(CODE, data={"csrf_token": token, "code": code_now(secret, clock)})
    assert answer.location == "/sign-in"
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize("page", [CODE, SET_UP])
def test_without_a_password_there_is_no_second_step(client, kim, secret, page):
    assert client.get(page).location == "/sign-in"


def test_who_has_an_app_cannot_set_up_another_with_the_password_alone(client, kim, secret):
    sign_in(client, kim.email)
    assert client.get(SET_UP).location == CODE
    token = csrf_of(client.get(CODE))
    assert client.post(SET_UP, data={"csrf_token": token, "code": "1"}).location == CODE


def test_at_work_the_first_sign_in_walks_through_the_set_up(client, kim, clock, database):
    assert sign_in(client, kim.email).location == SET_UP
    page = client.get(SET_UP)
    assert "<svg" in page.text
    assert "style=" not in page.text.split("<main")[1]
    secret = shown_secret(page)
    assert shown_secret(client.get(SET_UP)) == secret
    wrong = send(client, SET_UP, SET_UP, code="123")
    assert wrong.status_code == 400
    assert shown_secret(wrong) == secret
    assert client.get(HOME).status_code == 302
    done = send(client, SET_UP, SET_UP, code=code_now(secret, clock))
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)
    assert len(set(codes)) == 10
    assert done.headers["Cache-Control"] == "no-store"
    assert client.get(HOME).status_code == 200
    assert codes[0] not in client.get("/account").text
    sign_in(client, kim.email)
    assert send(client, CODE, CODE, code=codes[0]).status_code == 302
    with database.read() as session:
        assert find_second_factor(session, kim.id).secret == secret
        assert recovery_codes_left(session, kim.id) == 9
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.action for row in rows] == [
        "set-up-second-factor",
        "sign-in",
        "make-recovery-codes",
        "sign-in",
    ]


def test_a_set_up_begun_by_somebody_else_is_not_continued(client, work, kim):
    sign_in(client, kim.email)
    seen = shown_secret(client.get(SET_UP))
    own = work.test_client()
    sign_in(own, kim.email)
    assert shown_secret(own.get(SET_UP)) != seen


def test_few_recovery_codes_are_announced(client, kim, secret, clock, database):
    sign_in(client, kim.email)
    page = send(client, CODE, CODE, code=code_now(secret, clock))
    assert "0 recovery codes" in client.get(page.location, follow_redirects=True).text


def test_in_a_demonstration_the_password_is_enough_and_the_app_is_offered(app, kim):
    client = app.test_client()
    assert sign_in(client, kim.email).location == "/"
    assert "Set up a second factor" in client.get("/account").text


def test_in_a_demonstration_who_has_an_app_is_asked_too(app, kim, secret):
    assert sign_in(app.test_client(), kim.email).location == CODE


def test_one_address_that_fails_for_many_accounts_waits_and_others_do_not(
    app, kim, clock, database
):
    client = app.test_client()
    from_there = {"REMOTE_ADDR": "192.0.2.7"}
    token = csrf_of(client.get("/sign-in"))
    fields = {"csrf_token": token, "email": "nobody@example.org", "password": "x"}
    with database.write() as session:
        for _n in range(MOST_FAILURES - 1):
            count_failure(session, "192.0.2.7", clock.now)
    codes = [
        client.post("/sign-in", data=fields, environ_base=from_there).status_code for _n in range(2)
    ]
    assert codes == [400, 429]
    good = {"csrf_token": token, "email": kim.email, "password": PASSWORD}
    assert client.post("/sign-in", data=good, environ_base=from_there).status_code == 429
    assert client.post("/sign-in", data=good).status_code == 302
    clock.move(seconds=timedelta(minutes=15).total_seconds())
    again = app.test_client()
    good["csrf_token"] = csrf_of(again.get("/sign-in"))
    assert again.post("/sign-in", data=good, environ_base=from_there).status_code == 302
