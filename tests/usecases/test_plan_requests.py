"""Requests come and go with their cases: one a wave, ever, by programme and tier."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument, parse_instrument
from survey_app.domain.requests import EndReason, MessageKind, MessageState, RequestState, Wave
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.programmes import ProgrammeMissing
from survey_app.store.requests import ContactDecision, LinkToken, SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot, ProgrammeVersion, Service
from survey_app.usecases.add_service import add_service
from survey_app.usecases.plan_requests import PlanCounts, plan_requests
from tests.builders import a_case, a_person
from tests.store.statements import counted_statements
from tests.world import NOON

TODAY = NOON.date()


@pytest.fixture
def service(session: Session) -> Service:
    """A service that runs `standard`."""
    return add_service(session, name="Victim care", slug="ours", now=NOON)


def plan(session: Session, case: Case, today: date = TODAY) -> PlanCounts:
    """Plan one case at noon of a day."""
    service = session.get_one(Service, case.service_id)
    now = NOON + (today - TODAY)
    return plan_requests(session, service, [case.id], today, now)


def requests_of(session: Session, case: Case) -> dict[str, SurveyRequest]:
    """The case's requests by wave."""
    found = session.scalars(select(SurveyRequest).where(SurveyRequest.case_id == case.id))
    return {request.wave: request for request in found}


def a_new_case(session: Session, service: Service, **facts) -> Case:
    """A community case referred today."""
    return a_case(session, service, **{"referred_on": TODAY, "arrived_on": TODAY, **facts})


def a_closed_case(session: Session, service: Service, **facts) -> Case:
    """A community case referred long ago and closed today with two deliveries."""
    return a_case(session, service, **{"closed_on": TODAY, "closure_reason": "completed", **facts})


def a_response(session: Session, request: SurveyRequest, *, is_answered: bool) -> Response:
    """What someone said of the request's first instrument, so far."""
    key, version = request.instruments[0]
    instrument = session.scalars(
        select(InstrumentSnapshot).where(
            InstrumentSnapshot.key == key, InstrumentSnapshot.version == version
        )
    ).one()
    response = Response(
        service_id=request.service_id,
        case_id=request.case_id,
        wave=request.wave,
        request_id=request.id,
        instrument_id=instrument.id,
        mode="sms-link",
        language="en",
        started_at=NOON,
    )
    session.add(response)
    session.flush()
    session.add(
        Answer(
            response_id=response.id,
            item="feeling-safe",
            code="3" if is_answered else "",
            is_skipped=not is_answered,
            answered_at=NOON,
        )
    )
    session.flush()
    return response


def a_queued_text(session: Session, request: SurveyRequest) -> OutboxMessage:
    """A text that waits to be sent for a request."""
    token = LinkToken(
        request_id=request.id, token_hash=f"t{request.id}", key_id="k", created_at=NOON
    )
    session.add(token)
    session.flush()
    case = session.get_one(Case, request.case_id)
    message = OutboxMessage(
        service_id=request.service_id,
        request_id=request.id,
        person_id=case.person_id,
        token_id=token.id,
        kind=MessageKind.INVITATION,
        dedupe_key=f"{request.id}:invitation:0",
        state=MessageState.PENDING,
        due_at=NOON,
        created_at=NOON,
        provider="simulated",
        language="en",
        segments=1,
    )
    session.add(message)
    session.flush()
    return message


def test_a_new_case_is_asked_at_its_start_and_after_a_month(session: Session, service: Service):
    case = a_new_case(session, service)
    counts = plan(session, case)
    found = requests_of(session, case)
    assert set(found) == {Wave.BASELINE, Wave.REVIEW}
    assert (counts.created, counts.too_late) == (2, 0)
    baseline = found[Wave.BASELINE]
    assert baseline.due_at == datetime(2026, 11, 18, tzinfo=UTC)
    assert baseline.expires_at == datetime(2026, 12, 16, tzinfo=UTC)
    assert baseline.instruments == [["self-assessment", "1"]]
    assert (baseline.channels, baseline.channel) == (["sms"], "sms")
    assert baseline.reminder_days == [7, 14]
    assert baseline.tier is None
    assert baseline.state == RequestState.WAITING


