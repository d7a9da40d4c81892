"""Who is on the list of calls: as far as the rule allows it now, and nobody a minute longer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.calls import LEASE, TRY_AGAIN_AFTER, CallOutcome
from survey_app.domain.cases import Recorded
from survey_app.domain.requests import RequestState
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import ContactDecision, SurveyRequest
from survey_app.store.safety_details import safety_details_of
from survey_app.usecases import call_list as listing
from survey_app.usecases.call_list import call_list
from survey_app.usecases.change_safety import change_safety
from survey_app.usecases.opt_out import OptOutSource, opt_out
from survey_app.usecases.record_call import Ended, record_call
from survey_app.usecases.take_call import Caller, CallRefusal, find_shown, put_back, take_call
from tests.calls import a_call, a_caller, taken
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON


def listed(session: Session, request: SurveyRequest, now=NOON) -> list[int]:
    session.flush()
    found = call_list(session, request.service_id, 0, now)
    return [row.request_id for row in found.rows]


def person_of(session: Session, request: SurveyRequest) -> Person:
    return session.scalars(
        select(Person).join(Case, Case.person_id == Person.id).where(Case.id == request.case_id)
    ).one()


def test_only_those_asked_by_phone_and_due_in_this_service_are_listed(session: Session):
    service = a_texting_service(session)
    a_due_request(session, service)
    a_call(session, service, due_at=NOON + timedelta(hours=1))
    a_call(session, service, state=RequestState.COMPLETED)
    a_call(session, service, person={"call_safe": None})
    a_call(session)
    request = a_call(session, service, person={"language": "pl"})
    (row,) = call_list(session, service.id, 0, NOON).rows
    assert (row.request_id, row.language, row.calls) == (request.id, "pl", 0)
    assert row.from_when is None


def test_a_row_goes_with_its_time_an_opt_out_or_a_change_of_safety(session: Session):
    ends, stops, unsafe = (a_call(session) for _ in range(3))
    account_id = a_caller(session, unsafe.service_id).account_id
    for request in (ends, stops, unsafe):
        assert listed(session, request) == [request.id]
    assert listed(session, ends, ends.expires_at) == []
    opt_out(session, person_of(session, stops).id, OptOutSource.STAFF, NOON)
    assert listed(session, stops) == []
    person = person_of(session, unsafe)
    person.sms_consent = "yes"
    stated = replace(safety_details_of(person), call_safe=Recorded.NO)
    change_safety(
        session,
        person.id,
        replace(stated, call_safe=Recorded.NO),
        how="-",
        account_id=account_id,
        now=NOON,
    )
    assert listed(session, unsafe) == []


def test_those_to_ring_now_come_first_and_the_others_by_their_time(session: Session):
    service = a_texting_service(session)
    tomorrow = a_call(session, service, person={"safe_days": "thu"})
    tonight = a_call(session, service, person={"safe_from": (NOON + timedelta(hours=6)).time()})
    ends_later = a_call(session, service)
    ends_first = a_call(session, service, expires_at=NOON + timedelta(days=1))
    expected = [each.id for each in (ends_first, ends_later, tonight, tomorrow)]
    assert listed(session, tomorrow) == expected


def test_many_refused_ones_do_not_hide_those_behind_them(session: Session, monkeypatch):
    monkeypatch.setattr(listing, "BATCH", 2)
    service = a_texting_service(session)
    for _ in range(3):
        a_call(session, service, person={"call_safe": "no"}, expires_at=NOON + timedelta(days=1))
    found = [a_call(session, service, expires_at=NOON + timedelta(days=n)) for n in (2, 3, 4)]
    page = call_list(session, service.id, 0, NOON, limit=2)
    assert [row.request_id for row in page.rows] == [found[0].id, found[1].id]
    assert page.has_more


def test_the_number_is_shown_to_one_caller_at_a_time_decided_on_and_audited(session: Session):
    request = a_call(session)
    first, second = (a_caller(session, request.service_id) for _ in range(2))
    assert find_shown(session, request.id, first) is None
    assert take_call(session, request.id, first) is None
    assert take_call(session, request.id, second) is CallRefusal.TAKEN
    shown = find_shown(session, request.id, first)
    assert shown is not None
    assert shown.number == person_of(session, request).mobile
    assert find_shown(session, request.id, second) is None
    (row,) = call_list(session, request.service_id, second.account_id, NOON).rows
    assert (row.is_mine, row.is_taken) == (False, True)
    decided = session.scalars(select(ContactDecision)).all()
    assert [(each.channel, each.outcome) for each in decided] == [("phone", "yes")]
    audited = session.scalars(select(AuditRow).where(AuditRow.action == "show-number")).all()
    assert [(row.subject_id, row.account_id) for row in audited] == [
        (request.case_id, first.account_id)
    ]


def test_a_call_put_back_or_left_lying_can_be_taken_by_another(session: Session):
    request = a_call(session)
    first, second = taken(session, request), a_caller(session, request.service_id)
    put_back(session, request.id, second)
    assert take_call(session, request.id, second) is CallRefusal.TAKEN
    put_back(session, request.id, first)
    assert take_call(session, request.id, second) is None
    later = Caller(first.account_id, request.service_id, NOON + LEASE)
    assert take_call(session, request.id, later) is None
    assert record_call(session, request.id, Ended(CallOutcome.REFUSED), second) is CallRefusal.TAKEN


@pytest.mark.parametrize(
    ("person", "facts", "refusal"),
    [
        ({"safe_from": (NOON + timedelta(hours=1)).time()}, {}, CallRefusal.NOT_YET),
        ({"call_safe": "no"}, {}, CallRefusal.NOT_ALLOWED),
        ({}, {"state": RequestState.COMPLETED}, CallRefusal.ENDED),
        ({}, {"channel": "sms"}, CallRefusal.ENDED),
        ({}, {"expires_at": NOON}, CallRefusal.ENDED),
    ],
)
def test_the_rule_is_asked_again_before_the_number_is_shown(session, person, facts, refusal):
    request = a_call(session, person=person, **facts)
    caller = a_caller(session, request.service_id)
    assert take_call(session, request.id, caller) is refusal
    assert find_shown(session, request.id, caller) is None


def test_after_no_answer_the_number_is_kept_back_for_an_hour(session: Session):
    request = a_call(session)
    caller = taken(session, request)
    assert record_call(session, request.id, Ended(CallOutcome.NO_ANSWER), caller) is None
    assert take_call(session, request.id, caller) is CallRefusal.NOT_YET
    later = Caller(caller.account_id, caller.service_id, NOON + TRY_AGAIN_AFTER)
    assert take_call(session, request.id, later) is None
