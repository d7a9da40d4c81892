"""Looking after a service's users: within one's roles and services, never oneself."""

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.second_factors import find_second_factor
from survey_app.store.staff import StaffAccount, find_account, roles_in
from survey_app.store.staff_links import LinkKind
from survey_app.store.users import find_user, user_changes, users_of
from survey_app.usecases.staff_passwords import GOOD_FOR, make_link, use_link, who_opens
from survey_app.usecases.staff_users import (
    Keeper,
    NotKeeper,
    UserNotFound,
    UserRefusal,
    UserRefused,
)
from tests.builders import a_service
from tests.staff import a_second_factor, an_account
from tests.world import NOON


@pytest.fixture
def ours(session):
    an_account(session, (a_service(session), Role.MANAGER))  # noise
    return a_service(session, name="Ours")


@pytest.fixture
def manager(session, ours) -> StaffAccount:
    return an_account(session, (ours, Role.MANAGER), name="Mina")


@pytest.fixture
def keeper(session, ours, manager) -> Keeper:
    return Keeper(session, ours, manager.id, NOON)


def refusal(act, *given, **named) -> UserRefusal:
    with pytest.raises(UserRefused) as refused:
        act(*given, **named)
    return refused.value.reason


def test_somebody_new_is_invited_with_a_link_that_lets_them_choose_a_password(
    session, keeper, ours
):
    token = keeper.invite(email=" New@Example.org", name="New", roles=[Role.CASEWORKER])
    account = find_account(session, "new@example.org")
    assert (account.password_hash, roles_in(account, ours.id)) == (None, {Role.CASEWORKER})
    holder = who_opens(session, token, NOON)
    assert (holder.account_id, holder.kind) == (account.id, LinkKind.INVITATION)
    assert use_link(session, token=token, password_hash="h", now=NOON) == account.id
    assert account.password_hash == "h"


def test_who_has_an_account_elsewhere_keeps_it_and_gets_no_link(session, keeper, ours):
    known = an_account(session, (a_service(session), Role.MANAGER), email="known@example.org")
    kept = known.password_hash
    assert keeper.invite(email="known@example.org", name="X", roles=[Role.COMMISSIONER]) is None
    assert (known.password_hash, roles_in(known, ours.id)) == (kept, {Role.COMMISSIONER})


def test_a_link_ends_used_late_or_replaced(session):
    account = an_account(session)
    session.flush()
    first = make_link(session, account, LinkKind.RESET, NOON)
    second = make_link(session, account, LinkKind.RESET, NOON)
    late = NOON + GOOD_FOR[LinkKind.RESET]
    assert who_opens(session, first, NOON) is None
    assert who_opens(session, "made up", NOON) is None
    assert who_opens(session, second, late) is None
    epoch = account.session_epoch
    assert use_link(session, token=second, password_hash="h", now=NOON) == account.id
    assert account.session_epoch == epoch + 1
    assert who_opens(session, second, NOON) is None
    assert use_link(session, token=second, password_hash="x", now=NOON) is None
    assert account.password_hash == "h"


def test_a_switched_off_accounts_link_opens_nothing(session, keeper, ours):
    user = an_account(session, (ours, Role.CASEWORKER))
    token = keeper.reset_link(user.id)
    keeper.switch_off(user.id)
    assert who_opens(session, token, NOON) is None
    assert use_link(session, token=token, password_hash="x", now=NOON) is None
    assert refusal(keeper.reset_link, user.id) is UserRefusal.SWITCHED_OFF


def test_roles_are_changed_and_both_sides_are_recorded(session, keeper, ours, manager):
    user = an_account(session, (ours, Role.CASEWORKER), (ours, Role.INTERVIEWER), name="Sam")
    keeper.change_roles(user.id, [Role.INTERVIEWER, Role.MANAGER])
    assert roles_in(user, ours.id) == {Role.INTERVIEWER, Role.MANAGER}
    [change] = user_changes(session, ours.id, 10)
    assert (change.whose, change.by) == ("Sam", "Mina")
    assert change.details == {
        "from": ["caseworker", "interviewer"],
        "to": ["interviewer", "manager"],
    }
    keeper.change_roles(user.id, [Role.MANAGER, Role.INTERVIEWER])
    assert len(user_changes(session, ours.id, 10)) == 1


