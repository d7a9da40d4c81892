"""Which texts came to our senders? Each is kept once, whoever sent it, so that none vanishes."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base
from survey_app.store.sealed import SealedText


class ReceivedText(Base):
    """One text that came in. Of no service: it may come from a number that none knows."""

    __tablename__ = "received_texts"
    __table_args__ = (UniqueConstraint("provider", "provider_message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    provider_message_id: Mapped[str]
    number_hash: Mapped[str | None] = mapped_column(index=True)
    """None when the sender is no number at all."""
    number_key_id: Mapped[str | None]
    sender: Mapped[str | None] = mapped_column(SealedText)
    """As the provider wrote it; forgotten once handled, where a person here has this number."""
    body: Mapped[str] = mapped_column(SealedText)
    meaning: Mapped[str]
    received_at: Mapped[datetime]
    retry_token: Mapped[str | None]
    """What the provider repeats when it tries this callback again."""
    handled_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it was done as it asks, and staff were told; until then the worker tries again."""


def unhandled_ids(session: Session, limit: int) -> list[int]:
    """Texts that nothing was done about yet, oldest first."""
    waiting = select(ReceivedText.id).where(ReceivedText.handled_at.is_(None))
    return list(session.scalars(waiting.order_by(ReceivedText.id).limit(limit)))


def find_received(session: Session, provider: str, provider_message_id: str) -> ReceivedText | None:
    """This text, where it is known already."""
    return session.scalar(
        select(ReceivedText).where(
            ReceivedText.provider == provider,
            ReceivedText.provider_message_id == provider_message_id,
        )
    )
