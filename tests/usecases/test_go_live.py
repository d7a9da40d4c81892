"""Going live: who waited is asked after a fresh decision, or withdrawn for good and counted so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain.gate import ConditionId
from survey_app.domain.ladder import NotAsked
from survey_app.domain.periods import quarter_of
from survey_app.domain.requests import EndReason, MessageState, RequestState
from survey_app.reporting.backlog import backlog
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.reporting.sending_history import sending_history
from survey_app.store.audit import AuditRow
from survey_app.store.gate import GateConfirmation, GateWaiver, waivers_since
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.decide_contact import decide_contacts
from survey_app.usecases.decider import Decider
from survey_app.usecases.go_live import GateClosed, GoLiveRefusal, WentLive, go_live
from survey_app.usecases.invite import invite_due
from tests.builders import a_person, a_programme, a_service
from tests.gate import SETTINGS as GATE_SETTINGS
from tests.gate import a_shadow, meet_gate
from tests.messaging.queued import SETTINGS
from tests.staff_texts import a_text
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

BY = Decider(None, None, NOON)
TODAY = date(2026, 11, 18)
CLOSED = date(2026, 10, 20)


def waits(session: Session, service: Service, days: int, **facts) -> SurveyRequest:
    """A request that fell due so many days before noon, decided on and its text written down."""
    request = a_due_request(
        session,
        service,
        case={"closed_on": CLOSED, "closure_reason": "completed"},
        due_at=NOON - timedelta(days=days),
        **facts,
    )
    decide_contacts(session, [request], NOON)
    return request


@pytest.fixture
def shadow(session: Session) -> Service:
    """In shadow, beside a service that is none of its business."""
    elsewhere = a_texting_service(session, mode=ServiceMode.SHADOW)
    waits(session, elsewhere, 20)
    return a_texting_service(session, mode=ServiceMode.SHADOW)


def text_of(session: Session, request: SurveyRequest) -> OutboxMessage | None:
    return session.scalar(select(OutboxMessage).where(OutboxMessage.request_id == request.id))


def test_the_backlog_says_how_many_wait_since_when_and_week_by_week(session, shadow):
    for days in (1, 2, 9):
        waits(session, shadow, days)
    waits(session, shadow, -1)  # not due yet
    refused = a_due_request(session, shadow, a_person(session, shadow, sms_consent="no"))
    decide_contacts(session, [refused], NOON)
    a_text(session, shadow, MessageState.UNKNOWN)  # it may have left
    a_text(session, shadow, MessageState.DELIVERED)
    found = backlog(session, shadow.id, NOON)
    assert (found.total, found.since) == (3, NOON - timedelta(days=9))
    assert found.weeks == ((date(2026, 11, 9), 1), (date(2026, 11, 16), 2))


def test_what_waited_stays_for_a_fresh_decision(session, shadow):
    request = waits(session, shadow, 9)
    assert go_live(session, shadow, Decider(None, "Signed off.", NOON), SETTINGS) == WentLive(1, 0)
    assert (shadow.mode, request.state) == (ServiceMode.LIVE, RequestState.WAITING)
    assert invite_due(session, SETTINGS, NOON).queued == 2  # and the one elsewhere


def test_what_fell_due_before_a_day_is_withdrawn_and_its_text_taken_back(session, shadow):
    old, young, mine = (
        waits(session, shadow, 9),
        waits(session, shadow, 1),
        waits(session, shadow, 2),
    )
    refused = a_due_request(
        session, shadow, a_person(session, shadow, sms_safe="no"), due_at=NOON - timedelta(days=9)
    )
    decide_contacts(session, [refused], NOON)
    invite_due(session, SETTINGS, NOON)
    went = go_live(
        session, shadow, Decider(None, "Old.", NOON), SETTINGS, withdraw_before=date(2026, 11, 17)
    )
    session.expire_all()
    assert went == WentLive(3, 2)
    for request in (old, mine):
        assert (request.state, request.end_reason, request.ended_at) == (
            RequestState.WITHDRAWN,
            EndReason.WITHDRAWN_AT_GO_LIVE,
            NOON,
        )
        text = text_of(session, request)
        assert (text.state, text.reason) == (MessageState.CANCELLED, "withdrawn-at-go-live")
        assert (text.to, text.body) == (None, None)
    assert text_of(session, young).state == MessageState.PENDING
    assert (refused.state, refused.refusal) == (RequestState.WAITING, "unsafe")
    assert [row.details for row in session.scalars(select(AuditRow))] == [
        {
            "from": "shadow",
            "to": "live",
            "reason": "Old.",
            "waited": 3,
            "withdrawn": 2,
            "withdrawn_before": "2026-11-17",
        }
    ]
    [change] = sending_history(session, shadow.id)
    assert (change.at, change.who, change.details["withdrawn"]) == (NOON, None, 2)


def test_the_day_is_londons(session, shadow):
    before_midnight = waits(session, shadow, 0)
    before_midnight.due_at = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    after = waits(session, shadow, 0)
    after.due_at = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)  # the second of July, in summer
    go_live(session, shadow, BY, SETTINGS, withdraw_before=date(2026, 7, 2))
    assert (before_midnight.state, after.state) == ("withdrawn", "waiting")


def test_a_text_that_may_have_left_is_not_withdrawn(session, shadow):
    doubtful = a_text(session, shadow, MessageState.UNKNOWN)
    assert go_live(
        session, shadow, BY, SETTINGS, withdraw_before=TODAY + timedelta(days=1)
    ) == WentLive(0, 0)
    assert session.get_one(SurveyRequest, doubtful.request_id).state == RequestState.WAITING


def test_a_live_service_and_a_day_ahead_change_nothing(session, shadow):
    request = waits(session, shadow, 9)
    ahead = TODAY + timedelta(days=2)
    assert go_live(session, shadow, BY, SETTINGS, withdraw_before=ahead) is GoLiveRefusal.DAY_AHEAD
    assert shadow.mode == ServiceMode.SHADOW
    shadow.mode = ServiceMode.LIVE
    session.flush()
    assert (
        go_live(session, shadow, BY, SETTINGS, withdraw_before=TODAY) is GoLiveRefusal.ALREADY_LIVE
    )
    assert request.state == RequestState.WAITING
    assert session.scalars(select(AuditRow)).all() == []


def test_the_ladder_counts_the_withdrawn_as_not_asked_with_that_reason(session):
    service = a_service(session, mode=ServiceMode.SHADOW)
    a_programme(session, service)
    waits(session, service, 9)
    waits(session, service, 1)
    go_live(session, service, BY, SETTINGS, withdraw_before=TODAY - timedelta(days=3))
    found = report(session, service, quarter_of(CLOSED), now=NOON, audience=Audience.STAFF)
    row = next(row for row in found.ladder if row.tier == "1")
    assert (row.supported, row.contactable, row.asked) == (2, 2, 0)
    assert row.not_asked == {NotAsked.WITHDRAWN_AT_GO_LIVE: 1, NotAsked.NOT_SENT: 1}


WAIVE = frozenset({ConditionId.SHADOW_LOOKED_AT, ConditionId.EXPECTED_TEXT})
SIGNED = Decider(None, "Signed off.", NOON)


def waivers(session: Session, service: Service) -> list[tuple[str, str]]:
    kept = waivers_since(session, service.id, NOON - timedelta(days=30))
    return [(waiver.condition, waiver.reason) for waiver in kept]


def test_the_gate_is_closed_while_something_is_missing_and_nothing_is_changed(session):
    service = a_shadow(session)
    request = waits(session, service, 9)
    closed = go_live(session, service, SIGNED, GATE_SETTINGS, withdraw_before=TODAY, waive=WAIVE)
    assert isinstance(closed, GateClosed)
    assert {each.id for each in closed.unmet} == set(ConditionId) - WAIVE
    assert (service.mode, request.state) == (ServiceMode.SHADOW, RequestState.WAITING)
    assert waivers(session, service) == []
    assert session.scalars(select(AuditRow)).all() == []


@pytest.mark.parametrize("mode", [ServiceMode.SHADOW, ServiceMode.PAUSED])
def test_the_gate_opens_once_nothing_is_missing(session, mode):
    service = a_shadow(session)
    meet_gate(session, service)
    service.mode = mode
    session.flush()
    assert go_live(session, service, SIGNED, GATE_SETTINGS) == WentLive(0, 0)
    assert (service.mode, waivers(session, service)) == (ServiceMode.LIVE, [])
    later = Decider(None, "Again.", NOON + timedelta(days=9))
    assert go_live(session, service, later, GATE_SETTINGS) is GoLiveRefusal.ALREADY_LIVE


def test_what_is_waived_is_kept_with_its_reason_and_audited_and_holds_once(session):
    service = a_shadow(session)
    meet_gate(session, service)
    session.execute(delete(GateConfirmation).where(GateConfirmation.service_id == service.id))
    one = {ConditionId.EXPECTED_TEXT}
    closed = go_live(session, service, SIGNED, GATE_SETTINGS, waive=one)
    assert isinstance(closed, GateClosed)
    assert [each.id for each in closed.unmet] == [ConditionId.SHADOW_LOOKED_AT]
    assert go_live(session, service, SIGNED, GATE_SETTINGS, waive=WAIVE) == WentLive(0, 0)
    assert set(waivers(session, service)) == {(each, "Signed off.") for each in WAIVE}
    audited = [row for row in session.scalars(select(AuditRow)) if row.action == "waive-condition"]
    assert {(row.details["condition"], row.details["reason"]) for row in audited} == {
        (each, "Signed off.") for each in WAIVE
    }
    assert set(sending_history(session, service.id)[0].details["waived"]) == WAIVE
    service.mode = ServiceMode.PAUSED
    session.flush()
    again = go_live(session, service, SIGNED, GATE_SETTINGS)
    assert isinstance(again, GateClosed)
    assert {each.id for each in again.unmet} == WAIVE


@pytest.mark.parametrize("condition", sorted(set(ConditionId) - WAIVE))
def test_the_others_cannot_be_waived_even_where_they_are_met(session, condition):
    service = a_shadow(session)
    meet_gate(session, service)
    closed = go_live(session, service, SIGNED, GATE_SETTINGS, waive={condition})
    assert closed == GateClosed((), (condition,))
    assert service.mode == ServiceMode.SHADOW


def test_a_waiver_of_what_is_met_is_none(session):
    service = a_shadow(session)
    meet_gate(session, service)
    assert go_live(session, service, SIGNED, GATE_SETTINGS, waive=WAIVE) == WentLive(0, 0)
    assert waivers(session, service) == []


@pytest.mark.parametrize("why", [None, ""])
def test_a_waiver_without_a_reason_is_refused(session, why):
    service = a_shadow(session)
    meet_gate(session, service)
    went = go_live(session, service, Decider(None, why, NOON), GATE_SETTINGS, waive=WAIVE)
    assert went is GoLiveRefusal.WAIVER_WITHOUT_REASON
    assert service.mode == ServiceMode.SHADOW


def test_two_at_once_go_live_once(database):
    with database.write(Scope.worker()) as session:
        service = a_shadow(session)
        meet_gate(session, service)
        session.execute(delete(GateConfirmation))
        service_id = service.id
    start = Barrier(2)

    def go(_: int) -> object:
        start.wait(10)
        with database.write(Scope.worker()) as session:
            found = session.get_one(Service, service_id)
            return go_live(session, found, SIGNED, GATE_SETTINGS, waive=WAIVE)

    with ThreadPoolExecutor(2) as pool:
        went = list(pool.map(go, range(2)))
    assert sorted(map(str, went)) == sorted([str(WentLive(0, 0)), str(GoLiveRefusal.ALREADY_LIVE)])
    with database.read(Scope.worker()) as session:
        assert len(session.scalars(select(GateWaiver)).all()) == len(WAIVE)
