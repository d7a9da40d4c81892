"""Invited while a trial runs: in which arm, with which text, at what time, or why left out."""

import re
from datetime import date, time, timedelta
from threading import Thread

import pytest
from sqlalchemy import event, select

from survey_app.domain.requests import USUAL_WORDING, InvitationWording, MessageKind
from survey_app.domain.trials import Arm, TrialState
from survey_app.messaging.expected import expected_text
from survey_app.messaging.outbox import cancel_queued
from survey_app.settings import Settings
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.people import Person
from survey_app.store.person_standings import person_standings
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.trials import people_in_trial
from survey_app.usecases.decider import Decider
from survey_app.usecases.invite import invite_due
from survey_app.usecases.place_in_trials import invitation_wordings
from survey_app.usecases.resend_text import resend_text
from survey_app.usecases.run_due import run_due
from survey_app.usecases.run_trial import TRIAL_ENDED, end_trial
from tests.builders import a_person
from tests.messaging.queued import SETTINGS
from tests.spoiled import spoil_in
from tests.texting import a_due_request, a_texting_service
from tests.trials import (
    SEND_TIME,
    WORDING,
    a_trial,
    london,
    one_in_each_arm,
    somebody_in,
    trial_of,
)
from tests.world import NOON, TEST_KEYS

QUESTION = "How are you now? You said we may ask."
USUAL = "You said we may ask how you are."


@pytest.fixture
def service(session):
    return a_texting_service(session)


def invite(session, now=NOON):
    invite_due(session, SETTINGS, now)


def text_of(session, request_id: int, kind: str = "invitation") -> OutboxMessage:
    return session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.request_id == request_id, OutboxMessage.kind == kind
        )
    ).one()


def placed(session, request_id: int) -> tuple[bool, str | None, str | None]:
    request = session.get_one(SurveyRequest, request_id)
    return request.trial_id is not None, request.trial_arm, request.trial_left_out


def test_without_a_trial_nothing_is_tried(session, service):
    ids = one_in_each_arm(session, service)
    a_trial(session, a_texting_service(session))
    invite(session)
    for request_id in ids.values():
        message = text_of(session, request_id)
        assert (USUAL in (message.body or ""), message.wording) == (True, None)
        assert message.due_at == NOON
        assert placed(session, request_id) == (False, None, None)


def test_a_trial_whose_key_cannot_be_read_tries_nothing_and_everybody_is_asked_as_usual(
    session, service
):
    ids = one_in_each_arm(session, service)
    spoil_in(session, "trials", "key", a_trial(session, service).id)
    invite(session)
    for request_id in ids.values():
        message = text_of(session, request_id)
        assert (USUAL in (message.body or ""), message.wording) == (True, None)
        assert placed(session, request_id) == (False, None, None)


def test_whose_birth_date_cannot_be_read_may_be_young_and_is_in_no_trial(session, service):
    [first, second] = (a_person(session, service, date_of_birth=date(1980, 1, 1)) for _ in "12")
    spoil_in(session, "people", "date_of_birth", second.id)
    standings = person_standings(session, [first.id, second.id])
    assert not standings[first.id].is_young_person
    assert standings[second.id].is_young_person


def test_without_a_trial_queueing_asks_one_query_more_at_most(session, service):
    one_in_each_arm(session, service)
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    invite(session)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    assert sum("trials" in statement for statement in seen) == 1


def test_a_trial_that_has_not_started_changes_nothing(session, service):
    a_trial(session, service, started_at=None, key=None)
    ids = one_in_each_arm(session, service)
    invite(session)
    assert [text_of(session, i).wording for i in ids.values()] == [None, None]
    assert [placed(session, i) for i in ids.values()] == [(False, None, None)] * 2


def test_each_arm_gets_its_wording_and_nothing_else_differs(session, service):
    a_trial(session, service)
    ids = one_in_each_arm(session, service)
    invite(session)
    first, second = (text_of(session, ids[arm]) for arm in Arm)
    assert placed(session, ids[Arm.FIRST]) == (True, "first", None)
    assert placed(session, ids[Arm.SECOND]) == (True, "second", None)
    assert (USUAL in (first.body or ""), first.wording) == (True, None)
    assert (QUESTION in (second.body or ""), second.wording) == (True, "question-first")
    assert (first.due_at, first.reason) == (second.due_at, second.reason) == (NOON, None)


