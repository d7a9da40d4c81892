"""What a token leads to, and until when."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertHours
from survey_app.domain.requests import RequestState
from survey_app.messaging.tokens import new_token, revoke_tokens
from survey_app.store.scope import Scope, set_scope
from survey_app.usecases.respond.links import Link, find_link
from tests.links import a_link
from tests.world import NOON


def get_link(session: Session, token: str) -> Link:
    """The link, which must be there."""
    link = find_link(session, token, NOON)
    assert link is not None
    return link


def test_a_link_says_whose_request_it_is_and_what_it_asks(session: Session):
    a_link(session)
    request, token = a_link(
        session,
        "self-assessment",
        "sus-tier-1",
        service={"alert_due_hours": 6, "low_safety_due_hours": 3},
    )
    a_link(session)
    link = get_link(session, token)
    assert (link.request_id, link.case_id) == (request.id, request.case_id)
    assert link.instruments == (("self-assessment", "1"), ("sus-tier-1", "1"))
    assert link.alert_hours == AlertHours(6, 3)
    assert link.is_open
    assert not link.is_started


def test_every_link_of_a_request_leads_to_it(session: Session):
    request, first = a_link(session)
    _, reminder = new_token(session, request.id, NOON)
    assert get_link(session, first) == get_link(session, reminder)


def test_a_link_typed_in_capitals_works(session: Session):
    request, token = a_link(session)
    assert get_link(session, token.upper()).request_id == request.id


@pytest.mark.parametrize("token", ["", "short", "x" * 13, "abcdefgh0123", "'; drop --  ", "é" * 12])
def test_what_cannot_be_a_token_leads_nowhere(session: Session, token: str):
    assert find_link(session, token, NOON) is None


def test_an_invented_token_leads_nowhere(session: Session):
    _, token = a_link(session)
    invented = ("3" if token[0] == "2" else "2") + token[1:]
    assert find_link(session, invented, NOON) is None


@pytest.mark.parametrize("state", RequestState)
def test_only_an_open_request_can_be_answered(session: Session, state: RequestState):
    _, token = a_link(session, state=state)
    assert get_link(session, token).is_open is state.is_open


def test_a_link_closes_at_the_instant_it_expires_swept_or_not(session: Session):
    _, token = a_link(session, expires_at=NOON + timedelta(seconds=1))
    assert get_link(session, token).is_open
    _, late = a_link(session, expires_at=NOON)
    assert not get_link(session, late).is_open


def test_a_revoked_link_is_closed_and_the_others_of_its_request_with_it(session: Session):
    request, token = a_link(session)
    revoke_tokens(session, [request.id], NOON)
    assert not get_link(session, token).is_open


def test_a_link_of_another_service_is_not_there_for_whoever_may_not_see_that_service(
    session: Session,
):
    request, token = a_link(session)
    for scope, sees in ((Scope.staff([request.service_id]), True), (Scope.staff([0]), False)):
        set_scope(session, scope)
        assert (find_link(session, token, NOON) is not None) is sees
    set_scope(session, Scope.worker())