def test_days_begin_at_londons_midnight(session: Session, service: Service):
    closed_in_summer = a_closed_case(session, service, closed_on=date(2026, 7, 1))
    plan(session, closed_in_summer, date(2026, 7, 2))
    closure = requests_of(session, closed_in_summer)[Wave.CLOSURE]
    assert closure.due_at == datetime(2026, 7, 3, 23, 0, tzinfo=UTC)
    autumn = a_closed_case(session, service, closed_on=date(2026, 10, 20))
    plan(session, autumn, date(2026, 10, 21))
    closure = requests_of(session, autumn)[Wave.CLOSURE]
    assert closure.due_at == datetime(2026, 10, 22, 23, 0, tzinfo=UTC)
    assert closure.expires_at == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "tier", "instruments", "channels"),
    [
        ({"deliveries": 1}, "1", ["self-assessment", "sus-tier-1"], ["sms"]),
        ({"deliveries": 3}, "2", ["self-assessment", "sus-tier-2"], ["sms", "phone"]),
        (
            {"deliveries": 1, "support_level": "caseworker"},
            "3",
            ["self-assessment", "short-satisfaction"],
            ["sms", "phone"],
        ),
    ],
)
def test_a_closed_case_is_asked_by_its_tier(
    session: Session, service: Service, facts, tier, instruments, channels
):
    case = a_closed_case(session, service, **facts)
    plan(session, case)
    closure = requests_of(session, case)[Wave.CLOSURE]
    assert closure.tier == tier
    assert [key for key, _ in closure.instruments] == instruments
    assert closure.channels == channels


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"deliveries": 0}, "no-delivery"),
        ({"support_level": "care-unit"}, "care-unit"),
        ({"closure_reason": "declined"}, "declined"),
    ],
)
def test_who_is_not_eligible_gets_no_closure_request(
    session: Session, service: Service, facts, reason
):
    case = a_closed_case(session, service, **facts)
    counts = plan(session, case)
    assert requests_of(session, case) == {}
    assert counts.not_asked[reason] == 1


def test_history_texts_nobody_and_is_counted_once_a_case(session: Session, service: Service):
    closed = a_closed_case(session, service, closed_on=TODAY - timedelta(days=15))
    opened = a_case(session, service, referred_on=TODAY - timedelta(days=60))
    in_time = a_closed_case(session, service, closed_on=TODAY - timedelta(days=14))
    counts = plan_requests(session, service, [closed.id, opened.id, in_time.id], TODAY, NOON)
    assert counts.too_late == 2
    assert requests_of(session, closed) == {}
    assert requests_of(session, opened) == {}
    assert set(requests_of(session, in_time)) == {Wave.CLOSURE}


def test_planning_again_changes_nothing(session: Session, service: Service):
    cases = [a_new_case(session, service), a_closed_case(session, service)]
    ids = [case.id for case in cases]
    plan_requests(session, service, ids, TODAY, NOON)
    decided = session.scalar(select(func.count(ContactDecision.id)))
    again = plan_requests(session, service, ids, TODAY, NOON)
    assert (again.created, again.updated, again.ended, again.revived) == (0, 0, 0, 0)
    assert session.scalar(select(func.count(ContactDecision.id))) == decided


def test_a_tier_is_worked_out_anew_until_someone_was_asked(session: Session, service: Service):
    case = a_closed_case(session, service, deliveries=2)
    plan(session, case)
    closure = requests_of(session, case)[Wave.CLOSURE]
    text = a_queued_text(session, closure)
    case.deliveries = 3
    assert plan(session, case).updated == 1
    session.refresh(text)
    assert text.state == MessageState.CANCELLED
    assert (closure.tier, closure.channels) == ("2", ["sms", "phone"])
    closure.first_text_accepted_at = NOON
    case.deliveries = 1
    assert plan(session, case).updated == 0
    assert closure.tier == "2"


def test_an_answer_fixes_the_tier_and_a_skipped_question_does_not(
    session: Session, service: Service
):
    case = a_closed_case(session, service, deliveries=2)
    plan(session, case)
    closure = requests_of(session, case)[Wave.CLOSURE]
    a_response(session, closure, is_answered=False)
    case.deliveries = 3
    assert plan(session, case).updated == 1
    session.execute(Answer.__table__.update().values(is_skipped=False, code="3"))
    case.deliveries = 1
    assert plan(session, case).updated == 0


def test_closing_ends_the_open_baseline_and_takes_its_text_back(session: Session, service: Service):
    case = a_new_case(session, service)
    plan(session, case)
    found = requests_of(session, case)
    text = a_queued_text(session, found[Wave.BASELINE])
    elsewhere = a_new_case(session, service)
    plan(session, elsewhere)
    noise = a_queued_text(session, requests_of(session, elsewhere)[Wave.BASELINE])
    case.closed_on, case.closure_reason = TODAY, "completed"
    counts = plan(session, case)
    assert (counts.ended, counts.created) == (2, 1)
    for wave in (Wave.BASELINE, Wave.REVIEW):
        assert found[wave].state == RequestState.WITHDRAWN
        assert found[wave].end_reason == EndReason.CASE_CLOSED
        assert found[wave].ended_at == NOON
    session.refresh(text)
    session.refresh(noise)
    assert (text.state, noise.state) == (MessageState.CANCELLED, MessageState.PENDING)