LEFT_OUT = [
    ({"flags": "high-risk"}, {}, "flagged"),
    ({"flags": "vulnerable"}, {}, "flagged"),
    ({"flags": "domestic-abuse"}, {"sms_preferred": "yes"}, "flagged"),
    ({"flags": "bereaved", "released_at": NOON}, {}, "flagged"),
    ({"flags": "homicide", "released_at": NOON}, {}, "flagged"),
    # The service's own map is empty: the usual one counts all the same.
    ({"crime_category": "Hate crime"}, {"sms_preferred": "yes"}, "flagged"),
    ({"is_young_person": True}, {}, "young"),
    ({}, {"date_of_birth": date(2009, 1, 1)}, "young"),
    ({}, {"created_at": NOON - timedelta(minutes=1)}, "known-before"),
]


@pytest.mark.parametrize(("case", "person", "reason"), LEFT_OUT)
def test_whoever_is_left_out_gets_the_usual_text_and_the_reason_is_noted(
    session, service, case, person, reason
):
    a_trial(session, service)
    them = somebody_in(session, service, Arm.SECOND, **person)
    request = a_due_request(session, service, them, case=case)
    invite(session)
    message = text_of(session, request.id)
    assert (USUAL in (message.body or ""), message.wording) == (True, None)
    assert placed(session, request.id) == (True, None, reason)


def test_a_person_of_no_case_has_no_recorded_flags_and_is_told_the_usual_wording(session, service):
    a_trial(session, service)
    them = somebody_in(session, service, Arm.SECOND)
    assert invitation_wordings(session, [them], NOON) == {them.id: USUAL_WORDING}


def test_a_flag_of_another_case_of_the_person_counts(session, service):
    a_trial(session, service)
    them = somebody_in(session, service, Arm.SECOND)
    request = a_due_request(session, service, them)
    a_due_request(session, service, them, case={"flags": "high-risk"}, state="completed")
    invite(session)
    assert placed(session, request.id) == (True, None, "flagged")


def test_whoever_is_called_is_in_no_trial(session, service):
    a_trial(session, service)
    them = somebody_in(session, service, Arm.SECOND, sms_consent="no", call_safe="yes")
    request = a_due_request(session, service, them, channels=["sms", "phone"])
    invite(session)
    assert (request.channel, placed(session, request.id)) == ("phone", (False, None, None))


def test_a_person_stays_in_their_arm_over_cases_and_texts_written_anew(session, service):
    a_trial(session, service)
    them = somebody_in(session, service, Arm.SECOND)
    one = a_due_request(session, service, them)
    other = a_due_request(session, service, them, due_at=NOON + timedelta(days=1))
    invite(session)
    cancel_queued(session, person_ids=[them.id], reason="safety-changed", now=NOON)
    invite(session, NOON + timedelta(days=1))
    for request in (one, other):
        assert placed(session, request.id) == (True, "second", None)
        assert QUESTION in (text_of(session, request.id).body or "")


def test_a_flag_that_comes_later_takes_the_text_back_to_the_usual_one_and_the_arm_stands(
    session, service
):
    a_trial(session, service)
    them = somebody_in(session, service, Arm.SECOND)
    request = a_due_request(session, service, them)
    invite(session)
    session.get_one(Case, request.case_id).flags = "high-risk"
    cancel_queued(session, person_ids=[them.id], reason="safety-changed", now=NOON)
    invite(session)
    message = text_of(session, request.id)
    assert (USUAL in (message.body or ""), message.wording) == (True, None)
    assert placed(session, request.id) == (True, "second", None)


def test_it_ends_when_its_size_is_reached_and_who_came_meanwhile_keeps_their_wording(
    session, service
):
    trial = a_trial(session, service, size=2)
    ids = one_in_each_arm(session, service)
    late = a_due_request(session, service, somebody_in(session, service, Arm.SECOND))
    invite(session)
    assert (trial.state, trial.ended_by) == (TrialState.ENDED, "size-reached")
    assert [placed(session, i)[1] for i in ids.values()] == ["first", "second"]
    assert placed(session, late.id) == (False, None, None)
    assert QUESTION in (text_of(session, late.id).body or "")
    after = a_due_request(
        session,
        service,
        somebody_in(session, service, Arm.SECOND, created_at=NOON + timedelta(hours=1)),
    )
    invite(session, NOON + timedelta(hours=1))
    assert USUAL in (text_of(session, after.id).body or "")
    assert placed(session, after.id) == (False, None, None)


