"""Somebody decides what is right where facts contradict; only then is the person held no longer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.requests import MessageState
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case, CaseNotFound
from survey_app.store.database import Database
from survey_app.store.holds import Hold
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import Service, get_service
from survey_app.store.staff import find_account
from survey_app.usecases.case_work import Worker
from survey_app.usecases.hold_decision import STORED, HoldDecision, ReleaseRefusal, mark_of
from survey_app.usecases.release_hold import Released, StillHeld, open_holds, release_hold
from tests.builders import a_case, a_hold, a_person, a_request
from tests.staff import an_account
from tests.texting import a_number, a_texting_service
from tests.usecases.test_plan_requests import a_queued_text
from tests.world import NOON

WHY = "Asked her at the visit."
BIRTHS = {"column": "date_of_birth", "values": ["1986-11-18", "1968-11-18"]}
CARE = {"column": "do_not_contact", "values": ["pls ring mum"], "lines": [4]}


@pytest.fixture
def service(session: Session) -> Service:
    return a_texting_service(session, slug="ours")


@pytest.fixture
def manager(session: Session, service: Service) -> int:
    return an_account(session, (service, Role.MANAGER), email="boss@example.org").id


@pytest.fixture
def case(session: Session, service: Service) -> Case:
    """Somebody whose number, as it is recorded, ends in 145; a text waits."""
    person = a_person(session, service, call_safe="yes", **a_number("145"))
    return a_case(session, service, person, case_ref="H-1")


def person_of(session: Session, case: Case) -> Person:
    return session.get_one(Person, case.person_id)


def columns_of(person: Person) -> dict[str, Any]:
    return {column.key: getattr(person, column.key) for column in Person.__mapper__.columns}


def release(session: Session, case: Case, account_id: int, **decided: Any) -> Any:
    """Decide as this account, with a reason unless the test gives one."""
    return release_hold(
        session,
        session.get_one(Service, case.service_id),
        case.case_ref,
        HoldDecision(**({"reason": WHY} | decided)),
        Worker(account_id, NOON),
        drama_allowed=True,
    )


def test_the_recorded_number_stays_exactly_as_it_is(session, case, manager):
    hold = a_hold(session, case)
    before = columns_of(person_of(session, case))
    for said in (STORED, "07700 900145"):
        hold.ended_at = None
        session.flush()
        outcome = release(session, case, manager, mobile=said)
        assert outcome == Released(("several-numbers",), is_number_new=False, is_birth_new=False)
        assert columns_of(person_of(session, case)) == before


def test_the_hold_says_who_ended_it_when_how_and_why_and_of_which_values(session, case, manager):
    hold = a_hold(session, case)
    values = hold.evidence_hash
    release(session, case, manager, mobile=STORED, reason=f"  {WHY} ")
    assert (hold.ended_at, hold.ended_how, hold.ended_by_id) == (NOON, "released", manager)
    assert (hold.reason, hold.evidence_hash) == (WHY, values)


@pytest.mark.parametrize("said", ["07700 900146", "07700900199"])
def test_another_number_is_a_new_number_that_nobody_has_confirmed(session, case, manager, said):
    a_hold(session, case)
    request = a_request(session, case)
    text = a_queued_text(session, request)
    outcome = release(session, case, manager, mobile=said)
    assert outcome.is_number_new
    person = person_of(session, case)
    assert (person.mobile, person.number_changed_at) == (said, NOON)
    assert (person.sms_safe, person.call_safe, person.sms_consent) == (None, None, "yes")
    assert person.safety_checked_on == NOON.date() - timedelta(days=3)
    session.refresh(text)
    assert (text.state, text.reason) == (MessageState.CANCELLED, "safety-changed")
    assert request.refusal == "number-changed"


def test_a_new_number_does_not_loosen_what_was_doubted_of_the_old_one(session, case, manager):
    person = person_of(session, case)
    person.sms_safe, person.shared_number_accepted = "no", True
    a_hold(session, case)
    release(session, case, manager, mobile="07700 900146")
    assert (person.sms_safe, person.shared_number_accepted) == ("no", False)


def test_a_birth_date_is_kept_with_the_ages_that_follow_from_it(session, case, manager):
    a_hold(session, case, "several-birth-dates", evidence=BIRTHS)
    person = person_of(session, case)
    person.birth_not_given = "unknown"
    other = a_case(session, session.get_one(Service, case.service_id), person)
    case.closed_on, case.closure_reason = NOON.date(), "completed"
    request = a_request(session, case)
    text = a_queued_text(session, request)
    outcome = release(session, case, manager, date_of_birth="19/11/2010")
    assert outcome == Released(("several-birth-dates",), is_number_new=False, is_birth_new=True)
    assert (person.date_of_birth, person.birth_not_given) == (date(2010, 11, 19), None)
    assert [(each.age_at_referral, each.is_young_person) for each in (case, other)] == [
        (15, True),
        (15, True),
    ]
    session.refresh(text)
    assert text.state == MessageState.CANCELLED
    assert request.refusal == "age-decision-needed"


def test_the_recorded_birth_date_stays_even_if_there_is_none(session, case, manager):
    a_hold(session, case, "birth-date-impossible", evidence=BIRTHS)
    outcome = release(session, case, manager, date_of_birth=STORED)
    assert not outcome.is_birth_new
    assert person_of(session, case).date_of_birth is None


def test_one_decision_ends_every_hold_of_the_person_whatever_case_it_names(session, case, manager):
    service = session.get_one(Service, case.service_id)
    other = a_case(session, service, person_of(session, case))
    stranger = a_hold(session, a_case(session, service))
    a_hold(session, case)
    a_hold(session, other, "several-birth-dates", evidence=BIRTHS)
    a_hold(session, case, "care-unreadable", evidence=CARE)
    outcome = release(session, other, manager, mobile=STORED, date_of_birth="1986-11-18")
    assert outcome.causes == ("several-numbers", "several-birth-dates", "care-unreadable")
    assert open_holds(session, case.person_id) == []
    assert stranger.ended_at is None


def test_what_is_to_be_chosen_is_chosen_and_nothing_ends_by_half(session, case, manager):
    a_hold(session, case)
    a_hold(session, case, "several-birth-dates", evidence=BIRTHS)
    a_hold(session, case, "care-unreadable", evidence=CARE)
    outcome = release(session, case, manager, reason=" ")
    assert outcome == StillHeld(
        (
            ReleaseRefusal.MOBILE_NOT_CHOSEN,
            ReleaseRefusal.BIRTH_NOT_CHOSEN,
            ReleaseRefusal.NO_REASON,
        )
    )
    release(session, case, manager, mobile="07700 900146")
    assert len(open_holds(session, case.person_id)) == 3
    assert person_of(session, case).mobile == "+447700900145"
    assert session.scalars(select(AuditRow)).all() == []


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ({"mobile": "4.47701E+11"}, ReleaseRefusal.NOT_A_NUMBER),
        ({"mobile": "the second one"}, ReleaseRefusal.NOT_A_NUMBER),
        ({"mobile": "07700 900145 or 07700 900146"}, ReleaseRefusal.NOT_A_NUMBER),
        ({"mobile": STORED, "date_of_birth": "1986-11-18"}, ReleaseRefusal.BIRTH_NOT_ASKED),
        ({"mobile": STORED, "reason": "\t"}, ReleaseRefusal.NO_REASON),
    ],
)
def test_a_number_that_is_none_and_a_choice_that_nobody_asked_for_are_refused(
    session, case, manager, decided, expected
):
    a_hold(session, case)
    assert release(session, case, manager, **decided) == StillHeld((expected,))
    assert len(open_holds(session, case.person_id)) == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("11/18/1986", ReleaseRefusal.NOT_A_BIRTH_DATE),
        ("1900-01-01", ReleaseRefusal.IMPOSSIBLE_BIRTH_DATE),
        ("2026-11-01", ReleaseRefusal.IMPOSSIBLE_BIRTH_DATE),
    ],
)
def test_a_birth_date_that_would_hold_again_is_refused(session, case, manager, said, expected):
    a_hold(session, case, "several-birth-dates", evidence=BIRTHS)
    assert release(session, case, manager, date_of_birth=said) == StillHeld((expected,))
    outcome = release(session, case, manager, date_of_birth=STORED, mobile=STORED)
    assert outcome == StillHeld((ReleaseRefusal.MOBILE_NOT_ASKED,))


def test_afterwards_every_other_rule_is_asked_as_before(session, case, manager):
    a_hold(session, case)
    request = a_request(session, case, refusal="facts-contradict", channel=None)
    release(session, case, manager, mobile=STORED)
    assert (request.channel, request.refusal) == ("sms", None)
    a_hold(session, case)
    person_of(session, case).sms_consent = "no"
    release(session, case, manager, mobile=STORED)
    assert request.refusal == "no-consent"


def test_who_decides_is_their_caseworker_or_a_manager_of_the_service(
    session, service, case, manager
):
    own = an_account(session, (service, Role.CASEWORKER)).id
    another = an_account(session, (service, Role.CASEWORKER)).id
    interviewer = an_account(session, (service, Role.INTERVIEWER)).id
    administrator = an_account(session, (service, Role.ADMINISTRATOR)).id
    elsewhere = an_account(session, (a_texting_service(session), Role.MANAGER)).id
    gone = an_account(session, (service, Role.MANAGER), is_active=False).id
    case.caseworker_id = own
    a_hold(session, case)
    for account_id in (another, interviewer, administrator, elsewhere, gone):
        outcome = release(session, case, account_id, mobile=STORED)
        assert outcome == StillHeld((ReleaseRefusal.NOT_YOUR_CASE,)), account_id
    assert isinstance(release(session, case, own, mobile=STORED), Released)
    a_hold(session, case)
    assert isinstance(release(session, case, manager, mobile=STORED), Released)


def test_a_second_release_says_so_and_changes_nothing(session, case, manager):
    assert release(session, case, manager, mobile=STORED) == StillHeld((ReleaseRefusal.NOT_HELD,))
    a_hold(session, case)
    release(session, case, manager, mobile=STORED)
    again = release(session, case, manager, mobile="07700 900146")
    assert again == StillHeld((ReleaseRefusal.NO_LONGER_HELD,))
    assert person_of(session, case).mobile == "+447700900145"


def test_whatever_changed_since_the_page_was_shown_stops_it(session, case, manager):
    hold, person = a_hold(session, case), person_of(session, case)

    def changed(**decided):
        seen = mark_of(person, open_holds(session, person.id))
        decided["change"]()
        session.flush()
        return release(session, case, manager, mobile=STORED, seen=seen)

    late = StillHeld((ReleaseRefusal.CHANGED_MEANWHILE,))
    assert changed(change=lambda: a_hold(session, case)) == late
    assert changed(change=lambda: setattr(hold, "evidence_hash", "another")) == late
    assert changed(change=lambda: setattr(person, "mobile", "07700 900199")) == late
    assert isinstance(changed(change=lambda: None), Released)


def test_of_two_at_once_one_decides_and_the_other_is_told(database: Database):
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours")
        case = a_case(session, service, case_ref="H-1")
        a_case(session, service, person_of(session, case), case_ref="H-2")
        a_hold(session, case)
        accounts = [an_account(session, (service, Role.MANAGER)).id for _ in range(2)]
    together = Barrier(2)

    def decide(account_id: int, case_ref: str) -> Any:
        together.wait()
        with database.write(Scope.worker()) as session:
            return release_hold(
                session,
                get_service(session, "ours"),
                case_ref,
                HoldDecision(WHY, mobile=STORED),
                Worker(account_id, NOON),
                drama_allowed=True,
            )

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, accounts, ("H-1", "H-2")))
    assert sorted(type(each).__name__ for each in outcomes) == ["Released", "StillHeld"]
    late = next(each for each in outcomes if isinstance(each, StillHeld))
    assert late.refusals == (ReleaseRefusal.NO_LONGER_HELD,)
    with database.read(Scope.worker()) as session:
        assert len(session.scalars(select(AuditRow)).all()) == 1


def test_nothing_of_a_value_stands_in_the_audit_trail(session, case, manager):
    a_hold(session, case)
    a_hold(session, case, "several-birth-dates", evidence=BIRTHS)
    release(session, case, manager, mobile="07700 900146", date_of_birth="1986-11-18")
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.subject, row.subject_id) == ("release-hold", "person", case.person_id)
    assert (row.account_id, row.service_id) == (manager, case.service_id)
    holds = session.scalars(select(Hold.id).order_by(Hold.id)).all()
    assert row.details == {
        "holds": list(holds),
        "causes": ["several-numbers", "several-birth-dates"],
        "number_changed": True,
        "birth_date_changed": True,
    }


def test_a_case_of_another_service_is_unknown(session, case, manager):
    a_hold(session, case)
    elsewhere = a_texting_service(session, slug="elsewhere")
    boss = find_account(session, "boss@example.org")
    with pytest.raises(CaseNotFound):
        release_hold(
            session,
            elsewhere,
            case.case_ref,
            HoldDecision(WHY, mobile=STORED),
            Worker(boss.id, NOON),
            drama_allowed=True,
        )
