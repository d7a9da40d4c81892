"""A session sees its own services and nothing else."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from survey_app.store.cases import Case, CaseNotFound, find_case, get_case
from survey_app.store.scope import Scope, set_scope
from tests.builders import a_case, a_service


def test_a_forgotten_scope_sees_nothing(database):
    with database.write(Scope.worker()) as session:
        case = a_case(session)
    with database.read() as session:
        assert session.scalar(select(func.count(Case.id))) == 0
        with pytest.raises(CaseNotFound):
            get_case(session, case.id)


def test_staff_see_only_their_services_in_every_shape_of_query(session: Session):
    ours, theirs = a_service(session), a_service(session)
    case, other = a_case(session, ours), a_case(session, theirs)
    set_scope(session, Scope.staff([ours.id]))
    alias = aliased(Case)
    assert session.scalars(select(Case)).all() == [case]
    assert session.scalars(select(alias.id)).all() == [case.id]
    assert session.scalar(select(func.count()).select_from(Case)) == 1
    assert find_case(session, theirs.id, other.case_ref) is None
    set_scope(session, Scope.staff([theirs.id]))
    assert session.scalars(select(Case)).all() == [other]


def test_a_scope_of_no_services_sees_nothing(session: Session):
    a_case(session)
    set_scope(session, Scope.staff([]))
    assert session.scalars(select(Case)).all() == []
