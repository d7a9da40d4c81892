"""What is due is seen where no worker has written anything."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from survey_app.domain.requests import MessageState, RequestState
from survey_app.reporting.due_texts import Due, all_due, queue_ages
from survey_app.settings import Settings
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.run_due import run_due
from tests.staff_texts import a_text
from tests.store.statements import counted_statements
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS

HOUR = timedelta(hours=1)
THREE_DAYS_AGO = NOON - timedelta(days=3)
LONG_AGO = {"created_at": NOON - timedelta(days=60)}


@pytest.fixture
def service(session) -> Service:
    return a_texting_service(session, slug="ours")


def due(session, now=NOON) -> dict[Due, tuple[int, object]]:
    return {w.what: (w.number, w.since) for w in all_due(session, now)}


def test_requests_reminders_texts_and_expiries_that_are_due_are_counted_since_the_oldest(
    session, service
):
    for days in (3, 2):
        a_due_request(session, service, due_at=NOON - timedelta(days=days), **LONG_AGO)
    a_due_request(session, service, due_at=NOON + HOUR, **LONG_AGO)
    a_text(session, service, due_at=NOON - HOUR, request=LONG_AGO)
    a_text(session, service, due_at=NOON + HOUR, request=LONG_AGO)
    reminded = a_text(session, service, MessageState.ACCEPTED, request=LONG_AGO)
    reminded.sent_at = NOON - timedelta(days=7) - HOUR
    session.flush()
    _asked_at(session, reminded)
    a_due_request(session, service, state=RequestState.ASKED, expires_at=NOON - HOUR, **LONG_AGO)
    assert due(session) == {
        Due.INVITATION: (2, THREE_DAYS_AGO),
        Due.TEXT: (1, NOON - HOUR),
        Due.REMINDER: (1, NOON - HOUR),
        Due.EXPIRY: (1, NOON - HOUR),
    }


def _asked_at(session, message) -> None:
    request = session.get_one(SurveyRequest, message.request_id)
    request.first_text_accepted_at = message.sent_at
    session.flush()


@pytest.mark.parametrize(
    "facts",
    [
        {"refusal": "unsafe"},
        {"channel": "phone"},
        {"channel": None},
        {"state": RequestState.COMPLETED},
        {"due_at": NOON + timedelta(seconds=1)},
    ],
)
def test_who_may_not_be_texted_or_is_not_due_waits_for_nobody(session, service, facts):
    a_due_request(session, service, **facts)
    assert due(session) == {}


@pytest.mark.parametrize(("refusal", "reminders"), [(None, 1), ("unsafe", 0)])
def test_whose_reminder_was_refused_waits_for_nobody(session, service, refusal, reminders):
    reminded = a_text(session, service, MessageState.ACCEPTED, request=LONG_AGO)
    reminded.sent_at = NOON - timedelta(days=7) - HOUR
    session.flush()
    _asked_at(session, reminded)
    session.get_one(SurveyRequest, reminded.request_id).refusal = refusal
    session.flush()
    assert due(session).get(Due.REMINDER, (0, None))[0] == reminders


def test_cases_that_a_file_brings_late_have_waited_since_they_came(session, service):
    a_due_request(session, service, due_at=THREE_DAYS_AGO, created_at=NOON - HOUR)
    a_text(
        session,
        service,
        due_at=THREE_DAYS_AGO,
        request={"created_at": NOON - 2 * HOUR, "due_at": THREE_DAYS_AGO},
    )
    assert due(session) == {Due.INVITATION: (1, NOON - HOUR), Due.TEXT: (1, NOON - 2 * HOUR)}


def test_a_pass_leaves_nothing_due(database, clock):
    process = Runtime(Settings(keys=TEST_KEYS), database, clock)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        for number in range(5):
            a_due_request(session, service, expires_at=NOON + timedelta(days=20 + number))
        a_due_request(session, service, refusal=None, state=RequestState.COMPLETED)
    for day in range(26):
        now = NOON + timedelta(days=day)
        run_due(process, now)
        with database.read(Scope.worker()) as session:
            assert due(session, now) == {}


def test_only_hours_of_live_services_make_a_queue_old(session, service):
    a_due_request(session, service, due_at=NOON - timedelta(hours=15), **LONG_AGO)
    quiet = a_texting_service(session, slug="quiet", mode="shadow")
    a_due_request(session, quiet, due_at=THREE_DAYS_AGO, **LONG_AGO)
    empty = a_texting_service(session, slug="empty")
    ended = {"state": RequestState.ASKED, "expires_at": THREE_DAYS_AGO}
    a_due_request(session, empty, **ended, **LONG_AGO)
    services = list(session.scalars(select(Service)))
    # From nine o'clock yesterday evening; the programme's hours are nine to eight.
    ages = queue_ages(session, services, all_due(session, NOON), NOON)
    assert ages == {service.id: 3 * HOUR, empty.id: timedelta(0)}


def test_however_many_are_due_the_statements_are_as_many(session, service):
    a_due_request(session, service, due_at=NOON - HOUR)
    with counted_statements(session) as few:
        all_due(session, NOON)
    for _ in range(30):
        a_due_request(session, service, due_at=NOON - HOUR)
        a_text(session, service)
    session.flush()
    with counted_statements(session) as many:
        all_due(session, NOON)
    assert len(many) == len(few)