def test_the_same_person_twice_counts_once_towards_its_size(session, service):
    trial = a_trial(session, service, size=2)
    them = somebody_in(session, service, Arm.SECOND)
    for _ in range(3):
        a_due_request(session, service, them)
    invite(session)
    assert trial.state is TrialState.RUNNING


@pytest.mark.parametrize(("is_kept", "words"), [(True, QUESTION), (False, USUAL)])
def test_whoever_ends_it_says_whether_the_second_wording_still_goes_out(
    session, service, is_kept, words
):
    trial = a_trial(session, service)
    waiting = a_due_request(session, service, somebody_in(session, service, Arm.SECOND))
    coming = somebody_in(session, service, Arm.SECOND)
    invite(session)
    by = Decider(trial.drafted_by_id, "Complaints.", NOON + timedelta(minutes=1))
    assert end_trial(session, trial, by, is_kept=is_kept) is None
    message = text_of(session, waiting.id)
    assert (message.state, message.reason) == (
        ("pending", None) if is_kept else ("cancelled", TRIAL_ENDED)
    )
    later = a_due_request(session, service, coming)
    invite(session, NOON + timedelta(minutes=2))
    assert words in (text_of(session, waiting.id).body or "")
    assert words in (text_of(session, later.id).body or "")
    assert placed(session, later.id) == (False, None, None)


def test_what_the_card_shows_is_what_comes_word_for_word(session, service):
    a_trial(session, service)
    people = [somebody_in(session, service, arm) for arm in Arm]
    people.append(somebody_in(session, service, Arm.SECOND, created_at=NOON - timedelta(days=9)))
    requests = [a_due_request(session, service, person) for person in people]
    shown = invitation_wordings(session, people, NOON)
    assert [shown[person.id] for person in people] == [
        USUAL_WORDING,
        InvitationWording.QUESTION_FIRST,
        USUAL_WORDING,
    ]
    invite(session)
    for person, request in zip(people, requests, strict=True):
        card = expected_text(
            MessageKind.INVITATION,
            service=session.get_one(Service, service.id),
            settings=SETTINGS,
            language="en",
            person=person,
            invitation=shown[person.id],
        )
        body = text_of(session, request.id).body or ""
        assert re.sub(r"/s/[0-9a-z]{12}", "/s/" + "x" * 12, body) == card.body


def test_an_invitation_sent_again_keeps_its_wording(session, service):
    a_trial(session, service)
    request = a_due_request(session, service, somebody_in(session, service, Arm.SECOND))
    invite(session)
    message = text_of(session, request.id)
    message.state, message.failure_code = "failed", "30003"
    session.flush()
    resend_text(session, message.id, Decider(None, "Again.", NOON), SETTINGS)
    again = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert again is not None
    assert (again.id != message.id, again.wording) == (True, "question-first")


def test_two_times_of_day_are_kept_and_safe_hours_win(session, service):
    a_trial(session, service, SEND_TIME, started_at=london(0))
    ids = one_in_each_arm(session, service)
    mornings = {"safe_from": time(9), "safe_until": time(12)}
    early = a_due_request(session, service, somebody_in(session, service, Arm.SECOND, **mornings))
    known = somebody_in(session, service, Arm.SECOND, created_at=NOON - timedelta(days=9))
    longer = a_due_request(session, service, known)
    for request_id in (*ids.values(), early.id, longer.id):
        session.get_one(SurveyRequest, request_id).due_at = london(0)
    invite(session, london(0))
    due = {i: (text_of(session, i).due_at, text_of(session, i).reason) for i in ids.values()}
    assert due == {ids[Arm.FIRST]: (london(10), None), ids[Arm.SECOND]: (london(17), None)}
    assert text_of(session, early.id).due_at == london(9)
    assert text_of(session, early.id).reason == "outside-safe-hours"
    assert placed(session, early.id) == (True, "second", None)
    assert text_of(session, longer.id).due_at == london(17)
    assert all(text_of(session, i).wording is None for i in ids.values())


