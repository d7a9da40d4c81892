"""Whatever figures ask of a case moves with it, in its transaction, however it is changed."""

from datetime import UTC, date, datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain.requests import EndReason, Mode, RequestState, Wave
from survey_app.store.case_facts import CaseFact
from survey_app.store.cases import Case
from survey_app.store.database import Database
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from survey_app.store.stale_facts import mark_stale, refresh_stale
from survey_app.usecases.refresh_pairs import refresh_pairs
from tests import builders
from tests.figures import differences_of
from tests.reporting.worlds import World

AT = datetime(2018, 5, 9, 12, tzinfo=UTC)
DAY = date(2018, 5, 9)

WATCHED: dict[type[Any], dict[str, Any]] = {
    Case: {
        "closed_on": DAY,
        "closure_reason": "declined",
        "closure_code": "D2",
        "support_level": "caseworker",
        "deliveries": 7,
        "crime_category": "arson",
        "flags": "stalking",
        "local_authority": "Sandwell",
        "referral_source": "self",
        "age_band": "75-and-over",
        "first_attempt_on": DAY,
        "first_attempt_at": AT,
        "first_contact_on": DAY,
        "first_contact_at": AT,
        "needs_assessment_on": DAY,
        "support_plan_on": DAY,
        "review_on": DAY,
    },
    Person: {
        "sex": "female",
        "gender_identity": "declined",
        "ethnicity": "mixed",
        "disability": "yes",
        "sexuality": "not-asked",
        "religion": "none",
        "birth_not_given": "declined",
        "language": "cy",
        "number_kind": "uk-landline",
        "sms_consent": None,
        "sms_safe": None,
        "safety_checked_on": None,
    },
    SurveyRequest: {
        "tier": "3",
        "state": RequestState.EXPIRED,
        "end_reason": EndReason.WITHDRAWN_AT_GO_LIVE,
        "due_at": AT,
        "deferred_until": AT,
        "refusal": "no-consent",
        "is_contactable": True,
        "first_text_accepted_at": AT,
        "call_made_at": AT,
        "handed_over_at": AT,
        "reached_at": AT,
        "opted_out_at": AT,
    },
    Response: {
        "wave": Wave.REVIEW,
        "is_complete": False,
        "counts_on": None,
        "mode": Mode.PHONE,
    },
}
"""Every column that a figure of a case hangs on, with a value that moves it."""

COLUMNS = [(model, name) for model, columns in WATCHED.items() for name in columns]


@pytest.fixture
def case_id(database: Database) -> int:
    """A closed case with a closure request and a completed survey, and another beside it."""
    with database.write(Scope.worker()) as session:
        world = World(session)
        case = world.add_case(closed_on=date(2018, 5, 2), crime_category=None)
        builders.a_request(session, case, wave=Wave.CLOSURE, tier="1")
        world.add_response(case, "sus-tier-1", {"satisfied": "satisfied"})
        world.add_case(closed_on=date(2018, 5, 3))
        refresh_pairs(session, [case.id])
        return case.id


def fact_of(database: Database, case_id: int) -> dict[str, Any]:
    with database.read(Scope.worker()) as session:
        row = session.execute(
            select(*CaseFact.__table__.c).where(CaseFact.__table__.c.case_id == case_id)
        )
        return dict(row.mappings().one())


def row_of(session: Session, model: type[Any], case_id: int) -> Any:
    if model is Case:
        return session.get_one(Case, case_id)
    if model is Person:
        return session.get_one(Person, session.get_one(Case, case_id).person_id)
    return session.scalars(select(model).where(model.case_id == case_id)).one()


@pytest.mark.parametrize(("model", "name"), COLUMNS)
def test_a_column_that_figures_ask_for_moves_the_fact(database: Database, case_id, model, name):
    before = fact_of(database, case_id)
    with database.write(Scope.worker()) as session:
        row = row_of(session, model, case_id)
        assert getattr(row, name) != WATCHED[model][name]
        setattr(row, name, WATCHED[model][name])
    assert fact_of(database, case_id) != before
    assert [one for one in differences_of(database) if one.table == "case_facts"] == []


def test_a_start_without_an_answer_moves_the_fact(database: Database, case_id):
    with database.write(Scope.worker()) as session:
        response = row_of(session, Response, case_id)
        response.wave = Wave.REVIEW
    assert fact_of(database, case_id)["has_started"] == 0
    with database.write(Scope.worker()) as session:
        row_of(session, SurveyRequest, case_id).started_at = AT
    assert fact_of(database, case_id)["has_started"] == 1


def test_all_cases_of_a_person_move_with_them(database: Database, case_id):
    with database.write(Scope.worker()) as session:
        person = row_of(session, Person, case_id)
        service = session.get_one(Case, case_id).service_id
        other = session.scalars(
            select(Case).where(Case.id != case_id, Case.service_id == service)
        ).one()
        other.person_id = person.id
    with database.write(Scope.worker()) as session:
        row_of(session, Person, case_id).sex = "female"
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(CaseFact.sex)).all() == ["female", "female"]


def test_a_figure_asked_for_in_the_same_transaction_sees_what_changed(database: Database, case_id):
    with database.write(Scope.worker()) as session:
        session.get_one(Case, case_id).deliveries = 9
        refresh_stale(session)
        stored = select(CaseFact.deliveries).where(CaseFact.case_id == case_id)
        assert session.scalar(stored) == 9


def test_a_statement_past_the_mapped_classes_says_so_itself(database: Database, case_id):
    raised = update(Case).where(Case.id == case_id).values(deliveries=8)
    with database.write(Scope.worker()) as session:
        session.execute(raised.execution_options(synchronize_session=False))
    assert {one.columns for one in differences_of(database)} == {("deliveries",)}
    with database.write(Scope.worker()) as session:
        mark_stale(session, [case_id])
    assert differences_of(database) == ()


def test_what_a_savepoint_takes_back_is_not_in_the_facts_and_what_came_before_is(
    database: Database, case_id
):
    with database.write(Scope.worker()) as session:
        case = session.get_one(Case, case_id)
        case.crime_category = "arson"
        savepoint = session.begin_nested()
        case.deliveries = 9
        refresh_stale(session)
        savepoint.rollback()
    fact = fact_of(database, case_id)
    assert (fact["crime_category"], fact["deliveries"] == 9) == ("arson", False)
    assert differences_of(database) == ()


def test_what_somebody_else_sees_does_not_hide_a_case_from_its_facts(database: Database, case_id):
    with database.write(Scope.worker()) as session:
        session.get_one(Case, case_id).deliveries = 9
        session.info["scope"] = Scope.staff([])
    assert fact_of(database, case_id)["deliveries"] == 9


def test_two_changes_of_one_case_at_once_are_both_in_its_fact(database: Database, case_id):
    """The second to commit waits for the first, and reads what it wrote."""
    person_changed = None

    def change_person() -> None:
        with database.write(Scope.worker()) as session:
            row_of(session, Person, case_id).sex = "female"

    with database.write(Scope.worker()) as session:
        session.get_one(Case, case_id).deliveries = 9
        refresh_stale(session)
        person_changed = Thread(target=change_person)
        person_changed.start()
        person_changed.join(0.5)
    person_changed.join(20)
    fact = fact_of(database, case_id)
    assert (fact["deliveries"], fact["sex"]) == (9, "female")
    assert differences_of(database) == ()
