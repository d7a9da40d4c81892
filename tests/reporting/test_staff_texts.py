"""The lists of texts count what they show, and take a handful of queries however many there are."""

from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState
from survey_app.reporting.held_back import (
    count_held_back,
    languages_held_back,
    would_have_left,
    yes_decisions,
)
from survey_app.reporting.staff_texts import Shown, count_refused, count_texts, list_texts
from survey_app.store.scope import Scope, set_scope
from survey_app.usecases.decide_contact import decide_contact
from tests.staff_texts import a_text
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON


def test_every_count_is_the_length_of_its_list(session: Session):
    service, elsewhere = a_texting_service(session), a_texting_service(session)
    for owner in (service, elsewhere):
        for state in MessageState:
            a_text(session, owner, state)
        a_text(session, owner, reason="texted-lately")
        a_text(session, owner, reason="503")
        a_due_request(session, owner).refusal = "no-consent"
        ended = a_due_request(session, owner)
        ended.refusal, ended.state = "no-consent", "withdrawn"
    session.flush()
    counts = count_texts(session, service.id)
    assert counts == {shown: len(list_texts(session, service.id, shown)) for shown in Shown}
    assert counts[Shown.WAITING] == 3
    assert counts[Shown.DEFERRED] == 1
    assert count_refused(session, service.id) == {"no-consent": 1}
    assert len(list_texts(session, service.id)) == len(MessageState) + 2


def test_a_scope_without_the_service_sees_nothing(session: Session):
    service = a_texting_service(session)
    a_text(session, service)
    set_scope(session, Scope.staff([]))
    assert list_texts(session, service.id) == []
    assert not any(count_texts(session, service.id).values())


def test_held_back_is_what_was_due_and_never_handed_to_a_provider(session: Session):
    service = a_texting_service(session, mode="shadow")
    waits = a_text(session, service)
    back = a_text(session, service, MessageState.CANCELLED, attempts=0, language="cy")
    a_text(session, service, due_at=NOON.replace(hour=18))
    a_text(session, service, attempts=1)
    a_text(session, service, MessageState.DELIVERED)
    a_text(session, a_texting_service(session))
    assert [t.id for t in would_have_left(session, service.id, NOON)] == [back.id, waits.id]
    assert count_held_back(session, service.id, NOON) == (2, 1)
    assert languages_held_back(session, service.id, NOON) == {"cy": 1, "en": 1}
    page = would_have_left(session, service.id, NOON, before=back.id)
    assert [t.id for t in page] == [waits.id]


def test_beside_it_stands_the_decision_that_allowed_it(session: Session):
    service = a_texting_service(session)
    request = a_due_request(session, service)
    decide_contact(session, request, NOON.replace(hour=8))
    decide_contact(session, request, NOON)
    found = yes_decisions(session, [request.id])[request.id]
    assert (found.outcome, found.decided_at) == ("yes", NOON)
    assert yes_decisions(session, []) == {}
