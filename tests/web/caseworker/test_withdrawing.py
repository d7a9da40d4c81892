"""Staff delete a person's answers at their request, without ever being shown them."""

import pytest
from sqlalchemy import func, select

from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.responses import Answer
from survey_app.store.scope import Scope
from tests.alerts import an_alert
from tests.builders import a_case
from tests.staff import send

PAGE = "/services/ours/cases/WM-1/answers"
GOOD = {"wave": "closure", "how": "By phone on Tuesday.", "confirm": "yes"}


@pytest.fixture
def case_id(database, service) -> int:
    with database.write(Scope.worker()) as session:
        case = a_case(session, service, case_ref="WM-1")
        an_alert(session, case, text="They listened.")
        an_alert(session, a_case(session, service, case_ref="WM-2"))
        return case.id


def answers(database) -> int:
    with database.read(Scope.worker()) as session:
        return session.scalar(select(func.count(Answer.id)))


def test_the_page_says_that_there_are_answers_and_not_what_they_are(client, caseworker, case_id):
    page = client.get(PAGE).text
    assert "End of support, not finished" in page
    assert "listened" not in page


@pytest.mark.parametrize("missing", list(GOOD))
def test_it_needs_a_wave_how_they_asked_and_a_word_for_it(
    client, caseworker, case_id, database, missing
):
    page = send(client, PAGE, PAGE, **{**GOOD, missing: ""})
    assert page.status_code == 400
    assert f'href="#{missing}"' in page.text
    assert answers(database) == 4


def test_the_answers_of_this_case_go_and_it_is_on_the_record(client, caseworker, case_id, database):
    assert send(client, PAGE, PAGE, **GOOD).status_code == 302
    assert "There are no answers of this person" in client.get(PAGE).text
    assert answers(database) == 2
    with database.read(Scope.worker()) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "withdraw-answers")).one()
        assert (row.actor, row.account_id, row.subject_id) == ("staff", caseworker, case_id)
        assert row.details["how"] == "By phone on Tuesday."


def test_a_case_of_another_service_is_not_there(client, caseworker, case_id, database):
    with database.write(Scope.worker()) as session:
        an_alert(session, a_case(session, case_ref="XX-1"))
        foreign = session.scalars(select(Case.case_ref).where(Case.case_ref == "XX-1")).one()
    address = PAGE.replace("WM-1", foreign)
    assert client.get(address).status_code == 404
    assert send(client, PAGE, address, **GOOD).status_code == 404
