"""What is sealed cannot be read from the database, and comes back whole."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.store.people import Person
from survey_app.store.sealed import lookup_hash
from tests.builders import a_person, a_service


def test_sealed_columns_hold_nothing_in_clear_and_come_back(session: Session):
    person = a_person(
        session, a_service(session), mobile="07700 900123", date_of_birth=date(1990, 2, 3)
    )
    raw = session.execute(text("SELECT mobile, date_of_birth FROM people")).one()
    assert b"900123" not in bytes(raw.mobile)
    assert b"1990" not in bytes(raw.date_of_birth)
    session.expire_all()
    found = session.get_one(Person, person.id)
    assert (found.mobile, found.date_of_birth) == ("07700 900123", date(1990, 2, 3))


def test_a_lookup_hash_depends_on_its_purpose():
    assert lookup_hash("x", "number") == lookup_hash("x", "number")
    assert lookup_hash("x", "number") != lookup_hash("x", "token")