def test_switching_off_ends_every_session_and_can_be_taken_back(session, keeper, ours):
    user = an_account(session, (ours, Role.CASEWORKER))
    keeper.switch_off(user.id)
    assert (user.is_active, user.session_epoch) == (False, 1)
    user.failed_sign_ins, user.locked_until = 5, NOON
    keeper.switch_on(user.id)
    assert (user.is_active, user.failed_sign_ins, user.locked_until) == (True, 0, None)


def test_a_lost_phone_is_forgotten_and_sessions_end(session, keeper, ours):
    user = an_account(session, (ours, Role.CASEWORKER))
    a_second_factor(session, user)
    keeper.reset_second_factor(user.id)
    assert find_second_factor(session, user.id) is None
    assert user.session_epoch == 1


@pytest.mark.parametrize(
    "act", ["switch_off", "remove", "reset_second_factor", "reset_link", "switch_on"]
)
def test_nobody_changes_themselves_so_the_last_one_stays(keeper, manager, session, ours, act):
    assert refusal(getattr(keeper, act), manager.id) is UserRefusal.YOURSELF
    assert refusal(keeper.change_roles, manager.id, [Role.ADMINISTRATOR]) in {
        UserRefusal.YOURSELF,
        UserRefusal.NOT_YOURS,
    }
    assert refusal(keeper.change_roles, manager.id, [Role.CASEWORKER]) is UserRefusal.YOURSELF
    assert (manager.is_active, roles_in(manager, ours.id)) == (True, {Role.MANAGER})


def test_a_manager_neither_makes_nor_touches_an_administrator(session, keeper, ours):
    admin = an_account(session, (ours, Role.ADMINISTRATOR))
    for act in (keeper.switch_off, keeper.reset_link, keeper.reset_second_factor, keeper.remove):
        assert refusal(act, admin.id) is UserRefusal.NOT_YOURS
    wanted = {"email": "a@example.org", "name": "", "roles": [Role.ADMINISTRATOR]}
    assert refusal(keeper.invite, **wanted) is UserRefusal.NOT_YOURS
    user = an_account(session, (ours, Role.CASEWORKER))
    assert refusal(keeper.change_roles, user.id, [Role.ADMINISTRATOR]) is UserRefusal.NOT_YOURS


def test_an_administrator_looks_after_everybody_but_themselves(session, ours, manager):
    admin = an_account(session, (ours, Role.ADMINISTRATOR))
    keeper = Keeper(session, ours, admin.id, NOON)
    keeper.switch_off(manager.id)
    assert not manager.is_active
    assert refusal(keeper.change_roles, admin.id, [Role.MANAGER]) is UserRefusal.YOURSELF


def test_nobody_reaches_through_one_service_into_another(session, keeper, ours):
    """A reset link is as good as the account: it would open the other service too."""
    theirs = a_service(session)
    shared = an_account(session, (ours, Role.CASEWORKER), (theirs, Role.MANAGER))
    for act in (keeper.switch_off, keeper.reset_link, keeper.reset_second_factor):
        assert refusal(act, shared.id) is UserRefusal.ALSO_ELSEWHERE
    keeper.remove(shared.id)
    assert (roles_in(shared, ours.id), roles_in(shared, theirs.id)) == (set(), {Role.MANAGER})
    assert shared.is_active


def test_who_looks_after_both_services_may(session, ours):
    theirs = a_service(session)
    both = an_account(session, (ours, Role.MANAGER), (theirs, Role.MANAGER))
    shared = an_account(session, (ours, Role.CASEWORKER), (theirs, Role.CASEWORKER))
    Keeper(session, ours, both.id, NOON).switch_off(shared.id)
    assert not shared.is_active


