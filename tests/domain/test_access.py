"""The table of who may do what is complete, and says what DOMAIN.md says."""

import pytest

from survey_app.domain.access import ALLOWED, Task, may
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
