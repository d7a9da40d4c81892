"""Somebody stops a service, lets it send again, or makes every open link lead nowhere.

A pause holds from the next text on: the mode is asked again for each text that is claimed.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import OPEN_STATES
from survey_app.messaging.outbox import cancel_queued
from survey_app.messaging.tokens import revoke_tokens
from survey_app.store.audit import CHANGE_MODE, REVOKE_LINKS, audit_service
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.decider import Decider

LINKS_REVOKED = "links-revoked"
"""Why queued texts were taken back: each carries a link. They are written anew with a fresh one."""
BATCH = 500


def change_mode(
    session: Session,
    service: Service,
    mode: ServiceMode,
    by: Decider,
    *,
    also: Mapping[str, object] | None = None,
) -> bool:
    """Change whether a service sends; whether that changed anything.

    Why, and what was `also` done, is audited. What waited is `usecases.go_live`'s business.
    """
    session.refresh(service, with_for_update=True)
    if service.mode == mode:
        return False
    details = {"from": service.mode, "to": mode, **by.reason, **(also or {})}
    service.mode = mode
    audit_service(session, service, CHANGE_MODE, details, by.now, by.account_id)
    session.flush()
    return True


def pause_services(
    session: Session, by: Decider, *, service_ids: Collection[int] | None = None
) -> list[Service]:
    """Pause these services, or (None) every one; those that were not paused already.

    A service in shadow sends nothing, and stays as it is: pausing it would let `services live` look
    like the end of a pause when it is the beginning of sending.
    """
    query = select(Service).where(Service.mode == ServiceMode.LIVE).order_by(Service.id)
    if service_ids is not None:
        query = query.where(Service.id.in_(service_ids))
    return [
        service
        for service in session.scalars(query).all()
        if change_mode(session, service, ServiceMode.PAUSED, by)
    ]


def revoke_links(session: Session, service: Service, by: Decider) -> int:
    """Make every open link of a service lead nowhere; how many there were.

    Queued texts carry such a link, so they are taken back, and written anew with a fresh one when
    the next pass finds them due.
    """
    revoked = last_id = 0
    while ids := _open_requests(session, service.id, last_id):
        revoked += revoke_tokens(session, ids, by.now)
        cancel_queued(session, request_ids=ids, reason=LINKS_REVOKED, now=by.now)
        last_id = ids[-1]
    details = {"links": revoked} | by.reason
    audit_service(session, service, REVOKE_LINKS, details, by.now, by.account_id)
    return revoked


def _open_requests(session: Session, service_id: int, after_id: int) -> list[int]:
    """A page of requests whose link may still be answered, locked as a text's claim locks them."""
    return list(
        session.scalars(
            select(SurveyRequest.id)
            .where(
                SurveyRequest.service_id == service_id,
                SurveyRequest.id > after_id,
                SurveyRequest.state.in_(OPEN_STATES),
            )
            .order_by(SurveyRequest.id)
            .limit(BATCH)
            .with_for_update(key_share=True)
        )
    )