def test_a_stranger_to_the_service_is_not_there(session, keeper, ours):
    stranger = an_account(session, (a_service(session), Role.CASEWORKER))
    for act in (keeper.switch_off, keeper.remove, keeper.reset_link):
        with pytest.raises(UserNotFound):
            act(stranger.id)
    with pytest.raises(UserNotFound):
        keeper.switch_off(987654)
    assert find_user(session, ours.id, stranger.id) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "nobody"}, UserRefusal.ADDRESS_MALFORMED),
        ({"roles": []}, UserRefusal.NO_ROLE),
        ({"email": "Here@example.org"}, UserRefusal.ALREADY_HERE),
    ],
)
def test_a_wrong_invitation_is_refused_by_name(session, keeper, ours, changes, reason):
    an_account(session, (ours, Role.CASEWORKER), email="here@example.org")
    wanted = {"email": "n@example.org", "name": "", "roles": [Role.CASEWORKER]} | changes
    assert refusal(keeper.invite, **wanted) is reason
    assert find_account(session, "n@example.org") is None


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.COMMISSIONER, Role.INTERVIEWER])
def test_other_roles_look_after_nobody(session, ours, role):
    account = an_account(session, (ours, role))
    with pytest.raises(NotKeeper):
        Keeper(session, ours, account.id, NOON)


def test_who_was_switched_off_a_moment_ago_looks_after_nobody(session, ours, manager):
    manager.is_active = False
    session.flush()
    with pytest.raises(NotKeeper):
        Keeper(session, ours, manager.id, NOON)


def test_the_list_has_the_users_of_this_service_only_and_says_who_has_a_second_factor(
    session, ours, manager
):
    user = an_account(session, (ours, Role.CASEWORKER), email="a@example.org")
    a_second_factor(session, user)
    off = an_account(session, (ours, Role.CASEWORKER), email="0@example.org", is_active=False)
    found = users_of(session, ours.id)
    assert [u.account.id for u in found] == [user.id, manager.id, off.id]
    assert [u.has_second_factor for u in found] == [True, False, False]


def test_every_change_leaves_a_row_of_the_service_without_any_token(session, keeper, ours):
    user = an_account(session, (ours, Role.CASEWORKER))
    token = keeper.reset_link(user.id)
    keeper.switch_off(user.id)
    rows = session.scalars(select(AuditRow).where(AuditRow.service_id == ours.id)).all()
    assert [row.action for row in rows] == ["make-link", "deactivate-user"]
    assert all(token not in str(row.details) for row in rows)


def test_a_team_is_anybodys_own_or_others_and_gives_no_rights(session, ours, keeper, manager):
    other = a_service(session)
    cass = an_account(session, (ours, Role.CASEWORKER), (other, Role.MANAGER)).id
    boss = an_account(session, (ours, Role.ADMINISTRATOR)).id
    for account_id in (cass, manager.id, boss):
        keeper.change_team(account_id, "  North   side ")
    assert {u.team for u in users_of(session, ours.id)} == {"North side"}
    assert find_user(session, other.id, cass).team is None
    assert find_user(session, ours.id, cass).roles == {Role.CASEWORKER}


def test_a_team_already_named_is_not_named_twice(session, ours, keeper):
    first, second = (an_account(session, (ours, Role.CASEWORKER)).id for _n in range(2))
    keeper.change_team(first, "North")
    keeper.change_team(second, "NORTH")
    assert find_user(session, ours.id, second).team == "North"
    keeper.change_team(second, " ")
    assert find_user(session, ours.id, second).team is None
    newest, *_ = user_changes(session, ours.id, 5)
    assert (newest.action, newest.details) == ("change-team", {"from": "North", "to": None})


def test_a_team_is_given_to_users_of_this_service_alone(session, ours, keeper):
    stranger = an_account(session, (a_service(session), Role.CASEWORKER)).id
    with pytest.raises(UserNotFound):
        keeper.change_team(stranger, "North")
    own = an_account(session, (ours, Role.CASEWORKER)).id
    assert refusal(keeper.change_team, own, "x" * 61) is UserRefusal.TEAM_TOO_LONG
