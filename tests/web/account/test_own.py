"""One's own account: password, second factor, and the browsers in which one is signed in."""

import re

import pyotp
import pytest

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.second_factors import find_second_factor, find_set_up, recovery_codes_left
from survey_app.store.services import get_service
from survey_app.store.staff import StaffAccount
from survey_app.usecases.sign_in import GUESSES
from tests.staff import PASSWORD, an_account, csrf_of, send, sign_in

NEW = "tuesday trombone lagoon"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def database_kind() -> str:
    """What differs between databases is tested below the pages."""
    return "sqlite"


@pytest.fixture
def mine(client, kim):
    sign_in(client, kim.email)
    return client


def change(client, **fields):
    page = "/account/password"
    return send(
        client, page, page, **({"current": PASSWORD, "password": NEW, "again": NEW} | fields)
    )


def test_changing_the_password_signs_out_every_other_browser_and_not_this_one(app, mine, kim):
    other = app.test_client()
    sign_in(other, kim.email)
    assert change(mine).status_code == 302
    assert mine.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert sign_in(other, kim.email, PASSWORD).status_code == 400
    assert sign_in(other, kim.email, NEW).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "wrong"}, "not your present password"),
        ({"current": ""}, "not your present password"),
        ({"password": "Password1234", "again": "Password1234"}, "Many people use"),
        ({"again": "something else entirely"}, "differ"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(mine, kim, database, fields, said):
    answer = change(mine, **fields)
    assert answer.status_code == 400
    assert said in answer.text
    with database.read() as session:
        assert session.get_one(StaffAccount, kim.id).password_hash == kim.password_hash


def test_a_screen_left_open_does_not_let_somebody_guess_the_password(mine, kim):
    for _n in range(GUESSES):
        change(mine, current="wrong")
    assert change(mine).status_code == 400


def test_each_browser_is_listed_and_can_be_signed_out(app, mine, kim):
    other = app.test_client()
    token = csrf_of(other.get("/sign-in"))
    fields = {"csrf_token": token, "email": kim.email, "password": PASSWORD}
    other.post("/sign-in", data=fields, headers={"User-Agent": FIREFOX})
    page = mine.get("/account").text
    assert "Firefox on Windows" in page
    assert page.count("this one") == 1
    [address] = re.findall(r'action="(/account/sessions/[^"]+/end)"', page)
    assert send(mine, "/account", address).status_code == 302
    assert other.get("/account").status_code == 302
    assert mine.get("/account").status_code == 200


def test_nobody_ends_somebody_elses_session(app, mine, database):
    with database.write(Scope.worker()) as session:
        place = (get_service(session, "ours"), Role.CASEWORKER)
        from_elsewhere = an_account(session, place)
    other = app.test_client()
    sign_in(other, from_elsewhere.email)
    with other.session_transaction() as cookie:
        key = cookie["key"]
    send(mine, "/account", f"/account/sessions/{key}/end")
    assert other.get("/account").status_code == 200


def test_signing_out_everywhere_includes_this_browser(app, mine, kim):
    other = app.test_client()
    sign_in(other, kim.email)
    send(mine, "/account", "/account/sessions/end-all")
    assert mine.get("/account").status_code == 302
    assert other.get("/account").status_code == 302


def test_a_copied_cookie_dies_with_the_sign_out(app, mine):
    copied = mine.get_cookie("s").value
    send(mine, "/account", "/sign-out")
    thief = app.test_client()
    thief.set_cookie("s", copied)
    assert thief.get("/account").status_code == 302


def test_setting_up_the_app_asks_for_the_password_first(mine, kim, clock, database):
    start, app_page = "/account/second-factor", "/account/second-factor/app"
    assert mine.get(app_page).location == "/account"
    assert send(mine, start, start, password="wrong").status_code == 400
    assert send(mine, start, start, password=PASSWORD).location == app_page
    with database.read() as session:
        secret = find_set_up(session, kim.id).secret
    assert send(mine, app_page, app_page, code="1").status_code == 400
    done = send(mine, app_page, app_page, code=pyotp.TOTP(secret).at(clock.now))
    assert "Keep your recovery codes" in done.text
    with database.read() as session:
        assert find_second_factor(session, kim.id).secret == secret
    codes_page = "/account/recovery-codes"
    assert send(mine, codes_page, codes_page, password="wrong").status_code == 400
    fresh = send(mine, codes_page, codes_page, password=PASSWORD)
    assert len(re.findall(r"<code>", fresh.text)) == 10
    assert not set(re.findall(r"<code>(.+)</code>", fresh.text)) & set(
        re.findall(r"<code>(.+)</code>", done.text)
    )
    with database.read() as session:
        assert recovery_codes_left(session, kim.id) == 10


def test_a_set_up_left_standing_is_no_way_around_the_password(mine, clock):
    start, app_page = "/account/second-factor", "/account/second-factor/app"
    send(mine, start, start, password=PASSWORD)
    assert mine.get(app_page).status_code == 200
    clock.move(minutes=10)
    assert mine.get(app_page).location == "/account"


def test_without_an_app_there_are_no_recovery_codes_to_make(mine):
    assert mine.get("/account/recovery-codes").location == "/account"
