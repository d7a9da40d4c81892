"""A manager decides which languages people are offered though no speaker has reviewed them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.languages import LANGUAGES
from survey_app.domain.requests import MessageState
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.audit import audit_service
from survey_app.store.messages import OutboxMessage
from survey_app.store.services import Service

LANGUAGE_WITHDRAWN = "language-withdrawn"
"""Why queued texts were taken back; they are written anew in a language that is offered."""


def offer_drafts(
    session: Session, service: Service, tags: Collection[str], *, account_id: int, now: datetime
) -> bool:
    """Offer these drafts and no others; whether that changed anything. Unknown tags are left out.

    Texts that are queued in a language no longer offered are taken back in the same transaction.
    """
    session.refresh(service, with_for_update=True)
    wanted = [language.tag for language in LANGUAGES if language.tag in tags]
    before = list(service.draft_languages)
    if wanted == before:
        return False
    service.draft_languages = wanted
    details = {"from": before, "to": wanted}
    audit_service(session, service, "offer-languages", details, now, account_id)
    session.flush()
    _take_back(session, service, set(before) - set(wanted), now)
    return True


def _take_back(session: Session, service: Service, tags: Collection[str], now: datetime) -> None:
    queued = select(OutboxMessage.request_id).where(
        OutboxMessage.service_id == service.id,
        OutboxMessage.state == MessageState.PENDING,
        OutboxMessage.language.in_(tags),
    )
    ids = set(session.scalars(queued)) if tags else set()
    cancel_queued(session, request_ids=ids, reason=LANGUAGE_WITHDRAWN, now=now)