def test_a_time_that_is_over_today_is_that_time_tomorrow(session, service):
    a_trial(session, service, SEND_TIME)
    ids = one_in_each_arm(session, service)
    invite(session, NOON)
    assert text_of(session, ids[Arm.FIRST]).due_at == london(10, days=1)
    assert text_of(session, ids[Arm.SECOND]).due_at == london(17)


def test_when_a_time_of_day_is_ended_by_somebody_what_is_written_anew_goes_at_once(
    session, service
):
    trial = a_trial(session, service, SEND_TIME)
    ids = one_in_each_arm(session, service)
    invite(session)
    end_trial(session, trial, Decider(trial.drafted_by_id, "Enough.", NOON))
    cancel_queued(session, request_ids=list(ids.values()), reason="plan-changed", now=NOON)
    invite(session)
    assert {text_of(session, i).due_at for i in ids.values()} == {NOON}


def test_whole_passes_send_each_arm_at_its_hour_and_remind_alike(database, clock):
    process = Runtime(Settings(keys=TEST_KEYS), database, clock)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        a_trial(session, service, SEND_TIME, started_at=london(0))
        ids = one_in_each_arm(session, service, due_at=london(0))
    for hour in (0, 9, 10, 16, 17):
        run_due(process, london(hour))
    for day in (7, 8):
        run_due(process, london(17, days=day))
    with database.read(Scope.worker()) as session:
        sent = {arm: text_of(session, ids[arm]).sent_at for arm in Arm}
        assert sent == {Arm.FIRST: london(10), Arm.SECOND: london(17)}
        reminders = [text_of(session, ids[arm], "reminder") for arm in Arm]
        assert [(text.state, text.wording) for text in reminders] == [("delivered", None)] * 2
        bodies = session.scalars(select(SimulatedText.body)).all()
        assert sum("A reminder" in body for body in bodies) == 2


def test_a_pass_ends_a_trial_that_is_over(database, clock):
    process = Runtime(Settings(keys=TEST_KEYS), database, clock)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        a_trial(session, service, WORDING)
        service_id = service.id
    run_due(process, NOON + timedelta(days=91))
    with database.read(Scope.worker()) as session:
        assert trial_of(session, service_id).ended_by == "last-day-over"


def test_people_of_another_service_are_not_placed(session, service):
    a_trial(session, service)
    theirs = a_texting_service(session)
    request = a_due_request(session, theirs, a_person(session, theirs))
    invite(session)
    assert placed(session, request.id) == (False, None, None)
    people = session.scalars(select(Person)).all()
    assert set(invitation_wordings(session, people, NOON).values()) == {USUAL_WORDING}


def test_a_tried_wording_does_not_leave_once_a_flag_came_up_however_it_came(database, clock):
    process = Runtime(Settings(keys=TEST_KEYS), database, clock)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        a_trial(session, service)
        them = somebody_in(session, service, Arm.SECOND, sms_preferred="yes")
        request = a_due_request(session, service, them)
        invite(session)
        assert QUESTION in (text_of(session, request.id).body or "")
        # Behind the back of whatever takes queued texts back.
        session.get_one(Case, request.case_id).flags = "domestic-abuse"
    assert run_due(process, NOON).as_json()["cancelled"] == {"flagged-since": 1}
    run_due(process, NOON)
    with database.read(Scope.worker()) as session:
        [came] = session.scalars(select(SimulatedText.body)).all()
        assert USUAL in came


def test_two_passes_at_once_keep_to_the_size_together(database):
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session)
        a_trial(session, service, size=5)
        for _ in range(16):
            a_due_request(session, service)
        service_id = service.id
    faults: list[BaseException] = []

    def pass_over() -> None:
        last_id: int | None = 0
        try:
            while last_id is not None:
                with database.write(Scope.worker()) as session:
                    last_id = invite_due(session, SETTINGS, NOON, after_id=last_id, limit=2).last_id
        except BaseException as fault:  # Seen by the test, not by the thread alone.
            faults.append(fault)

    threads = [Thread(target=pass_over) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read(Scope.worker()) as session:
        trial = trial_of(session, service_id)
        ends = session.scalars(select(AuditRow).where(AuditRow.action == "end-trial")).all()
        assert faults == []
        assert len(people_in_trial(session, trial.id)) == 5
        assert (trial.ended_by, len(ends)) == ("size-reached", 1)
        assert len(session.scalars(select(OutboxMessage)).all()) == 16
