"""What is sealed cannot be read from the database, and comes back whole."""

import json
from dataclasses import replace
from datetime import date

import pytest
from cryptography.fernet import Fernet
from markupsafe import escape
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.sealed import SealedDate, SealedText, lookup_hash, use_keys
from survey_app.store.unreadable import (
    CANNOT_BE_READ,
    UNREADABLE_VALUE,
    Unreadable,
    UnreadableValueUsed,
    in_words,
    is_unreadable,
    readable_or_none,
)
from tests.builders import a_case, a_person, a_service
from tests.spoiled import SPOILED, spoil_in
from tests.world import TEST_KEYS


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


@pytest.mark.parametrize("column", ["mobile", "check_word", "date_of_birth"])
def test_a_value_that_does_not_open_takes_no_other_row_down(session: Session, column: str):
    service = a_service(session)
    facts = {"check_word": "maple", "date_of_birth": date(1990, 2, 3)}
    ids = [a_person(session, service, **facts).id for _ in range(3)]
    spoil_in(session, "people", column, ids[1])
    found = session.scalars(select(Person).order_by(Person.id)).all()
    assert [is_unreadable(getattr(person, column)) for person in found] == [False, True, False]
    assert found[1].client_ref is None, "the rest of the row is there"
    setattr(found[1], column, facts.get(column, "07700 900123"))
    session.flush()
    session.expire_all()
    assert not is_unreadable(getattr(session.get_one(Person, ids[1]), column))


def test_a_row_with_such_a_value_can_be_changed_and_keeps_it(session: Session):
    person_id = a_person(session, a_service(session)).id
    spoil_in(session, "people", "mobile", person_id)
    session.get_one(Person, person_id).language = "cy"
    session.flush()
    raw = session.execute(text("SELECT mobile, language FROM people")).one()
    assert (bytes(raw.mobile), raw.language) == (SPOILED, "cy")


def test_json_and_dates_that_are_none_do_not_open_either(session: Session):
    person = a_person(session, a_service(session), check_word="1990-13-45")
    case = a_case(session, person=person, held={"flags": "none"})
    for table, column in (("people", "date_of_birth"), ("cases", "held")):
        session.execute(text(f"UPDATE {table} SET {column} = (SELECT check_word FROM people)"))
    session.expire_all()
    assert is_unreadable(session.get_one(Person, person.id).date_of_birth)
    assert is_unreadable(session.get_one(Case, case.id).held)


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("value", ["07700 900123", 7, 1.5])
def test_what_is_no_bytes_at_all_does_not_open(session: Session, value: object):
    """SQLite takes any type in any column."""
    person_id = a_person(session, a_service(session)).id
    session.execute(text("UPDATE people SET mobile = :value"), {"value": value})
    session.expire_all()
    assert is_unreadable(session.get_one(Person, person_id).mobile)


def test_a_value_under_another_key_does_not_open_and_opens_again_with_its_own(session: Session):
    person_id = a_person(session, a_service(session), mobile="07700 900123").id
    session.expire_all()
    try:
        use_keys(replace(TEST_KEYS, encryption=(Fernet.generate_key().decode(),)))
        assert is_unreadable(session.get_one(Person, person_id).mobile)
    finally:
        use_keys(TEST_KEYS)
    session.expire_all()
    assert session.get_one(Person, person_id).mobile == "07700 900123"


USES = {
    "as text": str,
    "in a sentence": "{}".format,
    "in an old sentence": lambda value: "%s" % value,  # noqa: UP031
    "as JSON": lambda value: json.dumps({"to": value}, default=str),
    "a method of text": lambda value: value.strip(),
    "a date's year": lambda value: value.year,
    "how long": len,
    "its letters": list,
    "part of it": lambda value: value[-3:],
    "a word in it": lambda value: "x" in value,
    "as a mapping": dict,
    "earlier": lambda value: value < date(2000, 1, 1),
    "longer": lambda value: value + "x",
    "later on": lambda value: "x" + value,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_cannot_be_used_as_what_it_was(use):
    with pytest.raises((UnreadableValueUsed, TypeError)):
        use(UNREADABLE_VALUE)


@pytest.mark.parametrize("column", [SealedText(), SealedDate()])
def test_it_cannot_be_sealed_again(column):
    with pytest.raises(UnreadableValueUsed):
        column.process_bind_param(UNREADABLE_VALUE, None)


def test_it_is_something_that_a_page_for_staff_says_in_words():
    assert UNREADABLE_VALUE
    assert repr(UNREADABLE_VALUE) == "<unreadable>"
    assert escape(UNREADABLE_VALUE) == in_words(UNREADABLE_VALUE) == CANNOT_BE_READ
    assert (in_words("x"), readable_or_none("x")) == ("x", "x")
    assert readable_or_none(UNREADABLE_VALUE) is None
    assert UNREADABLE_VALUE != ""
    assert Unreadable() != "07700 900123"
