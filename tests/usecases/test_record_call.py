"""What follows from a call: for the ladder, for the person's safety, and for the answers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.answers import Answer
from survey_app.domain.calls import TRY_AGAIN_AFTER, CallBackRefusal, CallOutcome
from survey_app.domain.paper import PaperAnswers
from survey_app.domain.periods import parse
from survey_app.domain.requests import Mode, RequestState
from survey_app.messaging.tokens import new_token
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.store.alerts import Alert
from survey_app.store.calls import CallTurn
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer as AnswerRow
from survey_app.store.responses import Response
from survey_app.usecases.answer_by_phone import Saved, answer_by_phone, call_sheet
from survey_app.usecases.call_list import call_list
from survey_app.usecases.record_call import Ended, record_call
from survey_app.usecases.respond.questionnaire import Shelf
from survey_app.usecases.take_call import Caller, CallRefusal, take_call
from tests.calls import BY_PHONE, a_call, a_caller, taken
from tests.messaging.queued import queue
from tests.texting import a_texting_service
from tests.usecases.respondent import Respondent
from tests.world import NOON

CLOSED = {"closed_on": date(2026, 11, 10), "closure_reason": "completed"}


def end(session: Session, request: SurveyRequest, outcome: CallOutcome) -> object:
    return record_call(session, request.id, Ended(outcome), taken(session, request))


def marks(request: SurveyRequest) -> tuple[bool, bool]:
    """Asked and reached, as the ladder counts them."""
    return request.call_made_at is not None, request.reached_at is not None


def is_listed(session: Session, request: SurveyRequest) -> bool:
    found = call_list(session, request.service_id, 0, NOON + timedelta(days=1))
    return request.id in [row.request_id for row in found.rows]


def person_of(session: Session, request: SurveyRequest) -> Person:
    return session.get_one(Person, session.get_one(Case, request.case_id).person_id)


@pytest.mark.parametrize(
    ("outcome", "expected", "stays"),
    [
        (CallOutcome.NO_ANSWER, (False, False), True),
        (CallOutcome.REFUSED, (True, True), False),
        (CallOutcome.WRONG_NUMBER, (False, False), False),
        (CallOutcome.UNSAFE, (True, False), False),
    ],
)
def test_each_outcome_counts_as_far_as_it_got(session: Session, outcome, expected, stays):
    request = a_call(session)
    assert end(session, request, outcome) is None
    assert marks(request) == expected
    assert is_listed(session, request) is stays
    assert session.scalars(select(CallTurn)).all() == []


def test_nobody_answering_counts_as_asked_from_the_second_call_on(session: Session):
    request = a_call(session)
    caller = taken(session, request)
    record_call(session, request.id, Ended(CallOutcome.NO_ANSWER), caller)
    later = Caller(caller.account_id, caller.service_id, NOON + TRY_AGAIN_AFTER)
    assert take_call(session, request.id, later) is None
    record_call(session, request.id, Ended(CallOutcome.NO_ANSWER), later)
    assert (request.call_made_at, request.reached_at) == (later.now, None)
    assert request.state == RequestState.ASKED
    assert not is_listed(session, request)


def test_a_time_to_ring_back_is_kept_only_where_it_is_safe(session: Session):
    request = a_call(session, person={"safe_until": (NOON + timedelta(hours=3)).time()})
    too_late = NOON + timedelta(hours=4)
    caller = taken(session, request)
    outside = record_call(session, request.id, Ended(CallOutcome.CALL_BACK, too_late), caller)
    assert outside is CallBackRefusal.OUTSIDE_SAFE_HOURS
    assert marks(request) == (False, False)
    at = NOON + timedelta(hours=2)
    assert record_call(session, request.id, Ended(CallOutcome.CALL_BACK, at), caller) is None
    assert marks(request) == (True, True)
    early = a_caller(session, request.service_id, NOON + timedelta(minutes=90))
    assert take_call(session, request.id, early) is CallRefusal.NOT_YET
    assert is_listed(session, request)


def test_who_refuses_is_neither_texted_nor_reminded_any_more(session: Session):
    request = a_call(session)
    text = queue(session, request)
    end(session, request, CallOutcome.REFUSED)
    assert session.get_one(OutboxMessage, text.id, populate_existing=True).state == "cancelled"
    assert request.reminder_days == []
    assert RequestState(request.state).is_open


def test_a_strangers_number_is_doubted_and_its_texts_are_taken_back(session: Session):
    request = a_call(session)
    text = queue(session, request)
    end(session, request, CallOutcome.WRONG_NUMBER)
    person = person_of(session, request)
    assert (person.sms_safe, person.call_safe) == ("unknown", "unknown")
    assert person.number_changed_at == NOON
    assert session.get_one(OutboxMessage, text.id, populate_existing=True).state == "cancelled"
    assert request.refusal == "number-changed"


def test_an_unsafe_call_stops_calls_and_tells_the_caseworker(session: Session):
    request = a_call(session)
    end(session, request, CallOutcome.UNSAFE)
    assert person_of(session, request).call_safe == "no"
    (alert,) = session.scalars(select(Alert)).all()
    assert (alert.kind, alert.case_id, alert.request_id) == (
        "unsafe-call",
        request.case_id,
        request.id,
    )
    assert alert.due_at > NOON
    assert alert.is_urgent


def test_a_call_is_written_down_by_whoever_took_it_while_the_request_is_open(session: Session):
    request = a_call(session)
    stranger = a_caller(session, request.service_id)
    refused = Ended(CallOutcome.REFUSED)
    assert record_call(session, request.id, refused, stranger) is CallRefusal.NOT_MINE
    caller = taken(session, request)
    assert record_call(session, request.id, refused, stranger) is CallRefusal.TAKEN
    request.state = RequestState.COMPLETED
    session.flush()
    assert record_call(session, request.id, refused, caller) is CallRefusal.ENDED
    assert say(session, request, caller, satisfied="satisfied") is CallRefusal.ENDED


def say(session: Session, request: SurveyRequest, caller: Caller, **codes: str) -> object:
    """Enter these answers, by item, in the first instrument of the request."""
    key = request.instruments[0][0]
    answers = {
        item.replace("_", "-"): Answer(text=code) if item == "comment" else Answer(codes=(code,))
        for item, code in codes.items()
    }
    said = PaperAnswers({key: answers}, ())
    return answer_by_phone(session, request.id, said, language="pl", caller=caller, shelf=Shelf())


def test_answers_land_as_those_of_a_link_do_with_mode_and_language(session: Session):
    request = a_call(session)
    outcome = say(session, request, taken(session, request), satisfied="satisfied", comment="Kind.")
    assert outcome == Saved(is_unsafe=False)
    response = session.scalars(select(Response)).one()
    session.refresh(response)
    session.refresh(request)
    assert (response.mode, response.language) == (Mode.PHONE, "pl")
    assert (response.is_complete, response.counts_on) == (True, NOON.date())
    assert (request.state, request.end_reason) == ("completed", "answered")
    assert marks(request) == (True, True)
    stored = session.execute(select(AnswerRow.item, AnswerRow.code, AnswerRow.is_skipped)).all()
    assert ("satisfied", "satisfied", False) in stored
    assert ("recommend", "", True) in stored
    assert session.scalars(select(Alert.kind)).all() == ["free-text"]


def test_what_was_answered_over_a_link_is_not_asked_again_and_ends_by_phone(session: Session):
    request = a_call(session, None, "sus-tier-2")
    _, token = new_token(session, request.id, NOON)
    earlier = Respondent(session, token).begin()
    for item in ("satisfied", "easy-to-access"):
        earlier.say(item, earlier.questionnaire.item_of(earlier.step(item)).codes[0])
    earlier.skip("health-and-wellbeing")
    session.refresh(request)
    caller = taken(session, request)
    asked = [q.item.id for q in call_sheet(session, request, Shelf(), NOON).questions]
    assert asked[:2] == ["health-and-wellbeing", "feeling-safer"]
    say(session, request, caller, affected_confidence="yes", helped_confidence="no")
    found = {
        (row.item, row.code)
        for row in session.scalars(select(AnswerRow).where(AnswerRow.is_skipped.is_(False)))
    }
    assert {("satisfied", "very-satisfied"), ("helped-confidence", "no")} <= found
    assert session.scalars(select(Response.mode)).all() == [Mode.PHONE]


Call = Callable[[Session, SurveyRequest], object]


def test_the_ladder_counts_calls_as_it_counts_texts(session: Session):
    service = a_texting_service(session)
    quarter = parse("2026-Q3")

    def rung(act: Call) -> None:
        request = a_call(session, service, case=CLOSED, **BY_PHONE)
        request.is_contactable = True
        act(session, request)

    rung(lambda s, r: say(s, r, taken(s, r), satisfied="satisfied"))
    rung(lambda s, r: end(s, r, CallOutcome.REFUSED))
    rung(lambda s, r: end(s, r, CallOutcome.UNSAFE))
    rung(lambda s, r: end(s, r, CallOutcome.NO_ANSWER))
    session.flush()
    found = report(session, service, quarter, audience=Audience.STAFF, now=NOON)
    everyone = found.ladder[-1]
    steps = (everyone.supported, everyone.contactable, everyone.asked, everyone.reached)
    assert steps == (4, 4, 3, 2)
    assert (everyone.started, everyone.completed) == (1, 1)
    assert everyone.completed_by_mode == {"phone": 1}
