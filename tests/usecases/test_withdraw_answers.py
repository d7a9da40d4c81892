"""What someone takes back is gone, everywhere, and nothing else is."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.domain.requests import EndReason, RequestState, Wave
from survey_app.messaging.tokens import find_by_token
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.store.alerts import Alert
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair
from survey_app.store.reference_codes import ReferenceCode, find_request_of_code, new_reference_code
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.services import Service
from survey_app.usecases.withdraw_answers import withdraw_answers, withdraw_by_code
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON


def someone_answers(session: Session) -> tuple[SurveyRequest, str]:
    """Unsafe, satisfied, with a comment and a wish to be contacted; the case is closed."""
    request, token = a_link(session, "self-assessment", "short-satisfaction")
    session.get_one(Case, request.case_id).closed_on = date(2026, 11, 10)
    someone = Respondent(session, token).begin()
    someone.say("feeling-safe", "1")
    someone.say("satisfied", "very-satisfied")
    someone.say("comment", "He found my address.")
    someone.say("contact-me", "yes")
    someone.skip_all()
    session.refresh(request)
    return request, token


def figures(session: Session, request: SurveyRequest):
    service = session.get_one(Service, request.service_id)
    return report(session, service, Quarter(2026, 3), audience=Audience.STAFF, now=NOON)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_answers_go_and_that_they_were_asked_stays(session: Session):
    request, token = someone_answers(session)
    other, _ = someone_answers(session)
    before = count(session, Answer)
    code = new_reference_code(session, request.id, NOON)
    found = find_request_of_code(session, f" {code[:4].upper()} {code[4:]}")
    assert found == request.id
    withdraw_by_code(session, request.id, NOON)
    session.expire_all()
    assert count(session, Answer) == before // 2
    assert (request.state, request.end_reason) == (
        RequestState.WITHDRAWN,
        EndReason.ANSWERS_WITHDRAWN,
    )
    assert other.state == RequestState.COMPLETED
    assert find_by_token(session, token) is None
    assert count(session, ReferenceCode) == 0
    row = session.scalars(select(AuditRow).where(AuditRow.action == "withdraw-answers")).one()
    assert (row.actor, row.subject_id) == ("person", request.case_id)
    assert row.details == {"wave": "closure", "responses": 2}


def test_figures_are_as_if_nothing_had_been_said(session: Session):
    request, _ = someone_answers(session)
    held = figures(session, request)
    assert [row.rate.numerator for row in held.satisfaction if row.measure == "satisfied"] == [1]
    assert next(row for row in held.ladder if row.tier == "1").completed == 1
    withdraw_answers(session, request.case_id, Wave.CLOSURE, now=NOON, account_id=None)
    after = figures(session, request)
    assert after.satisfaction == ()
    assert after.outcomes == ()
    ladder = next(row for row in after.ladder if row.tier == "1")
    assert (ladder.started, ladder.completed) == (1, 0)
    assert not after.is_provisional
    assert session.scalars(select(Pair).where(Pair.case_id == request.case_id)).all() == []


def test_who_may_be_in_danger_stays_on_the_list_and_what_was_written_does_not(session: Session):
    request, _ = someone_answers(session)
    wish = session.scalars(select(Alert).where(Alert.kind == "contact-wish")).one()
    wish.safe_times = {"days": ["mon"]}
    withdraw_answers(session, request.case_id, Wave.CLOSURE, now=NOON)
    session.expire_all()
    found = {a.kind: (a.closed_at is None, a.safe_times) for a in session.scalars(select(Alert))}
    assert found == {
        "low-safety": (True, None),
        "contact-wish": (True, None),
        "free-text": (False, None),
    }


def test_a_reading_that_a_caseworker_scored_stays(session: Session):
    request, _ = someone_answers(session)
    reading = session.scalars(select(Response)).first()
    assert reading is not None
    reading.scored_by = "together"
    session.flush()
    assert withdraw_answers(session, request.case_id, Wave.CLOSURE, now=NOON) == 1
    session.expire_all()
    assert reading.counts_on is not None


def test_a_new_code_takes_the_place_of_the_old_one(session: Session):
    request, _ = someone_answers(session)
    first = new_reference_code(session, request.id, NOON)
    second = new_reference_code(session, request.id, NOON)
    assert find_request_of_code(session, first) is None
    assert find_request_of_code(session, second) == request.id
    for typed in ("", "short", second + "2", "ilo01ilo"):
        assert find_request_of_code(session, typed) is None
