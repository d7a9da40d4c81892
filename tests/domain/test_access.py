"""The table of who may do what is complete, and says what DOMAIN.md says."""

import pytest

from survey_app.domain.access import ALLOWED, Task, may, roles_looked_after
from survey_app.domain.cases import Role


def test_every_task_says_who_may_do_it():
    assert set(ALLOWED) == set(Task)
    assert all(ALLOWED.values())


def test_nobody_without_a_role_may_do_anything():
    assert not any(may((), task) for task in Task)


def test_the_commissioner_reads_published_figures_and_never_what_people_wrote():
    allowed = {task for task in Task if may({Role.COMMISSIONER}, task)}
    assert allowed - {Task.KEEP_OWN_ACCOUNT} == {
        Task.SEE_SERVICES,
        Task.OPEN_SERVICE,
        Task.SEE_FIGURES,
    }


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.MANAGER])
def test_only_a_manager_publishes(role: Role):
    assert may({Role.MANAGER}, Task.PUBLISH_FIGURES)
    assert not may({role}, Task.PUBLISH_FIGURES)


def test_several_roles_add_up():
    assert may({Role.COMMISSIONER, Role.MANAGER}, Task.PUBLISH_FIGURES)


def test_the_administrator_sees_nothing_of_one_persons_contact_or_words():
    allowed = {task for task in Task if may({Role.ADMINISTRATOR}, task)}
    assert allowed.isdisjoint(
        {
            Task.SEE_CONTACT,
            Task.CHANGE_CONTACT,
            Task.RESEND_TEXTS,
            Task.SEE_ALERTS,
            Task.HANDLE_ALERTS,
        }
    )


def test_the_interviewer_only_calls():
    allowed = {task for task in Task if may({Role.INTERVIEWER}, task)}
    own = {Task.SEE_SERVICES, Task.OPEN_SERVICE, Task.KEEP_OWN_ACCOUNT}
    assert {task for task in allowed - own if "call" not in task} == set()


def test_users_are_looked_after_by_managers_and_administrators_and_upwards_by_nobody():
    keepers = {role for role in Role if may({role}, Task.MANAGE_USERS)}
    assert keepers == {Role.MANAGER, Role.ADMINISTRATOR}
    assert {role for role in Role if roles_looked_after({role})} == keepers
    assert Role.ADMINISTRATOR not in roles_looked_after({Role.MANAGER})
    assert roles_looked_after({Role.ADMINISTRATOR}) == frozenset(Role)
    assert roles_looked_after(()) == frozenset()
