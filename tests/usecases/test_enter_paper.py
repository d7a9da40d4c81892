"""A paper form lands once, as an import would, and ends the request that it answers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.paper import PaperAnswers, read_entries
from survey_app.domain.requests import RequestState, Wave
from survey_app.store.alerts import Alert
from survey_app.store.audit import AuditRow
from survey_app.store.cases import get_case
from survey_app.store.pairs import Pair
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.usecases.enter_paper import NothingAsked, PaperRefusal, enter_paper, paper_form
from tests.builders import a_case
from tests.links import a_link
from tests.staff import an_account
from tests.usecases.respondent import Respondent
from tests.world import NOON

DAY = date(2026, 11, 16)


@pytest.fixture
def asked(session: Session) -> tuple[SurveyRequest, str]:
    """A closure request of a self-assessment and a short survey, in a service with other cases."""
    request, token = a_link(session, "self-assessment", "short-satisfaction")
    a_link(session, "self-assessment")
    return request, token


def typed(session: Session, request: SurveyRequest, **entries: str) -> PaperAnswers:
    form = paper_form(session, get_case(session, request.case_id), Wave(request.wave))
    return read_entries(form.questions, {int(name[1:]): entry for name, entry in entries.items()})


def enter(session: Session, request: SurveyRequest, on: date | None = DAY, **entries: str):
    case = get_case(session, request.case_id)
    said = typed(session, request, **entries)
    assert said.wrong == ()
    worker = an_account(session).id
    wave = Wave(request.wave)
    return enter_paper(session, case, wave, said, on=on, language="en", account_id=worker, now=NOON)


def test_a_form_counts_from_its_day_and_ends_the_request(session: Session, asked):
    request, _ = asked
    assert enter(session, request, q3="4", q5="1", q8="She helped.") is None
    session.refresh(request)
    assert (request.state, request.handed_over_at is None) == (RequestState.COMPLETED, False)
    rows = session.scalars(select(Response).order_by(Response.id)).all()
    assert [(row.mode, row.counts_on, row.is_complete) for row in rows] == [
        ("paper", DAY, True),
        ("paper", DAY, True),
    ]
    assert session.scalars(select(Pair.status)).all() == ["closure-only"]
    assert session.scalars(select(Alert.kind)).all() == ["free-text"]
    audited = session.scalars(select(AuditRow).where(AuditRow.action == "enter-paper")).one()
    assert audited.details["on"] == DAY.isoformat()


def test_the_same_form_is_not_taken_twice(session: Session, asked):
    request, _ = asked
    enter(session, request, q3="4")
    assert enter(session, request, q3="2") is PaperRefusal.ANSWERED_ALREADY
    assert session.scalar(select(func.count()).select_from(Response)) == 1


def test_what_was_answered_over_the_link_meanwhile_is_kept(session: Session, asked):
    request, token = asked
    person = Respondent(session, token).begin()
    person.say("feeling-safe", "5")
    person.skip_all()
    assert enter(session, request, q3="2") is PaperRefusal.ANSWERED_ALREADY


def test_a_form_after_the_request_expired_still_counts(session: Session, asked):
    request, _ = asked
    request.state, request.ended_at = RequestState.EXPIRED, NOON
    assert enter(session, request, q3="4") is None
    session.refresh(request)
    assert request.state == RequestState.EXPIRED


@pytest.mark.parametrize(
    ("on", "entries", "refusal"),
    [
        (DAY, {"q3": ""}, PaperRefusal.NOTHING_ANSWERED),
        (None, {"q3": "4"}, PaperRefusal.DATE_MISSING),
        (date(2026, 9, 17), {"q3": "4"}, PaperRefusal.BEFORE_REFERRAL),
        (NOON.date() + timedelta(days=1), {"q3": "4"}, PaperRefusal.IN_THE_FUTURE),
    ],
)
def test_what_cannot_be_is_refused(session: Session, asked, on, entries, refusal):
    request, _ = asked
    assert enter(session, request, on, **entries) is refusal
    assert request.state == RequestState.WAITING


def test_there_is_no_form_of_a_wave_that_is_not_asked(session: Session):
    with pytest.raises(NothingAsked):
        paper_form(session, a_case(session), Wave.REVIEW)
