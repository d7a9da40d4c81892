"""Who is held, the longest first, with all that contradicts; and the rejected rows in force."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_held import (
    find_held_person,
    held_people,
    held_rows,
    last_end,
)
from survey_app.reporting.desk_today import due_of_kind, due_today
from survey_app.store.people import Person
from survey_app.store.programmes import Programmes
from survey_app.store.services import Service
from tests.builders import a_case, a_held_row, a_hold, a_request
from tests.case_files import a_live_service
from tests.staff import an_account
from tests.store.statements import counted_statements
from tests.world import NOON


@pytest.fixture
def service(session: Session) -> Service:
    """Ours, and another where somebody is held and a row waits."""
    ours, other = a_live_service(session), a_live_service(session, "other")
    a_hold(session, a_case(session, other))
    a_held_row(session, other)
    return ours


def ago(hours: int) -> dict[str, object]:
    return {"since": NOON - timedelta(hours=hours)}


def desk(session: Session, service: Service, **whose: object) -> Desk:
    return Desk(session, service.id, Programmes.of(session, service.id).in_force, NOON, **whose)


def test_a_person_stands_once_with_all_cases_causes_and_lines(session: Session, service):
    me = an_account(session, (service, Role.CASEWORKER)).id
    case = a_case(session, service, case_ref="A", caseworker_id=me)
    earlier = case.referred_on - timedelta(days=90)
    a_case(
        session, service, session.get_one(Person, case.person_id), case_ref="B", referred_on=earlier
    )
    a_hold(session, case, **ago(1))
    a_hold(session, case, **ago(3), evidence={"lines": [9, 3]})
    a_hold(session, case, "rows-disagree", **ago(5), evidence={"lines": [7]})
    a_hold(session, case, "row-unreadable", **ago(9), ended_at=NOON)
    a_hold(session, a_case(session, service, case_ref="C"), **ago(4))
    a_case(session, service)
    first, second = held_people(session, service.id)
    assert (first.case_refs, second.case_refs) == (("B", "A"), ("C",))
    assert first.causes == ("rows-disagree", "several-numbers")
    assert (first.lines, first.since) == ((2, 3, 7, 9), NOON - timedelta(hours=5))
    assert (first.caseworkers, second.caseworkers) == (frozenset({me}), frozenset())
    assert find_held_person(session, case.person_id) == first


def test_who_is_held_no_longer_is_not_listed_and_it_is_known_how_it_ended(
    session: Session, service
):
    boss = an_account(session, name="Ada")
    case = a_case(session, service)
    a_hold(session, case, ended_at=NOON - timedelta(days=2), ended_how="file")
    a_hold(session, case, ended_at=NOON, ended_how="released", ended_by_id=boss.id)
    assert held_people(session, service.id) == []
    assert find_held_person(session, case.person_id) is None
    end = last_end(session, case.person_id)
    assert end is not None
    assert (end.at, end.how, end.by) == (NOON, "released", "Ada")
    assert last_end(session, a_case(session, service).person_id) is None


def test_the_lists_page_by_key_without_gap_or_repeat(session: Session, service):
    for n in range(5):
        a_hold(session, a_case(session, service), **ago(n // 2))
        a_held_row(session, service, arrived_at=NOON - timedelta(hours=n // 2))
    a_held_row(session, service, ended_at=NOON)
    people, rows = held_people(session, service.id), held_rows(session, service.id)
    assert (len(people), len(rows)) == (5, 5)
    assert people == sorted(people, key=lambda person: person.key)
    paged, after = [], None
    while found := held_people(session, service.id, after=after, limit=2):
        paged, after = paged + found, found[-1].key
    assert paged == people
    paged, after = [], None
    while found := held_rows(session, service.id, after=after, limit=2):
        paged, after = paged + found, (found[-1].arrived_at, found[-1].id)
    assert paged == rows


def test_the_number_of_queries_does_not_grow_with_the_held(session: Session, service):
    numbers = []
    for _round in range(2):
        for _n in range(4):
            a_hold(session, a_case(session, service))
        with counted_statements(session) as sent:
            held_people(session, service.id)
        numbers.append(len(sent))
    assert numbers == [3, 3]


def test_today_says_it_to_everybody_whose_case_it_is_and_once_to_each(session: Session, service):
    me, colleague = (an_account(session, (service, Role.CASEWORKER)).id for _ in range(2))
    case = a_case(session, service, caseworker_id=me, case_ref="OLD")
    a_case(
        session, service, session.get_one(Person, case.person_id), caseworker_id=me, case_ref="NEW"
    )
    a_case(
        session,
        service,
        session.get_one(Person, case.person_id),
        caseworker_id=colleague,
        case_ref="THEIRS",
    )
    a_hold(session, case)
    a_hold(session, case, "rows-disagree", **ago(50))
    a_hold(session, a_case(session, service, case_ref="NOBODYS"))
    mine = due_of_kind(desk(session, service, caseworker_id=me), DueKind.HELD, 5)
    assert [(row.case_ref, row.since) for row in mine.rows] == [
        ("NEW", (NOON - timedelta(hours=50)).date())
    ]
    theirs = due_of_kind(desk(session, service, caseworker_id=colleague), DueKind.HELD, 5)
    assert [row.case_ref for row in theirs.rows] == ["THEIRS"]
    everybodys = due_of_kind(desk(session, service), DueKind.HELD, 5)
    assert [row.case_ref for row in everybodys.rows] == ["NEW", "THEIRS", "NOBODYS"]
    assert everybodys.total == 3
    paged, after = [], None
    while rows := due_of_kind(desk(session, service), DueKind.HELD, 1, after).rows:
        paged, after = [*paged, rows[0].case_ref], rows[0].key
    assert paged == ["NEW", "THEIRS", "NOBODYS"]


def test_who_is_held_is_not_listed_again_among_texts_refused(session: Session, service):
    a_request(session, a_case(session, service), refusal="facts-contradict", channel=None)
    a_request(session, a_case(session, service), refusal="no-consent", channel=None)
    found = due_today(desk(session, service), limit=5)
    assert [row.reason for row in found[DueKind.REFUSED].rows] == ["no-consent"]
