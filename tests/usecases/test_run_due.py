"""One pass does all that is due, once, and a second pass at the same instant does nothing."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from survey_app.domain.requests import MessageState, RequestState
from survey_app.messaging.tokens import find_by_token
from survey_app.settings import Settings
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.people import Person
from survey_app.store.requests import LinkToken, SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.run_due import run_due
from tests.builders import a_person, an_instrument
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS


@pytest.fixture
def process(database, clock) -> Runtime:
    """Settings, database and clock, as a worker holds them."""
    return Runtime(Settings(keys=TEST_KEYS), database, clock)


def due(process: Runtime, *numbers: str, channels=("sms",), **facts) -> list[int]:
    """Ids of due requests, one for each drama number, in one service."""
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        return [
            a_due_request(session, service, last_three=number, channels=list(channels), **facts).id
            for number in numbers
        ]


def person_of(session, request_id: int) -> Person:
    message = select(OutboxMessage.person_id).where(OutboxMessage.request_id == request_id)
    return session.get_one(Person, session.scalars(message).first())


def a_request_now(process: Runtime, request_id: int) -> SurveyRequest:
    with process.database.read(Scope.worker()) as session:
        return session.get_one(SurveyRequest, request_id)


def texts(process: Runtime) -> list[OutboxMessage]:
    with process.database.read(Scope.worker()) as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def told(process: Runtime) -> list[tuple[str, str, str | None]]:
    return [(m.kind, m.state, m.reason) for m in texts(process)]


def bodies(process: Runtime) -> list[str]:
    with process.database.read() as session:
        return [t.body for t in session.scalars(select(SimulatedText).order_by(SimulatedText.id))]


def after(**delta: float) -> datetime:
    return NOON + timedelta(**delta)


def test_a_due_request_is_invited_sent_and_delivered_in_one_pass(process):
    [request_id] = due(process, "123")
    counts = run_due(process, NOON).as_json()
    request = a_request_now(process, request_id)
    assert (counts["invitations"], counts["sent"], counts["delivered"]) == (1, 1, 1)
    assert told(process) == [("invitation", "delivered", None)]
    assert (request.state, request.first_text_accepted_at) == (RequestState.ASKED, NOON)
    assert (request.reached_at, request.is_contactable) == (NOON, True)
    assert run_due(process, NOON).is_empty


def test_the_link_that_arrives_leads_to_the_request_also_when_sent_in_the_future(process):
    [request_id] = due(process, "123", due_at=after(days=3))
    run_due(process, after(days=3))
    [body] = bodies(process)
    token = body.split("/s/")[1].split()[0]
    with process.database.read(Scope.victim()) as session:
        found = find_by_token(session, token)
        assert found is not None
        assert found.request_id == request_id


@pytest.mark.parametrize(
    "facts",
    [
        {"due_at": NOON + timedelta(seconds=1)},
        {"state": RequestState.WITHDRAWN},
        {"state": RequestState.COMPLETED},
        {"channel": "phone", "channels": ["phone"]},
    ],
)
def test_what_is_not_due_open_and_by_text_gets_none(process, facts):
    due(process, "123", **facts)
    counts = run_due(process, NOON).as_json()
    assert (counts["invitations"], counts["sent"]) == (0, 0)
    assert bodies(process) == []


def test_a_person_who_may_not_be_texted_is_refused_with_the_reason_and_moved_to_the_next_channel(
    process,
):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service, sms_consent="no", call_safe="yes")
        ids = [
            a_due_request(session, service, person, channels=["sms", "phone"]).id,
        ]
    counts = run_due(process, NOON)
    request = a_request_now(process, ids[0])
    assert counts.as_json()["refused"] == {"no-consent": 1}
    assert (request.channel, request.refusal) == ("phone", "no-consent")
    assert texts(process) == []


def test_someone_refused_is_asked_about_again_and_texted_once_the_reason_is_gone(process):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service, sms_safe=None)
        a_due_request(session, service, person)
        person_id = person.id
    run_due(process, NOON)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(Person).where(Person.id == person_id).values(sms_safe="yes"))
    assert run_due(process, after(minutes=5), with_refused=False).is_empty
    assert run_due(process, after(minutes=5)).as_json()["sent"] == 1


def test_a_text_outside_safe_hours_waits_in_the_outbox_and_leaves_at_the_first_safe_moment(process):
    due(process, "123")
    night, morning = NOON.replace(hour=23), NOON.replace(hour=9) + timedelta(days=1)
    assert run_due(process, night).as_json()["deferred"] == 1
    [message] = texts(process)
    assert (message.state, message.reason) == (MessageState.PENDING, "outside-safe-hours")
    assert message.due_at == morning
    assert run_due(process, morning - timedelta(seconds=1)).is_empty
    assert run_due(process, morning).as_json()["sent"] == 1


def test_a_number_marked_unsafe_between_queueing_and_sending_is_not_texted(process):
    [request_id] = due(process, "123")
    run_due(process, NOON.replace(hour=23))
    with process.database.write(Scope.worker()) as session:
        person_of(session, request_id).sms_safe = "no"
    counts = run_due(process, after(days=1)).as_json()
    assert (counts["sent"], counts["cancelled"]) == (0, {"unsafe": 1})
    assert bodies(process) == []


def test_reminders_follow_the_first_text_each_with_a_fresh_link_and_the_old_one_still_works(
    process,
):
    [request_id] = due(process, "123")
    for day in (0, 6, 7, 8, 14, 15, 20):
        run_due(process, after(days=day))
    kinds = [(m.kind, m.ordinal, m.state, m.sent_at) for m in texts(process)]
    assert kinds == [
        ("invitation", 0, "delivered", NOON),
        ("reminder", 1, "delivered", after(days=7)),
        ("reminder", 2, "delivered", after(days=14)),
    ]
    tokens = [body.split("/s/")[1].split()[0] for body in bodies(process)]
    assert len(set(tokens)) == 3
    with process.database.read(Scope.victim()) as session:
        found = [find_by_token(session, token) for token in tokens]
    assert [token.request_id for token in found if token] == [request_id] * 3


@pytest.mark.parametrize(
    "state", [RequestState.COMPLETED, RequestState.WITHDRAWN, RequestState.EXPIRED]
)
@pytest.mark.writes_past_the_models
def test_a_finished_request_is_not_reminded(process, state):
    due(process, "123")
    run_due(process, NOON)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(SurveyRequest).values(state=state))
    assert run_due(process, after(days=7)).is_empty


def test_a_started_but_unfinished_request_is_reminded(process):
    due(process, "123")
    run_due(process, NOON)
    with process.database.write(Scope.worker()) as session:
        session.execute(update(SurveyRequest).values(state=RequestState.STARTED))
    assert run_due(process, after(days=7)).as_json()["reminders"] == 1


def test_a_reminder_is_a_decision_of_its_own(process):
    [request_id] = due(process, "123")
    run_due(process, NOON)
    with process.database.write(Scope.worker()) as session:
        person_of(session, request_id).sms_safe = "no"
    counts = run_due(process, after(days=7)).as_json()
    assert (counts["reminders"], counts["refused"]) == (0, {"unsafe": 1})


def test_a_text_is_listed_as_due_when_it_was_due_though_it_leaves_later(process):
    due(process, "123", due_at=after(hours=-30))
    for day in (0, 9):
        run_due(process, after(days=day))
    assert [m.due_at for m in texts(process)] == [after(hours=-30), after(days=7)]


def test_nobody_gets_two_reminders_at_once_after_a_pause(process):
    due(process, "123")
    run_due(process, NOON)
    run_due(process, after(days=20))
    run_due(process, after(days=21))
    assert [(m.kind, m.ordinal) for m in texts(process)] == [("invitation", 0), ("reminder", 2)]


def test_a_request_that_runs_out_of_time_ends_on_its_own_day_and_its_answers_count_from_it(process):
    # 00:30 on 1 July in London is still 30 June in UTC.
    ends = datetime.fromisoformat("2027-06-30T23:30:00+00:00")
    [request_id] = due(process, "123", expires_at=ends, state="started")
    with process.database.write(Scope.worker()) as session:
        request = session.get_one(SurveyRequest, request_id)
        snapshot = an_instrument(session, "k", {"kind": "survey"})
        session.add(
            Response(
                service_id=request.service_id,
                case_id=request.case_id,
                wave=request.wave,
                request_id=request.id,
                instrument_id=snapshot.id,
                mode="sms-link",
                language="en",
                started_at=NOON,
            )
        )
    assert run_due(process, ends - timedelta(seconds=1)).expired == 0
    assert run_due(process, ends + timedelta(days=3)).expired == 1
    request = a_request_now(process, request_id)
    assert (request.state, request.end_reason, request.ended_at) == ("expired", "expired", ends)
    with process.database.read(Scope.worker()) as session:
        response = session.scalars(select(Response)).one()
        assert (response.counts_on, response.is_complete) == (date(2027, 7, 1), False)


def test_a_text_that_still_waits_when_its_request_expires_is_cancelled_and_erased(process):
    due(process, "123", expires_at=after(days=1))
    run_due(process, NOON.replace(hour=23))
    run_due(process, after(days=2))
    [message] = texts(process)
    assert (message.state, message.reason) == (MessageState.CANCELLED, "request-expired")
    assert message.body is None


def test_every_misbehaving_number_ends_as_documented(process):
    numbers = [str(n) for n in range(990, 1000)]
    ids = due(process, *numbers)
    run_due(process, NOON)

    def by_number() -> dict[str, tuple[str, str | None]]:
        found = {m.request_id: (m.state, m.reason) for m in texts(process)}
        return {number: found[i] for number, i in zip(numbers, ids, strict=True)}

    assert by_number() == {
        "990": ("failed", "undelivered"),
        "991": ("failed", "rejected"),
        "992": ("failed", "opted-out"),
        "993": ("pending", "rate-limited"),
        "994": ("unknown", "timed-out"),
        "995": ("unknown", "timed-out"),
        "996": ("accepted", None),
        "997": ("delivered", None),
        "998": ("delivered", None),
        "999": ("failed", "undelivered"),
    }
    for minutes in range(4, 61, 4):
        run_due(process, after(minutes=minutes))
    later = by_number()
    assert {n: later[n] for n in ("993", "994", "995", "996")} == {
        "993": ("delivered", None),
        "994": ("delivered", None),
        "995": ("unknown", "a-person-decides"),
        "996": ("delivered", None),
    }
    assert len(bodies(process)) == len(set(bodies(process))) + 1


def test_the_same_person_asked_for_two_cases_gets_one_first_text_in_fourteen_days(process):
    with process.database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        person = a_person(session, service)
        for _ in range(2):
            a_due_request(session, service, person, expires_at=after(days=60))
    for day in (0, 1, 13):
        run_due(process, after(days=day), with_refused=True)
    invitations = [m for m in texts(process) if m.kind == "invitation"]
    assert [m.state for m in invitations] == ["delivered", "pending"]
    assert invitations[1].due_at == after(days=14)
    run_due(process, after(days=14))
    assert [m.state for m in texts(process) if m.kind == "invitation"] == ["delivered"] * 2


def test_a_paused_service_sends_nothing_and_others_go_on(process):
    [held] = due(process, "123")
    [goes] = due(process, "124")
    with process.database.write(Scope.worker()) as session:
        first = session.scalars(select(Service).order_by(Service.id)).first()
        assert first is not None
        first.mode = "paused"
    assert run_due(process, NOON).as_json()["sent"] == 1
    assert a_request_now(process, held).state == RequestState.WAITING
    assert a_request_now(process, goes).state == RequestState.ASKED


def test_more_requests_than_fit_one_batch_are_all_asked(process, monkeypatch):
    monkeypatch.setattr("survey_app.usecases.run_due.BATCH", 3)
    due(process, *(f"{n:03d}" for n in range(10)))
    counts = run_due(process, NOON).as_json()
    assert (counts["invitations"], counts["sent"], counts["delivered"]) == (10, 10, 10)


def test_a_pass_asked_to_stop_does_nothing_more(process):
    due(process, "123")
    assert run_due(process, NOON, should_stop=lambda: True).is_empty
    with process.database.read() as session:
        assert session.scalar(select(func.count(LinkToken.id))) == 0


def test_without_a_given_instant_the_clock_decides(process, clock):
    due(process, "123", due_at=after(hours=1))
    assert run_due(process).is_empty
    clock.move(hours=1)
    assert run_due(process).as_json()["sent"] == 1
