"""The users of a service, as a manager looks after them."""

import re

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.store.staff import StaffAccount, find_account, roles_in
from tests.builders import a_service
from tests.staff import a_second_factor, an_account, csrf_of, send, sign_in

USERS = "/services/ours/users"
INVITE = f"{USERS}/invite"
NEW = "tuesday trombone lagoon"


@pytest.fixture
def database_kind() -> str:
    """What differs between databases is tested below the pages."""
    return "sqlite"


@pytest.fixture
def manager(client, kim):
    sign_in(client, kim.email)
    return client


def a_user(database, *roles: Role, **facts) -> int:
    with database.write(Scope.worker()) as session:
        service = get_service(session, "ours")
        account = an_account(session, *((service, role) for role in roles), **facts)
        a_second_factor(session, account)
        return account.id


def act(client, user_id: int, name: str, **fields):
    page = f"{USERS}/{user_id}"
    return client.post(f"{page}/{name}", data={"csrf_token": csrf_of(client.get(page)), **fields})


def stored(database, user_id) -> StaffAccount:
    with database.read() as session:
        return session.get_one(StaffAccount, user_id)


def test_the_list_says_who_may_do_what_and_who_needs_help(manager, database, clock):
    with database.write(Scope.worker()) as session:
        elsewhere = a_service(session, slug="theirs")
        an_account(session, (elsewhere, Role.CASEWORKER), name="Not Here")
    a_user(database, Role.CASEWORKER, Role.INTERVIEWER, name="Cass")
    a_user(database, Role.CASEWORKER, name="Off", is_active=False)
    a_user(database, Role.CASEWORKER, name="Shut", locked_until=clock.now.replace(hour=13))
    page = manager.get(USERS).text
    assert "Caseworker, interviewer" in page
    for said in ("switched off", "locked until", "no second factor", "Kim Doe"):
        assert said in page
    assert "Not Here" not in page


def test_an_invitation_is_passed_on_by_hand_and_becomes_an_account(app, manager, database):
    page = send(manager, INVITE, INVITE, email="New@example.org", name="Noor", roles="caseworker")
    assert "No e-mail is sent" in page.text
    [link] = re.findall(r"http://[^<]+(/account/link/[^<]+)<", page.text)
    assert link not in manager.get(USERS).text
    assert "Noor was added as caseworker" in manager.get(USERS).text
    other = app.test_client()
    assert sign_in(other, "new@example.org", "").status_code == 400
    send(other, link, link, password=NEW, again=NEW)
    assert other.get("/services/ours").status_code == 200
    assert sign_in(other, "new@example.org", NEW).location == "/"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"email": ""}, "Enter an e-mail address"),
        ({"email": "x" * 300 + "@example.org"}, "Shorten"),
        ({"roles": ""}, "at least one role"),
        ({"roles": "chief"}, "at least one role"),
        ({"email": "KIM@example.org"}, "has a role here already"),
        ({"roles": "administrator"}, "Ask an administrator"),
    ],
)
def test_a_wrong_invitation_says_what_to_do(manager, database, fields, said):
    wanted = {"email": "n@example.org", "name": "N", "roles": "caseworker"} | fields
    answer = send(manager, INVITE, INVITE, **wanted)
    assert answer.status_code == 400
    assert said in answer.text
    with database.read() as session:
        assert find_account(session, "n@example.org") is None


def test_who_has_an_account_elsewhere_needs_no_link(manager, database):
    with database.write(Scope.worker()) as session:
        theirs = a_service(session, slug="theirs")
        an_account(session, (theirs, Role.CASEWORKER), email="known@example.org")
    answer = send(manager, INVITE, INVITE, email="known@example.org", roles="interviewer")
    assert answer.location == USERS
    assert "has an account already" in manager.get(USERS).text


def test_a_changed_role_counts_from_the_next_page_on(app, manager, database):
    user_id = a_user(database, Role.CASEWORKER, email="cass@example.org")
    other = app.test_client()
    assert sign_in(other, "cass@example.org").location == "/sign-in/code"
    answer = act(manager, user_id, "roles", roles="interviewer")
    assert answer.status_code == 302
    with database.read() as session:
        account = session.get_one(StaffAccount, user_id)
        service = get_service(session, "ours")
        assert roles_in(account, service.id) == {Role.INTERVIEWER}
    assert "was caseworker and is now interviewer" in manager.get(USERS).text
    nothing = act(manager, user_id, "roles")
    assert nothing.status_code == 400
    assert "at least one role" in nothing.text


