"""Prepared statements see and write what the session may, and nothing else."""

from datetime import UTC, date, datetime

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.orm import Session

from survey_app.store.cases import Case
from survey_app.store.prepared import Prepared
from survey_app.store.reference_codes import ReferenceCode
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope, set_scope
from tests.builders import a_case, a_request, a_service

_cases, _requests = (inspect(mapped).local_table for mapped in (Case, SurveyRequest))
REFERRED = Prepared(
    select(_cases.c.id, _cases.c.referred_on, _cases.c.created_at, _cases.c.is_young_person)
    .where(_cases.c.referred_on >= bindparam("since"))
    .order_by(_cases.c.id),
    _cases.c.service_id,
)
SPEAK = Prepared(
    update(_requests)
    .where(_requests.c.id == bindparam("of_request"))
    .values(language=bindparam("tag")),
    _requests.c.service_id,
)
EVER = {"since": date(2000, 1, 1)}


def test_rows_are_read_as_their_columns_types_say(session: Session):
    case = a_case(session)
    (row,) = REFERRED.rows(session, EVER)
    mapped = (case.id, case.referred_on, case.created_at, case.is_young_person)
    assert tuple(row) == mapped
    assert row.created_at.tzinfo is not None


def test_staff_find_and_change_only_rows_of_their_services(session: Session):
    ours, theirs = a_service(session), a_service(session)
    case, other = a_case(session, ours), a_case(session, theirs)
    mine, not_mine = a_request(session, case), a_request(session, other)
    set_scope(session, Scope.staff([ours.id]))
    assert [row.id for row in REFERRED.rows(session, EVER)] == [case.id]
    for request in (mine, not_mine):
        SPEAK.put(session, {"of_request": request.id, "tag": "cy"})
    set_scope(session, Scope.worker())
    kept = session.execute(select(_requests.c.language).order_by(_requests.c.id)).scalars().all()
    assert kept == ["cy", None]


def test_a_forgotten_scope_finds_and_changes_nothing(database):
    with database.write(Scope.worker()) as session:
        request = a_request(session, a_case(session))
    for opened in (database.look, database.write):
        with opened() as session:
            assert REFERRED.rows(session, EVER) == []
    with database.write() as session:
        SPEAK.put(session, {"of_request": request.id, "tag": "cy"})
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(_requests.c.language)).all() == [None]


def test_what_mapped_classes_were_told_before_is_there(session: Session):
    case = a_case(session)
    case.referred_on = date(1999, 12, 31)
    assert REFERRED.rows(session, EVER) == []


def test_a_new_row_is_what_the_mapped_class_would_have_made(session: Session):
    insert = Prepared.insert(inspect(SurveyRequest).local_table)
    made = a_request(session, a_case(session))
    other = a_case(session)
    session.flush()
    facts = {
        column.name: getattr(made, column.key)
        for column in inspect(SurveyRequest).columns
        if column.default is None and not column.primary_key
    }
    insert.put(session, facts | {"case_id": other.id, "service_id": other.service_id})
    query = select(SurveyRequest).where(SurveyRequest.case_id == other.id)
    same = session.scalars(query).one()
    assert (same.is_contactable, same.instruments, same.expires_at) == (
        made.is_contactable,
        made.instruments,
        made.expires_at,
    )


def test_what_is_not_given_for_a_new_row_and_has_no_default_is_refused_by_the_database(database):
    insert = Prepared.insert(inspect(ReferenceCode).local_table)
    refused = False
    try:
        with database.write(Scope.victim()) as session:
            insert.put(session, {"request_id": 1, "created_at": datetime(2026, 1, 1, tzinfo=UTC)})
    except Exception as fault:
        refused = "null" in str(fault).lower()
    assert refused
