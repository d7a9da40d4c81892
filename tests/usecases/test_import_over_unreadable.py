"""A file is imported over people who cannot be read: nothing is loosened, and the file lands."""

from datetime import date

import pytest
from sqlalchemy import select

from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.unreadable import is_unreadable
from survey_app.usecases.import_cases.run import import_cases
from tests.case_files import a_case_row, a_job, a_live_service, writer_of, written
from tests.spoiled import spoil


@pytest.fixture
def land(database, tmp_path):
    """Import rows into a service."""
    with database.write(Scope.worker()) as session:
        a_live_service(session)

    def _land(*rows):
        tally = import_cases(a_job(written(tmp_path, rows)), writer_of(database))
        assert tally.rejected == 0

    return _land


@pytest.fixture
def spoiled(database, land):
    """Land somebody of sixteen, and spoil one column of theirs."""

    def _spoiled(column: str) -> None:
        land(a_case_row(client_ref="P-1", date_of_birth="2010-01-01"))
        with database.read(Scope.worker()) as session:
            person_id = session.scalars(select(Person.id)).one()
        spoil(database, "people", column, person_id)

    return _spoiled


def the_only(database, kind):
    with database.read(Scope.worker()) as session:
        return session.scalars(select(kind)).one()


@pytest.mark.parametrize(
    ("checked_on", "is_replaced"), [("2026-11-01", False), ("2026-11-12", True)]
)
def test_an_unreadable_birth_date_is_replaced_by_a_newer_row_alone(
    database, land, spoiled, checked_on, is_replaced
):
    spoiled("date_of_birth")
    land(a_case_row(client_ref="P-1", date_of_birth="1990-01-01", safety_checked_on=checked_on))
    born = the_only(database, Person).date_of_birth
    assert is_unreadable(born) is not is_replaced
    assert not is_replaced or born == date(1990, 1, 1)


def test_an_age_that_was_worked_out_before_stands_while_its_birth_date_cannot_be_read(
    database, land, spoiled
):
    spoiled("date_of_birth")
    land(a_case_row(client_ref="P-1", deliveries="1"))
    case = the_only(database, Case)
    assert (case.deliveries, case.age_at_referral, case.is_young_person) == (1, 16, True)


def test_an_unreadable_number_that_a_file_gives_once_more_is_new_and_unconfirmed(
    database, land, spoiled
):
    spoiled("mobile")
    land(a_case_row(client_ref="P-1"))
    person = the_only(database, Person)
    assert person.mobile == "07700 900101"
    assert person.number_changed_at is not None
