"""A pause, a go-live and revoked links take hold, say why, and touch nothing else."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState, RequestState
from survey_app.messaging.tokens import find_by_token, new_token
from survey_app.store.audit import AuditRow
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import ServiceMode
from survey_app.usecases.change_sending import (
    LINKS_REVOKED,
    change_mode,
    pause_services,
    revoke_links,
)
from survey_app.usecases.decider import Decider
from survey_app.usecases.invite import invite_due
from tests.messaging.queued import SETTINGS
from tests.staff_texts import a_text
from tests.texting import a_texting_service
from tests.world import NOON

BY = Decider(None, None, NOON)


def details(session: Session) -> list[dict]:
    return [row.details for row in session.scalars(select(AuditRow).order_by(AuditRow.id))]


def test_the_reason_of_a_go_live_is_on_record(session: Session):
    service = a_texting_service(session, mode="shadow")
    assert change_mode(session, service, ServiceMode.LIVE, Decider(None, "Signed off.", NOON))
    assert not change_mode(session, service, ServiceMode.LIVE, Decider(None, "Again.", NOON))
    assert service.mode == "live"
    assert details(session) == [{"from": "shadow", "to": "live", "reason": "Signed off."}]


def test_pausing_everything_leaves_a_shadow_in_shadow(session: Session):
    live, shadow, other = (a_texting_service(session, mode=m) for m in ("live", "shadow", "live"))
    paused = pause_services(session, BY)
    assert paused == [live, other]
    assert (live.mode, shadow.mode, other.mode) == ("paused", "shadow", "paused")
    assert pause_services(session, BY) == []


def test_pausing_some_leaves_the_others(session: Session):
    one, other = a_texting_service(session), a_texting_service(session)
    assert pause_services(session, BY, service_ids=[one.id]) == [one]
    assert other.mode == "live"
    assert pause_services(session, BY, service_ids=[]) == []


def test_every_open_link_of_the_service_leads_nowhere_and_no_other(session: Session):
    service, elsewhere = a_texting_service(session), a_texting_service(session)
    text, foreign = a_text(session, service), a_text(session, elsewhere)
    _, second = new_token(session, text.request_id, NOON)
    _, kept = new_token(session, foreign.request_id, NOON)
    ended = a_text(session, service, MessageState.DELIVERED)
    session.get_one(SurveyRequest, ended.request_id).state = RequestState.COMPLETED
    _, of_ended = new_token(session, ended.request_id, NOON)
    session.flush()
    assert revoke_links(session, service, Decider(None, "A phone was stolen.", NOON)) == 2
    session.expire_all()
    assert find_by_token(session, second) is None
    assert find_by_token(session, kept) is not None
    assert find_by_token(session, of_ended) is not None
    assert (text.state, text.reason) == (MessageState.CANCELLED, LINKS_REVOKED)
    assert foreign.state == MessageState.PENDING
    assert details(session) == [{"links": 2, "reason": "A phone was stolen."}]


def test_a_text_taken_back_is_written_anew_with_a_link_that_works(session: Session):
    service = a_texting_service(session)
    text = a_text(session, service)
    revoke_links(session, service, BY)
    session.expire_all()
    assert invite_due(session, SETTINGS, NOON).queued == 1
    assert text.state == MessageState.PENDING
    token = text.body.split("/s/")[1].split()[0]
    assert find_by_token(session, token).id == text.token_id
