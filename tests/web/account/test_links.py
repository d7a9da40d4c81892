"""One-time links: each lets its owner choose a password, once, and nothing before that."""

import pytest

from survey_app.store.scope import Scope
from survey_app.store.staff import StaffAccount
from survey_app.store.staff_links import LinkKind
from survey_app.usecases.staff_passwords import GOOD_FOR, make_link
from tests.staff import PASSWORD, csrf_of, send, sign_in

NEW = "tuesday trombone lagoon"


@pytest.fixture
def database_kind() -> str:
    """The links themselves are tested on both databases below the pages."""
    return "sqlite"


@pytest.fixture
def link(database, kim) -> str:
    with database.write(Scope.worker()) as session:
        account = session.get_one(StaffAccount, kim.id)
        account.failed_sign_ins = 3
        return "/account/link/" + make_link(session, account, LinkKind.RESET, kim.created_at)


def choose(client, link, password=NEW, again=None):
    return send(client, link, link, password=password, again=password if again is None else again)


def test_a_new_password_is_chosen_and_used_at_once(client, link, kim):
    assert kim.email in client.get(link).text
    assert choose(client, link).location == "/"
    assert client.get("/account").status_code == 200
    assert sign_in(client, kim.email).status_code == 400
    assert sign_in(client, kim.email, NEW).status_code == 302


def test_opening_it_uses_nothing_up_and_using_it_ends_it(client, link):
    for _n in range(3):
        assert client.get(link).status_code == 200
    token = csrf_of(client.get(link))
    choose(client, link)
    assert client.get(link).status_code == 410
    late = client.post(link, data={"csrf_token": token, "password": NEW, "again": NEW})
    assert late.status_code in {400, 410}
    assert "no longer works" in client.get(link).text


def test_it_ends_all_other_sessions_of_its_owner(app, client, link, kim):
    other = app.test_client()
    sign_in(other, kim.email)
    choose(client, link)
    assert other.get("/account").status_code == 302


def test_late_it_says_whom_to_ask(client, link, clock):
    clock.move(seconds=GOOD_FOR[LinkKind.RESET].total_seconds())
    page = client.get(link)
    assert page.status_code == 410
    assert "ask whoever sent you the link" in page.text


@pytest.mark.parametrize("token", ["x", "%00", "a" * 500, "é"])
def test_a_made_up_link_is_one_that_has_ended(client, kim, token):
    assert client.get(f"/account/link/{token}").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", None, "at least 12"),
        ("", None, "at least 12"),
        ("Password1234", None, "Many people use"),
        ("kim.doe-2026!", None, "made of your name"),
        (NEW, "tuesday trombone lagoons", "differ"),
        ("x y z" * 400, None, "too long"),
    ],
)
def test_a_bad_password_is_refused_with_what_to_do_and_the_link_stays_good(
    client, link, password, again, said
):
    answer = choose(client, link, password, again)
    assert answer.status_code == 400
    assert said in answer.text
    assert choose(client, link).status_code == 302


def test_at_work_a_link_alone_lets_nobody_in(work, link, kim):
    client = work.test_client()
    assert choose(client, link).location == "/sign-in/set-up"
    assert client.get("/services/ours").status_code == 302


def test_the_password_before_stays_good_until_the_link_is_used(client, link, kim):
    client.get(link)
    assert sign_in(client, kim.email, PASSWORD).status_code == 302