def test_what_was_answered_before_a_closing_counts_from_that_day(
    session: Session, service: Service
):
    case = a_new_case(session, service)
    plan(session, case)
    baseline = requests_of(session, case)[Wave.BASELINE]
    response = a_response(session, baseline, is_answered=True)
    case.closed_on, case.closure_reason = TODAY, "completed"
    plan(session, case, TODAY + timedelta(days=1))
    session.refresh(response)
    assert response.counts_on == TODAY + timedelta(days=1)


def test_a_reopened_case_ends_its_closure_request_and_closing_again_revives_it(
    session: Session, service: Service
):
    case = a_closed_case(session, service)
    plan(session, case)
    closure = requests_of(session, case)[Wave.CLOSURE]
    case.closed_on, case.closure_reason = None, None
    assert plan(session, case).ended == 1
    assert closure.end_reason == EndReason.CASE_REOPENED
    case.closed_on, case.closure_reason = TODAY + timedelta(days=5), "completed"
    counts = plan(session, case, TODAY + timedelta(days=5))
    assert (counts.revived, counts.created) == (1, 0)
    assert (closure.state, closure.end_reason, closure.ended_at) == ("waiting", None, None)
    assert closure.due_at == datetime(2026, 11, 26, tzinfo=UTC)
    assert len(requests_of(session, case)) == 1


def test_a_finished_request_is_never_made_again(session: Session, service: Service):
    case = a_closed_case(session, service)
    plan(session, case)
    closure = requests_of(session, case)[Wave.CLOSURE]
    closure.state, closure.end_reason = RequestState.COMPLETED, EndReason.ANSWERED
    case.deliveries = 5
    counts = plan(session, case)
    assert (counts.created, counts.updated, counts.revived) == (0, 0, 0)
    assert closure.tier == "1"


def test_a_request_keeps_the_programme_it_was_made_under(session: Session, service: Service):
    case = a_closed_case(session, service)
    plan(session, case)
    closure = requests_of(session, case)[Wave.CLOSURE]
    first = session.get_one(ProgrammeVersion, closure.programme_version_id)
    later = {**first.content, "closure": {"1": {**first.content["closure"]["1"], "after_days": 9}}}
    second = ProgrammeVersion(
        service_id=service.id,
        number=2,
        key="standard",
        content=later,
        content_hash="2",
        created_at=NOON,
    )
    session.add(second)
    session.flush()
    assert plan(session, case).updated == 0
    newer = a_closed_case(session, service)
    plan(session, newer)
    closure = requests_of(session, newer)[Wave.CLOSURE]
    assert closure.programme_version_id == second.id
    assert closure.due_at == datetime(2026, 11, 27, tzinfo=UTC)


def test_whoever_may_not_be_asked_is_decided_on_at_once(session: Session, service: Service):
    person = a_person(session, service, sms_consent="no")
    case = a_new_case(session, service, person=person)
    plan(session, case)
    baseline = requests_of(session, case)[Wave.BASELINE]
    assert (baseline.channel, baseline.refusal) == (None, "no-consent")


def test_instruments_are_kept_as_they_were_when_first_used(session: Session, service: Service):
    plan(session, a_new_case(session, service))
    plan(session, a_new_case(session, service))
    kept = session.scalars(select(InstrumentSnapshot)).all()
    assert [(one.key, one.version, one.kind) for one in kept] == [
        ("self-assessment", "1", "self-assessment")
    ]
    parsed = parse_instrument(kept[0].content)
    assert isinstance(parsed, Instrument)
    assert parsed.items[0].id == "health-and-wellbeing"


def test_another_services_cases_are_left_alone(session: Session, service: Service):
    theirs = add_service(session, name="Theirs", slug="theirs", now=NOON)
    case = a_new_case(session, theirs)
    plan_requests(session, service, [case.id], TODAY, NOON)
    assert requests_of(session, case) == {}


def test_a_service_without_a_programme_is_a_broken_expectation(session: Session):
    case = a_case(session)
    with pytest.raises(ProgrammeMissing):
        plan(session, case)


def test_planning_takes_as_many_queries_for_many_as_for_one(session: Session, service: Service):
    def some_cases(number: int) -> list[int]:
        return [
            (a_new_case if n % 2 else a_closed_case)(session, service).id for n in range(number)
        ]

    plan_requests(session, service, some_cases(2), TODAY, NOON)
    one, many = some_cases(2), some_cases(60)
    with counted_statements(session) as for_one:
        plan_requests(session, service, one, TODAY, NOON)
    with counted_statements(session) as for_many:
        counts = plan_requests(session, service, many, TODAY, NOON)
    assert counts.created == 90
    assert len(_but_inserts(for_many)) == len(_but_inserts(for_one))


def _but_inserts(statements: list[str]) -> list[str]:
    """SQLite inserts rows whose ids are wanted one by one; that costs no round trip."""
    return [s for s in statements if not s.startswith("INSERT INTO requests")]
