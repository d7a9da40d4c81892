"""What ends when a request ends."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import EndReason, MessageKind, MessageState, RequestState, Wave
from survey_app.messaging.outbox import queue_text
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.services import Service
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON, TEST_KEYS


def responses(session: Session, request: SurveyRequest) -> list[Response]:
    """The request's responses as they stand, in the order asked."""
    session.expire_all()
    query = select(Response).where(Response.request_id == request.id).order_by(Response.id)
    return list(session.scalars(query))


def test_the_answers_of_an_ended_request_count_from_that_london_day(session: Session):
    request, token = a_link(session, "self-assessment", "short-satisfaction")
    someone = Respondent(session, token).begin()
    someone.say("feeling-safe", "4")
    someone.now = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    someone.skip_all()
    first, second = responses(session, request)
    assert (first.counts_on, second.counts_on) == (date(2026, 7, 2), date(2026, 7, 2))
    assert first.completed_at == second.completed_at == someone.now


def test_a_response_is_complete_with_at_least_one_answer(session: Session):
    request, token = a_link(session, "self-assessment", "short-satisfaction")
    someone = Respondent(session, token).begin()
    someone.say("feeling-safe", "4")
    someone.skip_all()
    assert [response.is_complete for response in responses(session, request)] == [True, False]


def test_reaching_the_end_and_finishing_early_are_told_apart(session: Session):
    ended, token = a_link(session)
    early, early_token = a_link(session)
    untouched, _ = a_link(session)
    Respondent(session, token).begin().skip_all()
    someone = Respondent(session, early_token).begin()
    someone.say("satisfied", "neither")
    someone.finish(EndReason.FINISHED_EARLY)
    session.expire_all()
    assert (ended.state, ended.end_reason) == (RequestState.COMPLETED, EndReason.ANSWERED)
    assert (early.state, early.end_reason) == (RequestState.COMPLETED, EndReason.FINISHED_EARLY)
    assert early.ended_at == NOON
    assert responses(session, early)[0].is_complete
    assert (untouched.state, untouched.ended_at) == (RequestState.WAITING, None)


def test_no_reminder_leaves_after_the_end(session: Session):
    request, token = a_link(session)
    case = session.get_one(Case, request.case_id)
    message = queue_text(
        session,
        request,
        MessageKind.REMINDER,
        1,
        person=session.get_one(Person, case.person_id),
        service=session.get_one(Service, case.service_id),
        settings=Settings(keys=TEST_KEYS),
        due_at=NOON + timedelta(days=7),
        now=NOON,
    )
    Respondent(session, token).begin().skip_all()
    session.refresh(message)
    assert message.state == MessageState.CANCELLED


def test_the_end_of_the_closing_request_makes_the_pairs_of_the_case(session: Session):
    baseline, token = a_link(session, "self-assessment", wave=Wave.BASELINE)
    someone = Respondent(session, token).begin()
    someone.say("feeling-safe", "2")
    someone.skip_all()
    closing, closing_token = a_link(session, "self-assessment", wave=Wave.CLOSURE)
    closing.case_id = baseline.case_id
    session.flush()
    someone = Respondent(session, closing_token).begin()
    someone.now += timedelta(days=60)
    closing.expires_at = someone.now + timedelta(days=1)
    session.flush()
    someone.say("feeling-safe", "4")
    assert pair_of(session, baseline) == (2, None)
    someone.skip_all()
    assert pair_of(session, baseline) == (2, 4)


def pair_of(session: Session, request: SurveyRequest) -> tuple[int | None, int | None]:
    """First and last value of the case in the area of feeling safe."""
    session.expire_all()
    pair = session.scalars(
        select(Pair).where(Pair.case_id == request.case_id, Pair.area == "feeling-safe")
    ).one()
    return pair.first_value, pair.last_value
