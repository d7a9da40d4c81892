"""Which text of ours has which id at its provider? No two have one."""

from collections.abc import Collection
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.messages import OutboxMessage

KnownIds: TypeAlias = dict[tuple[str, str], int]
"""The id of the text that has it, by provider and the provider's id."""


def known_ids(session: Session, provider_message_ids: Collection[str]) -> KnownIds:
    """Which texts have these ids already."""
    if not provider_message_ids:
        return {}
    rows = session.execute(
        select(OutboxMessage.provider, OutboxMessage.provider_message_id, OutboxMessage.id).where(
            OutboxMessage.provider_message_id.in_(provider_message_ids)
        )
    )
    return {(provider, known): message_id for provider, known, message_id in rows if known}
