"""Staff read in words that nothing is being sent, where no worker works."""

from datetime import timedelta

import pytest

from survey_app.domain.cases import Role
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.worker_beats import beat
from tests.staff import an_account, sign_in
from tests.texting import a_texting_service
from tests.world import NOON

PAGES = ("/services/ours/messages", "/services/ours/sending", "/services")


@pytest.fixture
def manager(database, client):
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours")
        account = an_account(session, (service, Role.MANAGER))
    sign_in(client, account.email)
    return client


def reports(database, ago: timedelta, report: str = "working") -> None:
    with database.write(Scope.worker()) as session:
        beat(session, report, report, NOON - ago)


@pytest.mark.parametrize("page", PAGES)
def test_a_worker_that_fell_silent_is_named_with_the_time(manager, database, page):
    reports(database, timedelta(hours=1, minutes=56))
    said = manager.get(page).text
    assert "Nothing is being sent: no worker has reported since 10:04." in said


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("ago", "report", "words"),
    [
        (timedelta(days=2), "working", "since 16 November 2026, 12:00."),
        (timedelta(seconds=3), "clock-jumped", "the machine stood still"),
        (timedelta(seconds=3), "host-clock-off", "clock of the worker&#39;s machine is wrong"),
        (None, "", "no worker has reported yet."),
    ],
)
def test_whatever_keeps_workers_from_working_is_said(manager, database, page, ago, report, words):
    if ago is not None:
        reports(database, ago, report)
    said = manager.get(page).text
    assert "Nothing is being sent: " in said
    assert words in said


@pytest.mark.parametrize("page", PAGES)
def test_while_a_worker_works_nothing_is_said(manager, database, page):
    reports(database, timedelta(seconds=100))
    reports(database, timedelta(seconds=3), "host-clock-off")
    assert "Nothing is being sent" not in manager.get(page).text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("mode", ["shadow", "paused"])
def test_a_service_that_is_not_to_send_misses_no_worker(manager, database, page, mode):
    with database.write(Scope.worker()) as session:
        session.query(Service).one().mode = mode
    assert "no worker" not in manager.get(page).text
