"""No round is done at a time that may be wrong; a person may say that it is right."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.clock_faults import ClockFault
from survey_app.domain.requests import RequestState
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.leases import LEASE
from survey_app.messaging.providers.choose import Providers
from survey_app.settings import Settings
from survey_app.store.audit import AuditRow
from survey_app.store.clock import find_last_seen
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.usecases.check_clock import confirm_clock
from survey_app.usecases.invite import invite_due
from survey_app.usecases.run_due import run_due
from tests.builders import a_service
from tests.staff import an_account
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS, SetClock


@pytest.fixture
def database_clock() -> SetClock:
    """The database's; the host's is `clock`."""
    return SetClock()


@pytest.fixture
def process(database, clock, database_clock) -> Runtime:
    return Runtime(Settings(keys=TEST_KEYS), database, clock, database_clock)


@pytest.fixture
def request_id(process) -> int:
    with process.database.write(Scope.worker()) as session:
        return a_due_request(session, a_texting_service(session)).id


def state_of(process, request_id) -> str:
    with process.database.read(Scope.worker()) as session:
        return session.get_one(SurveyRequest, request_id).state


def sent(process) -> int:
    with process.database.read() as session:
        return len(session.scalars(select(SimulatedText)).all())


@pytest.mark.parametrize("seconds", [-240, -31, 31, 240, 86_400 * 400])
def test_a_host_whose_clock_is_off_sends_and_ends_nothing(process, request_id, clock, seconds):
    clock.move(seconds=seconds)
    assert run_due(process).clock_fault is ClockFault.HOST_OFF
    assert (sent(process), state_of(process, request_id)) == (0, RequestState.WAITING)
    clock.move(seconds=-seconds)
    assert run_due(process).as_json()["sent"] == 1


@pytest.mark.parametrize("days", [-1.1, 1.1, 365])
def test_after_a_jump_of_the_database_s_clock_nothing_is_sent_or_ended(
    process, request_id, clock, database_clock, days
):
    with process.database.write(Scope.worker()) as session:
        service = a_service(session, slug="none")
        account = an_account(session, (service, Role.ADMINISTRATOR))
    assert run_due(process).clock_fault is None
    for one in (clock, database_clock):
        one.move(days=days)
    assert run_due(process).clock_fault is ClockFault.JUMPED
    assert state_of(process, request_id) == RequestState.ASKED
    with process.database.write(Scope.worker()) as session:
        before = confirm_clock(session, account.id, database_clock())
    assert before == NOON
    counts = run_due(process)
    assert counts.clock_fault is None
    assert counts.expired == (1 if days == 365 else 0)


def test_a_clock_that_jumps_and_is_put_back_needs_nobody(
    process, request_id, clock, database_clock
):
    run_due(process)
    for one in (clock, database_clock):
        one.move(days=400)
    assert run_due(process).clock_fault is ClockFault.JUMPED
    for one in (clock, database_clock):
        one.move(days=-400)
    assert run_due(process).clock_fault is None


def test_rounds_a_day_apart_are_no_jump(process, request_id, clock, database_clock):
    for _ in range(40):
        assert run_due(process).clock_fault is None
        for one in (clock, database_clock):
            one.move(days=1)
    assert state_of(process, request_id) == RequestState.EXPIRED


def test_a_pass_at_a_made_up_time_is_no_jump_and_a_true_pass_works_after_it(
    process, request_id, clock
):
    assert run_due(process).clock_fault is None
    with process.database.write(Scope.worker()) as session:
        later = a_due_request(
            session, a_texting_service(session), due_at=NOON + timedelta(days=5)
        ).id
    assert run_due(process, NOON + timedelta(days=5)).as_json()["sent"] == 1
    assert state_of(process, later) == RequestState.ASKED
    with process.database.read() as session:
        assert find_last_seen(session) == NOON
    assert run_due(process).clock_fault is None


def test_confirming_is_audited_with_who_and_from_when_to_when(process, database_clock):
    with process.database.write(Scope.worker()) as session:
        account = an_account(session, (a_service(session), Role.ADMINISTRATOR))
        confirm_clock(session, account.id, database_clock())
    with process.database.read(Scope.worker()) as session:
        row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.account_id, row.at) == ("confirm-clock", account.id, NOON)
    assert row.details == {"last_seen": None, "confirmed": NOON.isoformat()}


def test_leases_are_by_the_database_s_clock_however_a_host_s_differs(
    process, request_id, clock, database_clock
):
    """Seen: two workers four minutes apart, and one doubted what the other was sending."""
    clock.move(seconds=20)
    run_due(process)
    with process.database.read(Scope.worker()) as session:
        message = session.scalars(select(OutboxMessage)).one()
    assert message.claimed_at == NOON
    with process.database.write(Scope.worker()) as session:
        a_due_request(session, a_texting_service(session))
    timed = process.on_database_clock()
    seen = []

    class Looks:
        """A provider that looks at the claim while it is called."""

        def send(self, _text):
            with process.database.read(Scope.worker()) as session:
                rows = session.scalars(
                    select(OutboxMessage.lease_until).where(OutboxMessage.state == "sending")
                )
                seen.extend(rows)
            raise RuntimeError

    with timed.database.write(Scope.worker()) as session:
        invite_due(session, timed.settings, timed.now())
    dispatch_due(timed, Providers({"simulated": Looks()}, usual="simulated"))
    assert seen == [NOON + LEASE]
