"""Pressing start, once and again."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import Mode, RequestState
from survey_app.store.responses import Response
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON


def test_starting_makes_one_empty_response_an_instrument(session: Session):
    request, token = a_link(session, "self-assessment", "sus-tier-1")
    Respondent(session, token).begin()
    rows = session.scalars(select(Response).order_by(Response.id)).all()
    assert [row.case_id for row in rows] == [request.case_id] * 2
    assert {row.wave for row in rows} == {request.wave}
    assert {row.mode for row in rows} == {Mode.SMS_LINK}
    assert {row.started_at for row in rows} == {NOON}
    assert [row.counts_on for row in rows] == [None, None]
    assert len({row.instrument_id for row in rows}) == 2


def test_starting_is_kept_on_the_request(session: Session):
    request, token = a_link(session)
    noise, _ = a_link(session)
    Respondent(session, token).begin()
    session.refresh(request)
    session.refresh(noise)
    assert (request.state, request.started_at) == (RequestState.STARTED, NOON)
    assert request.language == "en"
    assert noise.started_at is None


def test_starting_again_later_changes_nothing(session: Session):
    request, token = a_link(session)
    someone = Respondent(session, token).begin()
    someone.say("satisfied", "satisfied")
    someone.now += timedelta(days=1)
    someone.begin()
    session.refresh(request)
    assert request.started_at == NOON
    assert len(session.scalars(select(Response.id)).all()) == 1
    assert someone.sheet.next_step == someone.step("use-again")


def test_no_instrument_is_read_twice_by_one_process(session: Session):
    _, token = a_link(session)
    someone = Respondent(session, token)
    assert someone.questionnaire is someone.questionnaire
