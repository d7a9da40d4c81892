"""What people say about themselves stands, and nothing that was recorded is overwritten by it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.equality import Characteristic
from survey_app.store.audit import AuditRow
from survey_app.store.people import Person
from survey_app.usecases.describe_self import describe_self, questions_about
from tests.builders import a_case, a_person, a_service
from tests.world import NOON


def test_only_blanks_are_filled_with_who_said_it(session: Session):
    service = a_service(session)
    person = a_person(session, service, sex="male", ethnicity="not-asked")
    bystander = a_person(session, service)
    case = a_case(session, service, person)
    said = {"sex": "female", "ethnicity": "asian", "religion": "declined", "sexuality": "hax"}
    assert describe_self(session, case.id, said, NOON) == (
        Characteristic.ETHNICITY,
        Characteristic.RELIGION,
    )
    assert (person.sex, person.ethnicity, person.religion) == ("male", "asian", "declined")
    assert person.sexuality is None
    assert person.told_by == {"ethnicity": "self", "religion": "self"}
    assert bystander.told_by == {}
    row = session.scalars(select(AuditRow)).one()
    assert (row.actor, row.action) == ("person", "describe-self")
    assert row.details == {"fields": ["ethnicity", "religion"]}
    assert Characteristic.ETHNICITY not in questions_about(session, case.id)


def test_saying_nothing_writes_nothing(session: Session):
    case = a_case(session)
    assert describe_self(session, case.id, {}, NOON) == ()
    assert session.scalars(select(AuditRow)).all() == []
    assert session.get_one(Person, case.person_id).told_by == {}