def test_switching_off_signs_them_out_at_once(app, manager, database):
    with database.write(Scope.worker()) as session:
        place = (get_service(session, "ours"), Role.CASEWORKER)
        account = an_account(session, place)
    other = app.test_client()
    sign_in(other, account.email)
    assert other.get("/services/ours").status_code == 200
    act(manager, account.id, "deactivate")
    assert other.get("/services/ours").status_code == 302
    assert sign_in(other, account.email).status_code == 400
    act(manager, account.id, "activate")
    assert sign_in(other, account.email).location == "/"


def test_a_lost_phone_and_a_lost_password_are_helped(app, manager, database):
    user_id = a_user(database, Role.CASEWORKER, email="cass@example.org")
    act(manager, user_id, "reset-second-factor")
    page = act(manager, user_id, "link")
    assert "ends after 24 hours" in page.text
    [link] = re.findall(r"http://[^<]+(/account/link/[^<]+)<", page.text)
    other = app.test_client()
    send(other, link, link, password=NEW, again=NEW)
    assert other.get("/services/ours").status_code == 200
    with database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.action for row in rows if row.subject_id == user_id] == [
        "reset-second-factor",
        "make-link",
        "use-reset-link",
    ]


@pytest.mark.parametrize("name", ["deactivate", "remove", "link", "reset-second-factor", "roles"])
def test_nobody_shuts_themselves_out(manager, kim, database, name):
    token = csrf_of(manager.get(USERS))
    answer = manager.post(
        f"{USERS}/{kim.id}/{name}", data={"csrf_token": token, "roles": "caseworker"}
    )
    assert answer.status_code == 400
    assert "cannot change your own account" in answer.text
    assert "This is you" in answer.text
    assert stored(database, kim.id).is_active


def test_above_a_users_page_stands_who_is_signed_in_and_not_the_user(manager, kim, database):
    user_id = a_user(database, Role.CASEWORKER, name="Cass")
    page = manager.get(f"{USERS}/{user_id}").text
    masthead = page[page.index("<header") : page.index("</header>")]
    assert "Kim Doe" in masthead
    assert "Cass" not in masthead


def test_a_manager_puts_people_into_teams_also_themselves(manager, kim, database):
    user_id = a_user(database, Role.CASEWORKER, name="Cass")
    assert act(manager, user_id, "team", team="North & <b>").status_code == 302
    assert act(manager, kim.id, "team", team="north & <B>").status_code == 302
    listed = manager.get(USERS).text
    assert listed.count("Team North &amp; &lt;b&gt;") == 2
    assert "Cass was in no team and is now in North &amp; &lt;b&gt;" in listed
    assert '<option value="North &amp; &lt;b&gt;">' in manager.get(f"{USERS}/{user_id}").text
    refused = act(manager, user_id, "team", team="x" * 61)
    assert refused.status_code == 400
    assert "Write at most 60 characters." in refused.text
    assert f'value="{"x" * 61}"' in refused.text


def test_an_administrators_account_is_shown_without_buttons(manager, database):
    user_id = a_user(database, Role.ADMINISTRATOR)
    page = manager.get(f"{USERS}/{user_id}").text
    assert "An administrator looks after this account" in page
    assert "Save roles" not in page
    assert stored(database, user_id).is_active


def test_somebody_of_two_services_can_only_be_let_go_here(manager, database):
    with database.write(Scope.worker()) as session:
        theirs = a_service(session, slug="theirs")
        places = [(get_service(session, "ours"), Role.CASEWORKER), (theirs, Role.CASEWORKER)]
        user_id = an_account(session, *places).id
    page = manager.get(f"{USERS}/{user_id}").text
    assert "Switch the account off" not in page
    assert "Make a reset link" not in page
    token = csrf_of(manager.get(USERS))
    refused = manager.post(f"{USERS}/{user_id}/deactivate", data={"csrf_token": token})
    assert "also works for another service" in refused.text
    assert act(manager, user_id, "remove").location == USERS
    assert manager.get(f"{USERS}/{user_id}").status_code == 404


@pytest.mark.parametrize("place", ["/987654", "/x", "/1/explode"])
def test_what_is_not_there_is_not_there(manager, place):
    assert manager.get(f"{USERS}{place}").status_code in {404, 405}
    token = csrf_of(manager.get(USERS))
    assert manager.post(f"{USERS}{place}", data={"csrf_token": token}).status_code in {404, 405}
